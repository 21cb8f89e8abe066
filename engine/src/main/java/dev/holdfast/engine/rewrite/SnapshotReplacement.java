package dev.holdfast.engine.rewrite;

import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.StoredSnapshot;
import dev.holdfast.repository.format.Snapshot;
import dev.holdfast.repository.format.SnapshotId;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import dev.holdfast.repository.write.WriteGate;
import java.util.List;
import java.util.Optional;

/// Puts one snapshot file in the place of another: the new one is durable before the old one goes,
/// so that an interruption leaves both, never neither.
public final class SnapshotReplacement {
  private final Repository repository;
  private final WriteGate gate;

  /// @param gate asked before each change
  public SnapshotReplacement(Repository repository, WriteGate gate) {
    this.repository = repository;
    this.gate = gate;
  }

  /// Gives a snapshot other tags, keeping its first id as the original. The caller holds the
  /// exclusive lock.
  ///
  /// @return the new snapshot; empty if nothing changes
  public Optional<SnapshotView> tag(SnapshotView snapshot, TagChange change) {
    StoredSnapshot old = snapshot.stored();
    Optional<List<String>> tags = change.apply(old.snapshot().tags());
    if (tags.isEmpty()) {
      return Optional.empty();
    }
    SnapshotId original = old.snapshot().original();
    Snapshot changed =
        old.snapshot().toBuilder()
            .tags(tags.get())
            .original(original == null ? old.id() : original)
            .build();
    return Optional.of(replace(old, changed));
  }

  /// Saves `changed` and removes `old`.
  SnapshotView replace(StoredSnapshot old, Snapshot changed) {
    SnapshotView saved = save(changed);
    remove(old);
    return saved;
  }

  SnapshotView save(Snapshot snapshot) {
    SnapshotId id = repository.saveSnapshot(snapshot, gate);
    return new SnapshotView(new StoredSnapshot(id, snapshot));
  }

  void remove(StoredSnapshot old) {
    gate.check();
    repository.store().delete(new ObjectKey(ObjectType.SNAPSHOT, old.id().hash()));
  }
}
