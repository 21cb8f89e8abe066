package dev.holdfast.repository.prune;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.format.PackedBlob;
import dev.holdfast.repository.index.BlobIndex;
import dev.holdfast.repository.index.BlobLocation;
import dev.holdfast.repository.pack.PackReader;
import dev.holdfast.repository.parallel.Workers;
import dev.holdfast.repository.write.RepositoryWriter;
import dev.holdfast.repository.write.WriterOptions;
import java.util.BitSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Copies needed blobs into new packs and enters these in the index; removes nothing. Every blob is
/// opened and compared with its id on the way. What is compressed already is copied as it is
/// sealed, since both packs have one key.
final class Repacking {
  private final Repository repository;
  private final BlobIndex index;
  private final BitSet entries;
  private final PruneOptions options;
  private final RepositoryWriter writer;
  private final Consumer<PruneEvent> observer;
  private final AtomicLong copiedBytes = new AtomicLong();

  private Repacking(
      Repository repository,
      BitSet entries,
      PruneOptions options,
      RepositoryWriter writer,
      Consumer<PruneEvent> observer) {
    this.repository = repository;
    this.index = repository.index();
    this.entries = entries;
    this.options = options;
    this.writer = writer;
    this.observer = observer;
  }

  /// Copies the entries among `entries` of each of the packs; returns how many bytes these are. All
  /// is durable on return.
  ///
  /// @throws Corrupt if a blob cannot be read anywhere; nothing may be removed then
  static long run(
      Repository repository,
      List<PlannedPack> packs,
      BitSet entries,
      PruneOptions options,
      WriterOptions writing,
      Consumer<PruneEvent> observer) {
    try (RepositoryWriter writer = repository.writer(writing)) {
      Repacking repacking = new Repacking(repository, entries, options, writer, observer);
      Queue<PlannedPack> queue = new ConcurrentLinkedQueue<>(packs);
      Workers.run(options.workers(), () -> repacking.work(queue));
      writer.flush();
      return repacking.copiedBytes.get();
    }
  }

  private void work(Queue<PlannedPack> queue) {
    for (PlannedPack pack = queue.poll(); pack != null; pack = queue.poll()) {
      if (Thread.interrupted()) {
        throw new Cancelled("the prune was interrupted");
      }
      repository.packs().readBlobs(pack.id(), index.blobsOf(pack.id(), entries), copier(pack.id()));
      observer.accept(new PruneEvent.Advanced());
    }
  }

  private PackReader.BlobVisitor copier(PackId pack) {
    return new PackReader.BlobVisitor() {
      @Override
      public void blob(
          PackedBlob blob, byte[] sealed, int offset, byte[] plain, int plainLengthBytes) {
        if (isCompressedNow(blob)) {
          writer.saveAgain(blob.handle(), plain, 0, plainLengthBytes);
        } else {
          writer.copySealed(blob, sealed, offset);
        }
        copiedBytes.addAndGet(blob.lengthBytes());
      }

      @Override
      public void blob(PackedBlob blob, byte[] plain, int lengthBytes) {
        writer.saveAgain(blob.handle(), plain, 0, lengthBytes);
        copiedBytes.addAndGet(blob.lengthBytes());
      }

      @Override
      public void damaged(PackedBlob blob, HoldfastException cause) {
        readElsewhere(pack, blob, cause);
      }
    };
  }

  private boolean isCompressedNow(PackedBlob blob) {
    return repository.config().compresses()
        && !blob.isCompressed()
        && (options.repackUncompressed() || blob.handle().type() == BlobType.TREE);
  }

  private void readElsewhere(PackId pack, PackedBlob blob, HoldfastException cause) {
    if (cause instanceof Cancelled) {
      throw cause;
    }
    for (BlobLocation location : index.findAll(blob.handle())) {
      if (location.pack().equals(pack)) {
        continue;
      }
      try {
        byte[] plain = repository.packs().readBlob(location.pack(), location.blob());
        writer.saveAgain(blob.handle(), plain, 0, plain.length);
        copiedBytes.addAndGet(blob.lengthBytes());
        return;
      } catch (Cancelled e) {
        throw e;
      } catch (HoldfastException alsoDamaged) {
        cause.addSuppressed(alsoDamaged);
      }
    }
    throw new Corrupt(
        "a blob that snapshots need cannot be read: " + cause.getMessage(),
        "nothing was removed; run 'holdfast repair packs " + pack + "'",
        cause);
  }
}
