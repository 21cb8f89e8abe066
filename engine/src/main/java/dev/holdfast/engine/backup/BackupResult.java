package dev.holdfast.engine.backup;

import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.repository.format.Snapshot;
import dev.holdfast.repository.format.SnapshotId;
import dev.holdfast.repository.format.SnapshotSummary;
import java.util.Optional;

/// What a backup came to.
///
/// @param id the snapshot's id; empty if none was made, because it was a dry run or nothing had
///   changed
/// @param snapshot the snapshot as it is, or would have been, stored
/// @param summary the numbers that are in the snapshot too
/// @param problems how many things could not be stored as they are; each was reported as a
///   [BackupEvent.Problem]
/// @param manifest the snapshot's manifest, if it has one
/// @param manifestBefore the manifest of the snapshot that this one was compared with
public record BackupResult(
    Optional<SnapshotId> id,
    Snapshot snapshot,
    SnapshotSummary summary,
    long problems,
    Optional<Manifest> manifest,
    Optional<Manifest> manifestBefore) {
  /// Whether something is missing or doubtful in the snapshot: exit code 3.
  public boolean isIncomplete() {
    return problems > 0;
  }
}
