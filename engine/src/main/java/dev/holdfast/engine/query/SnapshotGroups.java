package dev.holdfast.engine.query;

import dev.holdfast.repository.error.HoldfastException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Puts snapshots into groups by host, paths and tags (format sheet, section 12).
public final class SnapshotGroups {
  private SnapshotGroups() {}

  /// What snapshots are grouped by.
  public record GroupBy(boolean host, boolean paths, boolean tags) {
    /// How snapshots of one app are grouped. Paths are no part of what an app is: they change when
    /// a tenant comes.
    public static final GroupBy OF_AN_APP = new GroupBy(true, false, false);

    /// Reads restic's words, separated by commas.
    public static GroupBy parse(String text) {
      boolean host = false;
      boolean paths = false;
      boolean tags = false;
      for (String word : text.split(",", -1)) {
        switch (word) {
          case "host", "hosts" -> host = true;
          case "path", "paths" -> paths = true;
          case "tag", "tags" -> tags = true;
          case "" -> {}
          default ->
              throw new HoldfastException.Rejected(
                  "snapshots cannot be grouped by '" + word + "'",
                  "the words are host, paths and tags");
        }
      }
      return new GroupBy(host, paths, tags);
    }

    /// Whether there is more than the one group of everything.
    public boolean isGrouped() {
      return host || paths || tags;
    }
  }

  /// A group.
  ///
  /// @param hostname empty if hosts do not matter
  /// @param paths empty if paths do not matter
  /// @param tags empty if tags do not matter, or the group's snapshots have none
  /// @param snapshots oldest first
  public record Group(
      String hostname,
      Optional<List<String>> paths,
      Optional<List<String>> tags,
      List<SnapshotView> snapshots) {
    public Group {
      snapshots = List.copyOf(snapshots);
    }
  }

  private record Key(String hostname, Optional<List<String>> paths, Optional<List<String>> tags) {}

  /// The groups, in the order of their first snapshot.
  ///
  /// @param latest how many of the newest of each group are kept; without groups, of each host and
  ///   set of paths; 0 for all
  public static List<Group> of(List<SnapshotView> snapshots, GroupBy by, int latest) {
    Map<Key, List<SnapshotView>> groups = new LinkedHashMap<>();
    if (!by.isGrouped()) {
      groups.put(new Key("", Optional.empty(), Optional.empty()), new ArrayList<>());
    }
    List<SnapshotView> newestFirst = new ArrayList<>(snapshots);
    newestFirst.sort(Comparator.comparing((SnapshotView s) -> s.time().toInstant()).reversed());
    GroupBy limits = by.isGrouped() ? by : new GroupBy(true, true, false);
    Map<Key, Integer> kept = new LinkedHashMap<>();
    for (SnapshotView snapshot : newestFirst) {
      int number = kept.merge(key(snapshot, limits), 1, Integer::sum);
      if (latest <= 0 || number <= latest) {
        groups.computeIfAbsent(key(snapshot, by), key -> new ArrayList<>()).add(snapshot);
      }
    }
    List<Group> result = new ArrayList<>();
    groups.forEach(
        (key, list) -> result.add(new Group(key.hostname, key.paths, key.tags, list.reversed())));
    return result;
  }

  private static Key key(SnapshotView snapshot, GroupBy by) {
    List<String> tags = snapshot.tags().stream().sorted().toList();
    return new Key(
        by.host ? snapshot.hostname() : "",
        by.paths ? Optional.of(snapshot.paths()) : Optional.empty(),
        by.tags && !tags.isEmpty() ? Optional.of(tags) : Optional.empty());
  }
}
