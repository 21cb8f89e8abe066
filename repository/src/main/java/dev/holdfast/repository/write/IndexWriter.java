package dev.holdfast.repository.write;

import dev.holdfast.repository.format.IndexCodec;
import dev.holdfast.repository.format.IndexFile;
import dev.holdfast.repository.index.BlobIndex;
import dev.holdfast.repository.pack.FinishedPack;
import dev.holdfast.repository.pack.UnpackedFiles;
import dev.holdfast.repository.store.ObjectType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Enters published packs in the index: in memory at once, in the store when there are enough of
/// them (format sheet, section 6). A pack gets here only after it is durable, and all its blobs go
/// into one file. Thread-safe.
final class IndexWriter {
  /// Blobs after which an index file is written, as restic does: about 8 MiB of JSON.
  static final int MAX_BLOBS = 50_000;

  /// Time after which an index file is written, so that what was stored until an interruption need
  /// not be stored again.
  static final Duration MAX_AGE = Duration.ofMinutes(10);

  private final BlobIndex index;
  private final UnpackedFiles files;
  private final WriteGate gate;
  private final InstantSource clock;

  private List<IndexFile.Entry> pending = new ArrayList<>();
  private int pendingBlobs;
  private @Nullable Instant oldest;

  IndexWriter(BlobIndex index, UnpackedFiles files, WriteGate gate, InstantSource clock) {
    this.index = index;
    this.files = files;
    this.gate = gate;
    this.clock = clock;
  }

  /// Enters a pack that is in the store.
  void published(FinishedPack pack) {
    index.addPack(pack.id(), pack.blobs());
    write(addAndTakeIfDue(pack));
  }

  /// Writes what is not in an index file yet.
  void flush() {
    write(take());
  }

  private synchronized List<IndexFile.Entry> addAndTakeIfDue(FinishedPack pack) {
    Instant now = clock.instant();
    if (oldest == null) {
      oldest = now;
    }
    pending.add(new IndexFile.Entry(pack.id(), pack.blobs()));
    pendingBlobs += pack.blobs().size();
    boolean due = pendingBlobs >= MAX_BLOBS || !now.isBefore(oldest.plus(MAX_AGE));
    return due ? take() : List.of();
  }

  private synchronized List<IndexFile.Entry> take() {
    List<IndexFile.Entry> taken = pending;
    pending = new ArrayList<>();
    pendingBlobs = 0;
    oldest = null;
    return taken;
  }

  private void write(List<IndexFile.Entry> packs) {
    if (!packs.isEmpty()) {
      gate.check();
      files.save(ObjectType.INDEX, IndexCodec.encode(new IndexFile(packs)));
    }
  }
}
