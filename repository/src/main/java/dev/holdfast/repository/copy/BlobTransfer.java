package dev.holdfast.repository.copy;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.crypto.Sealer;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.error.HoldfastException.NotFound;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.format.PackedBlob;
import dev.holdfast.repository.index.BlobLocation;
import dev.holdfast.repository.pack.Lending;
import dev.holdfast.repository.pack.PackReader;
import dev.holdfast.repository.parallel.Workers;
import dev.holdfast.repository.write.RepositoryWriter;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Carries blobs over that the other repository lacks, a number of them at a time, ordered by the
/// packs that they lie in. One thread at a time; it uses others.
///
/// Each blob is opened, decompressed and compared with its id; what it was compressed to goes over
/// as it is, if the other repository's version has compression.
final class BlobTransfer implements AutoCloseable {
  /// Blobs that wait for others of the same packs: some 10 MiB, and more packs of short blobs than
  /// are read at once.
  static final int MAX_WAITING = 65_536;

  /// One for each of two cores.
  private static final int THREADS = 2;

  /// The longest frame for which a buffer is kept.
  private static final int MAX_KEPT_BYTES = 9 << 20;

  private final Repository source;
  private final RepositoryWriter writer;
  private final boolean movesFrames;
  private final Lending<FrameOpener> openers;
  private final Map<PackId, List<PackedBlob>> waiting = new HashMap<>();
  private int waitingBlobs;

  /// @param movesFrames whether the repository that is written to has compression
  BlobTransfer(
      Repository source, RepositoryWriter writer, boolean movesFrames, SecureRandom random) {
    this.source = source;
    this.writer = writer;
    this.movesFrames = movesFrames;
    openers = new Lending<>(() -> new FrameOpener(new Sealer(source.key().masterKey(), random)));
  }

  /// Adds the blobs of a file.
  ///
  /// @throws NotFound if one is in no index
  void add(BlobIds content) {
    for (int i = 0; i < content.size(); i++) {
      BlobId id = content.get(i);
      BlobHandle handle = new BlobHandle(BlobType.DATA, id);
      if (writer.claim(handle)) {
        add(handle);
      }
    }
    if (waitingBlobs >= MAX_WAITING) {
      run();
    }
  }

  private void add(BlobHandle handle) {
    BlobLocation location = source.index().find(handle);
    if (location == null) {
      throw new NotFound(
          "blob " + handle + " is missing in " + source.store().location(),
          "run 'holdfast check' on that repository to learn what is affected");
    }
    waiting.computeIfAbsent(location.pack(), _ -> new ArrayList<>()).add(location.blob());
    waitingBlobs++;
  }

  /// Carries over what waits.
  void run() {
    Queue<Map.Entry<PackId, List<PackedBlob>>> queue =
        new ConcurrentLinkedQueue<>(waiting.entrySet());
    Workers.run(queue.size() < THREADS ? 1 : THREADS, () -> work(queue));
    waiting.clear();
    waitingBlobs = 0;
  }

  private void work(Queue<Map.Entry<PackId, List<PackedBlob>>> queue) {
    FrameOpener opener = openers.borrow();
    try {
      for (Map.Entry<PackId, List<PackedBlob>> next = queue.poll();
          next != null;
          next = queue.poll()) {
        if (Thread.interrupted()) {
          throw new Cancelled("copying was interrupted");
        }
        List<PackedBlob> blobs = new ArrayList<>(next.getValue());
        blobs.sort(Comparator.comparingLong(PackedBlob::offset));
        source.packs().readBlobs(next.getKey(), blobs, new Carrier(next.getKey(), opener));
      }
    } finally {
      openers.giveBack(opener);
    }
  }

  @Override
  public void close() {
    openers.close();
  }

  /// Stores what is read of one pack.
  private final class Carrier implements PackReader.BlobVisitor {
    private final PackId pack;
    private final FrameOpener opener;

    Carrier(PackId pack, FrameOpener opener) {
      this.pack = pack;
      this.opener = opener;
    }

    @Override
    public void blob(PackedBlob blob, byte[] sealed, int offset, byte[] plain, int plainBytes) {
      if (!movesFrames || !blob.isCompressed()) {
        blob(blob, plain, plainBytes);
        return;
      }
      byte[] frame = opener.open(sealed, offset, blob.lengthBytes());
      int frameBytes = blob.lengthBytes() - Sealer.OVERHEAD_BYTES;
      writer.saveClaimedFrame(blob.handle(), frame, 0, frameBytes, plainBytes);
    }

    @Override
    public void blob(PackedBlob blob, byte[] plain, int lengthBytes) {
      writer.saveClaimed(blob.handle(), plain, 0, lengthBytes);
    }

    @Override
    public void damaged(PackedBlob blob, HoldfastException cause) {
      if (cause instanceof Cancelled) {
        throw cause;
      }
      byte[] plain;
      try {
        plain = elsewhere(blob);
      } catch (HoldfastException e) {
        cause.addSuppressed(e);
        throw cause;
      }
      writer.saveClaimed(blob.handle(), plain, 0, plain.length);
    }

    private byte[] elsewhere(PackedBlob blob) {
      for (BlobLocation location : source.index().findAll(blob.handle())) {
        if (!location.pack().equals(pack)) {
          return source.packs().readBlob(location.pack(), location.blob());
        }
      }
      throw new NotFound("there is no other copy of " + blob.handle(), "");
    }
  }

  /// Opens seals of the source once more, for the frame that is inside. One thread at a time.
  private static final class FrameOpener implements AutoCloseable {
    private final Sealer sealer;
    private byte[] frame = new byte[0];

    FrameOpener(Sealer sealer) {
      this.sealer = sealer;
    }

    byte[] open(byte[] sealed, int offset, int sealedBytes) {
      int frameBytes = sealedBytes - Sealer.OVERHEAD_BYTES;
      byte[] out = frame;
      if (frameBytes > frame.length) {
        out = new byte[frameBytes];
        frame = frameBytes <= MAX_KEPT_BYTES ? out : frame;
      }
      sealer.open(sealed, offset, sealedBytes, out, 0);
      return out;
    }

    @Override
    public void close() {
      sealer.close();
    }
  }
}
