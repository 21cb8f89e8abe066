package dev.holdfast.engine.backup;

import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.write.SavedBlob;

/// Where blobs go: into the repository, or nowhere in a dry run. Thread-safe.
@FunctionalInterface
interface BlobSink {
  /// Stores a blob that is not empty; see [dev.holdfast.repository.write.RepositoryWriter#save].
  SavedBlob save(BlobType type, byte[] data, int offset, int lengthBytes);
}
