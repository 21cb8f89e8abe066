package dev.holdfast.engine.query;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.crypto.Sealer;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.index.BlobLocation;

/// The lengths of blobs before compression and encryption, from the index.
public final class PlainLengths {
  private final Repository repository;

  public PlainLengths(Repository repository) {
    this.repository = repository;
  }

  /// The length in bytes, or -1 if the index does not have the blob.
  public long of(BlobHandle handle) {
    BlobLocation location = repository.index().find(handle);
    return location == null ? -1 : of(location);
  }

  static long of(BlobLocation location) {
    return location.blob().isCompressed()
        ? location.blob().uncompressedLengthBytes()
        : (long) location.blob().lengthBytes() - Sealer.OVERHEAD_BYTES;
  }
}
