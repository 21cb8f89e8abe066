package dev.holdfast.engine.backup;

import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.manifest.ManifestDifference;
import dev.holdfast.repository.format.SnapshotSummary;
import java.time.OffsetDateTime;
import java.util.Optional;

/// What a backup came to, in numbers and words.
///
/// @param snapshotId 64 hexadecimal digits; empty if no snapshot was made
/// @param addedBytes plain bytes that are new in the repository
/// @param storedBytes what those take there
/// @param problems how many things could not be stored as they are
/// @param manifest what is inside, if the snapshot has a manifest
/// @param difference what changed since the snapshot before, if both have one
public record BackupReport(
    Optional<String> snapshotId,
    long filesNew,
    long filesChanged,
    long filesUnmodified,
    long dirsNew,
    long dirsChanged,
    long dirsUnmodified,
    long dataBlobs,
    long treeBlobs,
    long addedBytes,
    long storedBytes,
    long totalFiles,
    long totalBytes,
    OffsetDateTime start,
    OffsetDateTime end,
    long problems,
    Optional<Manifest> manifest,
    Optional<ManifestDifference> difference) {
  static BackupReport of(BackupResult result) {
    SnapshotSummary summary = result.summary();
    return new BackupReport(
        result.id().map(Object::toString),
        summary.filesNew(),
        summary.filesChanged(),
        summary.filesUnmodified(),
        summary.dirsNew(),
        summary.dirsChanged(),
        summary.dirsUnmodified(),
        summary.dataBlobs(),
        summary.treeBlobs(),
        summary.dataAddedBytes(),
        summary.dataAddedPackedBytes(),
        summary.totalFilesProcessed(),
        summary.totalBytesProcessed(),
        summary.backupStart(),
        summary.backupEnd(),
        result.problems(),
        result.manifest(),
        result
            .manifest()
            .flatMap(
                now -> result.manifestBefore().map(then -> ManifestDifference.between(then, now))));
  }
}
