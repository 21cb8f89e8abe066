package dev.holdfast.repository.write;

import dev.holdfast.repository.format.BlobType;

/// Stores blobs. Thread-safe: the work is done in the calling threads, only full packs are
/// published in the background.
@SuppressWarnings("DoNotCallSuggester")
public final class RepositoryWriter implements AutoCloseable {
  /// Stores a blob unless the repository has it. The bytes are not used after the return.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException if this or an earlier background write
  ///   failed; the writer is of no use then and is to be closed
  /// @throws IllegalArgumentException if the blob is empty
  public SavedBlob save(BlobType type, byte[] data, int offset, int lengthBytes) {
    throw new UnsupportedOperationException("not written yet: " + type + offset + lengthBytes);
  }

  /// Makes everything that was saved durable and findable: packs first, then the index. Not to be
  /// called while other threads save.
  public void flush() {
    throw new UnsupportedOperationException("not written yet");
  }

  /// What was done so far, for progress and the snapshot's summary.
  public WriterStatistics statistics() {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Ends the writer. What was not flushed is given up: the repository keeps at most packs that
  /// nothing refers to.
  @Override
  public void close() {
    throw new UnsupportedOperationException("not written yet");
  }
}
