package dev.holdfast.engine.backup;

import dev.holdfast.engine.filter.UnixPath;
import dev.holdfast.repository.StoredSnapshot;
import dev.holdfast.repository.format.Snapshot;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/// Finds the snapshot that a backup is compared with when none is named, as restic does (format
/// sheet, section 12).
public final class ParentSnapshot {
  private ParentSnapshot() {}

  /// The newest snapshot of the host that has all of the paths and is not newer than `time`.
  ///
  /// @param paths as they were given as targets
  /// @param workingDirectory what relative paths start at
  public static Optional<StoredSnapshot> find(
      List<StoredSnapshot> snapshots,
      String hostname,
      List<String> paths,
      String workingDirectory,
      OffsetDateTime time) {
    List<String> absolute =
        paths.stream().map(path -> UnixPath.absolute(workingDirectory, path)).toList();
    StoredSnapshot newest = null;
    for (StoredSnapshot candidate : snapshots) {
      Snapshot snapshot = candidate.snapshot();
      if (snapshot.hostname().equals(hostname)
          && snapshot.paths().containsAll(absolute)
          && !snapshot.time().isAfter(time)
          && (newest == null || !snapshot.time().isBefore(newest.snapshot().time()))) {
        newest = candidate;
      }
    }
    return Optional.ofNullable(newest);
  }
}
