package dev.holdfast.repository.copy;

import dev.holdfast.repository.StoredSnapshot;
import dev.holdfast.repository.format.Snapshot;
import dev.holdfast.repository.format.SnapshotId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which snapshots a repository has of another's, found as restic does: by the original they share,
/// and by everything else being the same. Not thread-safe.
final class CopiedSnapshots {
  private final Map<SnapshotId, List<StoredSnapshot>> byOriginal = new HashMap<>();

  CopiedSnapshots(List<StoredSnapshot> present) {
    present.forEach(this::add);
  }

  /// The same snapshot keeps one id over copies and changes of tags.
  static SnapshotId lasting(StoredSnapshot snapshot) {
    SnapshotId original = snapshot.snapshot().original();
    return original == null ? snapshot.id() : original;
  }

  void add(StoredSnapshot present) {
    SnapshotId original = present.snapshot().original();
    if (original != null) {
      byOriginal.computeIfAbsent(original, _ -> new ArrayList<>()).add(present);
    }
    byOriginal.computeIfAbsent(present.id(), _ -> new ArrayList<>()).add(present);
  }

  /// The copy of `source`, if there is one.
  Optional<StoredSnapshot> of(StoredSnapshot source) {
    return byOriginal.getOrDefault(lasting(source), List.of()).stream()
        .filter(present -> isSimilar(present.snapshot(), source.snapshot()))
        .findFirst();
  }

  /// Whether two snapshots say the same, but for parent and original, and for what restic does not
  /// compare either.
  static boolean isSimilar(Snapshot one, Snapshot other) {
    return one.time().toInstant().equals(other.time().toInstant())
        && one.tree().equals(other.tree())
        && one.hostname().equals(other.hostname())
        && one.username().equals(other.username())
        && one.uid() == other.uid()
        && one.gid() == other.gid()
        && one.excludes().equals(other.excludes())
        && areSame(one.paths(), other.paths())
        && areSame(one.tags(), other.tags());
  }

  private static boolean areSame(List<String> one, List<String> other) {
    return one.size() == other.size() && new HashSet<>(one).containsAll(other);
  }
}
