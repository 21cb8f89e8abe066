package dev.holdfast.repository;

import dev.holdfast.repository.format.Snapshot;
import java.util.HashSet;
import java.util.List;

/// Which snapshots a person means, with restic's words and their meaning (format sheet, section
/// 12).
///
/// @param hosts any of these hosts; empty means every host
/// @param tagLists all tags of any of these lists; an empty list, or one of the empty tag alone,
///   matches snapshots without tags; no lists at all means whatever the tags
/// @param paths all of these paths; empty means whatever the paths
public record SnapshotFilter(List<String> hosts, List<List<String>> tagLists, List<String> paths) {
  /// Every snapshot.
  public static final SnapshotFilter ALL = new SnapshotFilter(List.of(), List.of(), List.of());

  public SnapshotFilter {
    hosts = List.copyOf(hosts);
    tagLists = tagLists.stream().map(List::copyOf).toList();
    paths = List.copyOf(paths);
  }

  /// The same for other paths.
  public SnapshotFilter withPaths(List<String> others) {
    return new SnapshotFilter(hosts, tagLists, others);
  }

  /// Whether the snapshot is meant.
  public boolean matches(Snapshot snapshot) {
    return (hosts.isEmpty() || hosts.contains(snapshot.hostname()))
        && (tagLists.isEmpty() || tagLists.stream().anyMatch(list -> hasAll(snapshot, list)))
        && new HashSet<>(snapshot.paths()).containsAll(paths);
  }

  private static boolean hasAll(Snapshot snapshot, List<String> tags) {
    if (tags.isEmpty() || tags.equals(List.of(""))) {
      return snapshot.tags().isEmpty();
    }
    return new HashSet<>(snapshot.tags()).containsAll(tags);
  }
}
