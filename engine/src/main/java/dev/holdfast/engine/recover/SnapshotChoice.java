package dev.holdfast.engine.recover;

import dev.holdfast.engine.query.Paths;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.query.Snapshots;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.SnapshotFilter;
import dev.holdfast.repository.SnapshotList;
import dev.holdfast.repository.error.HoldfastException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Which snapshot a recovery goes back to. Chosen once, before anything else happens: the restore
/// point that is made later can never be it.
///
/// @param name the start of an id, or `latest`
/// @param before the newest at or before this time is taken
/// @param hostname snapshots of other machines are no candidates for `latest`; empty for any
/// @param tags all of which a candidate must have
public record SnapshotChoice(
    String name, Optional<Instant> before, Optional<String> hostname, List<String> tags) {
  public SnapshotChoice {
    tags = List.copyOf(tags);
    if (before.isPresent() && !name.equals(SnapshotList.LATEST)) {
      throw new HoldfastException.Rejected(
          "a snapshot and a time were both given", "give one of them");
    }
  }

  /// The snapshot.
  ///
  /// @param paths that it must have been told to back up, themselves or a folder around them;
  ///   whether they are in it shows when it is read
  /// @throws HoldfastException.NotFound if there is none
  /// @throws HoldfastException.Corrupt if it is damaged, or if the newest is wanted and any is
  public SnapshotView find(Repository repository, List<String> paths) {
    Snapshots snapshots = new Snapshots(repository);
    if (!name.equals(SnapshotList.LATEST)) {
      if (name.indexOf(':') >= 0) {
        throw new HoldfastException.Rejected(
            "'" + name + "' names a folder in a snapshot",
            "name the snapshot alone, and the path in it with --from");
      }
      return snapshots.find(name, SnapshotFilter.ALL).snapshot();
    }
    List<SnapshotView> all =
        snapshots.newestFirst().stream()
            .filter(
                snapshot -> snapshot.tags().stream().noneMatch(SnapshotList.NEVER_LATEST::contains))
            .filter(snapshot -> snapshot.tags().containsAll(tags))
            .filter(snapshot -> paths.stream().allMatch(path -> covers(snapshot, path)))
            .filter(snapshot ->
                before.map(time -> !snapshot.time().toInstant().isAfter(time)).orElse(true))
            .toList();
    return all.stream()
        .filter(snapshot -> hostname.map(snapshot.hostname()::equals).orElse(true))
        .findFirst()
        .orElseThrow(() -> none(all, paths));
  }

  /// All that a person may choose from, newest first: restore points and partial ones, too, which
  /// are marked by their tags.
  ///
  /// @param paths as for [#find]
  public List<SnapshotView> candidates(Repository repository, List<String> paths) {
    return new Snapshots(repository)
        .matching(SnapshotFilter.ALL, _ -> {}).reversed().stream()
            .filter(snapshot -> snapshot.tags().containsAll(tags))
            .filter(snapshot -> hostname.map(snapshot.hostname()::equals).orElse(true))
            .filter(snapshot -> paths.stream().allMatch(path -> covers(snapshot, path)))
            .toList();
  }

  private static boolean covers(SnapshotView snapshot, String path) {
    return snapshot.paths().stream().anyMatch(root -> Paths.isWithin(root, path));
  }

  private HoldfastException none(List<SnapshotView> ofOthers, List<String> paths) {
    String what =
        "there is no complete snapshot%s%s%s%s"
            .formatted(
                paths.isEmpty() ? "" : " of " + OsString.display(String.join(" and ", paths)),
                tags.isEmpty() ? "" : " tagged " + String.join(", ", tags),
                hostname.map(host -> " of host " + host).orElse(""),
                before.map(time -> " from before " + time).orElse(""));
    return new HoldfastException.NotFound(
        what,
        ofOthers.isEmpty()
            ? "'holdfast snapshots' shows what there is"
            : "host " + ofOthers.getFirst().hostname() + " has one: name it with --host");
  }
}
