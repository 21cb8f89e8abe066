package dev.holdfast.repository;

import java.util.List;

/// Which snapshots a person means, with restic's words and their meaning (format sheet, section
/// 12).
///
/// @param hosts any of these hosts; empty means every host
/// @param tagLists all tags of any of these lists; an empty list in it matches snapshots without
///   tags; empty means whatever the tags
/// @param paths all of these paths; empty means whatever the paths
public record SnapshotFilter(List<String> hosts, List<List<String>> tagLists, List<String> paths) {
  /// Every snapshot.
  public static final SnapshotFilter ALL = new SnapshotFilter(List.of(), List.of(), List.of());

  public SnapshotFilter {
    hosts = List.copyOf(hosts);
    tagLists = tagLists.stream().map(List::copyOf).toList();
    paths = List.copyOf(paths);
  }
}
