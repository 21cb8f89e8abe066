package dev.holdfast.engine.backup;

import dev.holdfast.engine.filter.UnixPath;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.repository.StoredSnapshot;
import dev.holdfast.repository.format.Snapshot;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

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
    return newest(snapshots, hostname, time, snapshot -> snapshot.paths().containsAll(absolute));
  }

  /// The newest snapshot of the app on the host that is whole and not newer than `time`. With a
  /// restore point of one tenant, all others would be read as if they were new.
  static Optional<StoredSnapshot> ofApp(
      List<StoredSnapshot> snapshots, String hostname, String app, OffsetDateTime time) {
    return newest(
        snapshots,
        hostname,
        time,
        snapshot ->
            snapshot.tags().contains(Manifest.APP_TAG + app) && Manifest.isWhole(snapshot.tags()));
  }

  private static Optional<StoredSnapshot> newest(
      List<StoredSnapshot> snapshots,
      String hostname,
      OffsetDateTime time,
      Predicate<Snapshot> condition) {
    StoredSnapshot newest = null;
    for (StoredSnapshot candidate : snapshots) {
      Snapshot snapshot = candidate.snapshot();
      if (snapshot.hostname().equals(hostname)
          && condition.test(snapshot)
          && !snapshot.time().isAfter(time)
          && (newest == null || !snapshot.time().isBefore(newest.snapshot().time()))) {
        newest = candidate;
      }
    }
    return Optional.ofNullable(newest);
  }
}
