package dev.holdfast.repository;

import java.util.List;

/// The snapshots of a repository.
///
/// @param readable oldest first
/// @param unreadable those whose files are damaged
public record SnapshotList(List<StoredSnapshot> readable, List<UnreadableSnapshot> unreadable) {
  public SnapshotList {
    readable = List.copyOf(readable);
    unreadable = List.copyOf(unreadable);
  }
}
