package dev.holdfast.repository.write;

import dev.holdfast.repository.format.BlobType;
import java.util.concurrent.atomic.LongAdder;

/// What a [RepositoryWriter] has done so far. Thread-safe; each number is exact once the writer is
/// flushed and near the truth before.
public final class WriterStatistics {
  private final LongAdder newDataBlobs = new LongAdder();
  private final LongAdder newTreeBlobs = new LongAdder();
  private final LongAdder knownBlobs = new LongAdder();
  private final LongAdder knownPlainBytes = new LongAdder();
  private final LongAdder addedPlainBytes = new LongAdder();
  private final LongAdder addedStoredBytes = new LongAdder();

  void addNew(BlobType type, int plainBytes, int storedBytes) {
    switch (type) {
      case DATA -> newDataBlobs.increment();
      case TREE -> newTreeBlobs.increment();
    }
    addedPlainBytes.add(plainBytes);
    addedStoredBytes.add(storedBytes);
  }

  void addKnown(int plainBytes) {
    knownBlobs.increment();
    knownPlainBytes.add(plainBytes);
  }

  /// Data blobs that were not in the repository before.
  public long newDataBlobs() {
    return newDataBlobs.sum();
  }

  /// Tree blobs that were not in the repository before.
  public long newTreeBlobs() {
    return newTreeBlobs.sum();
  }

  /// Blobs that the repository had already.
  public long knownBlobs() {
    return knownBlobs.sum();
  }

  /// Plain bytes of the blobs that the repository had already.
  public long knownPlainBytes() {
    return knownPlainBytes.sum();
  }

  /// Plain bytes of the new blobs.
  public long addedPlainBytes() {
    return addedPlainBytes.sum();
  }

  /// Bytes that the new blobs take in packs.
  public long addedStoredBytes() {
    return addedStoredBytes.sum();
  }
}
