package dev.holdfast.repository.write;

import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.PackedBlob;
import dev.holdfast.repository.pack.PackBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The packs of one blob type that are being filled. Blobs are spread over two at random, as restic
/// does, so that the sizes of packs tell less of the sizes of blobs (format sheet, section 4).
/// Thread-safe.
final class OpenPacks {
  /// Packs that are open at once.
  static final int OPEN = 2;

  private final PackPublisher publisher;
  private final RandomGenerator random;
  private final List<Slot> slots = new ArrayList<>(OPEN);

  OpenPacks(PackPublisher publisher, RandomGenerator random) {
    this.publisher = publisher;
    this.random = random;
    for (int i = 0; i < OPEN; i++) {
      slots.add(new Slot());
    }
  }

  /// Appends what the encoder made last. Waits while too many full packs are on their way.
  void append(BlobHandle handle, BlobEncoder encoded) {
    append(
        new PackedBlob(handle, 0, encoded.sealedBytes(), encoded.uncompressedBytes()),
        encoded.sealed(),
        0);
  }

  /// Appends a sealed blob. Waits while too many full packs are on their way.
  ///
  /// @param blob its lengths
  void append(PackedBlob blob, byte[] sealed, int offset) {
    Slot slot = slots.get(random.nextInt(OPEN));
    lock(slot);
    try {
      if (slot.pack != null && !slot.pack.fits(blob.lengthBytes())) {
        publisher.publish(slot.pack);
        slot.pack = null;
      }
      if (slot.pack == null) {
        slot.pack = publisher.newPack();
      }
      slot.pack.append(
          blob.handle(), sealed, offset, blob.lengthBytes(), blob.uncompressedLengthBytes());
    } finally {
      slot.lock.unlock();
    }
  }

  /// Publishes what is open, as one pack if it fits. Not while others append.
  void flush() {
    PackBuilder merged = null;
    for (Slot slot : slots) {
      lock(slot);
      try {
        PackBuilder pack = slot.pack;
        slot.pack = null;
        if (merged == null || pack == null) {
          merged = merged == null ? pack : merged;
        } else if (merged.fits(pack)) {
          merged.appendAll(pack);
        } else {
          publisher.publish(pack);
        }
      } finally {
        slot.lock.unlock();
      }
    }
    if (merged != null) {
      publisher.publish(merged);
    }
  }

  private static void lock(Slot slot) {
    try {
      slot.lock.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancelled("writing to the repository was interrupted");
    }
  }

  private static final class Slot {
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable PackBuilder pack;
  }
}
