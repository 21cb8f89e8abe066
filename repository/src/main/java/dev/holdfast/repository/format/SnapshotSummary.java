package dev.holdfast.repository.format;

import java.time.OffsetDateTime;

/// What a backup did, as recorded in its snapshot (format sheet, section 7).
///
/// @param dataAddedBytes uncompressed bytes of new blobs
/// @param dataAddedPackedBytes bytes those blobs take in the repository
public record SnapshotSummary(
    OffsetDateTime backupStart,
    OffsetDateTime backupEnd,
    long filesNew,
    long filesChanged,
    long filesUnmodified,
    long dirsNew,
    long dirsChanged,
    long dirsUnmodified,
    long dataBlobs,
    long treeBlobs,
    long dataAddedBytes,
    long dataAddedPackedBytes,
    long totalFilesProcessed,
    long totalBytesProcessed) {
  /// The same with other totals.
  public SnapshotSummary withTotals(long files, long bytes) {
    return new SnapshotSummary(
        backupStart,
        backupEnd,
        filesNew,
        filesChanged,
        filesUnmodified,
        dirsNew,
        dirsChanged,
        dirsUnmodified,
        dataBlobs,
        treeBlobs,
        dataAddedBytes,
        dataAddedPackedBytes,
        files,
        bytes);
  }
}
