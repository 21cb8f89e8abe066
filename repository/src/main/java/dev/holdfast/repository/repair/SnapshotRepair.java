package dev.holdfast.repository.repair;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.StoredSnapshot;
import dev.holdfast.repository.crypto.Hasher;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.Snapshot;
import dev.holdfast.repository.format.SnapshotBuilder;
import dev.holdfast.repository.format.SnapshotId;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import dev.holdfast.repository.write.RepositoryWriter;
import dev.holdfast.repository.write.WriterOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Gives snapshots that lost something a successor without it, as restic's `repair snapshots`. The
/// successor is durable before its predecessor goes, which is only if that was asked for, and of
/// which a copy is kept. The caller holds the exclusive lock. One thread at a time.
public final class SnapshotRepair {
  /// Marks a successor whose predecessor stays.
  public static final String TAG = "repaired";

  private final Repository repository;
  private final WriterOptions writing;

  /// What becomes of a snapshot.
  ///
  /// @param changes its changes, each a path and what is done there
  /// @param root the tree of the successor; empty if the root cannot be read, and there is none
  public record Plan(StoredSnapshot snapshot, List<String> changes, Optional<BlobId> root) {
    public Plan {
      changes = List.copyOf(changes);
    }

    /// Whether it needs a successor or is of no use.
    public boolean isDamaged() {
      return !root.equals(Optional.of(snapshot.snapshot().tree()));
    }
  }

  /// @param writing how new trees are written; its gate watches the lock
  public SnapshotRepair(Repository repository, WriterOptions writing) {
    this.repository = repository;
    this.writing = writing;
  }

  /// Finds out what is to be done. Changes nothing.
  public List<Plan> plan(List<StoredSnapshot> snapshots) {
    List<String> changes = new ArrayList<>();
    TreeRepair trees =
        new TreeRepair(
            repository,
            json -> new BlobId(Hasher.of(json)),
            (path, change) -> changes.add(path + ": " + change));
    return run(snapshots, trees, changes);
  }

  private static List<Plan> run(
      List<StoredSnapshot> snapshots, TreeRepair trees, List<String> changes) {
    List<Plan> plans = new ArrayList<>();
    for (StoredSnapshot snapshot : snapshots) {
      changes.clear();
      Optional<BlobId> root = trees.repairRoot(snapshot.snapshot().tree());
      plans.add(new Plan(snapshot, changes, root));
    }
    return plans;
  }

  /// Stores the successors.
  ///
  /// @param forget whether the predecessors are removed, and snapshots whose root is lost
  /// @return how many snapshots were changed or removed
  public int execute(List<Plan> plans, boolean forget, Keepsake keepsake) {
    List<StoredSnapshot> damaged =
        plans.stream().filter(Plan::isDamaged).map(Plan::snapshot).toList();
    List<Plan> done;
    try (RepositoryWriter writer = repository.writer(writing)) {
      TreeRepair trees =
          new TreeRepair(
              repository,
              json -> writer.save(BlobType.TREE, json, 0, json.length).id(),
              (path, change) -> {});
      done = run(damaged, trees, new ArrayList<>());
      writer.flush();
    }
    int changed = 0;
    for (Plan plan : done) {
      plan.root().ifPresent(root -> save(plan.snapshot(), root, forget));
      if (forget) {
        remove(plan.snapshot().id(), keepsake);
      }
      changed += forget || plan.root().isPresent() ? 1 : 0;
    }
    return changed;
  }

  private void save(StoredSnapshot old, BlobId root, boolean forget) {
    SnapshotBuilder changed = old.snapshot().toBuilder().tree(root).original(old.id());
    List<String> tags = new ArrayList<>(old.snapshot().tags());
    if (!forget && !tags.contains(TAG)) {
      tags.add(TAG);
    }
    Snapshot successor = changed.tags(tags).build();
    repository.saveSnapshot(successor, writing.gate());
  }

  /// Removes a snapshot and keeps a copy of its file.
  ///
  /// @throws HoldfastException if the copy cannot be kept; the snapshot is still there then
  public void remove(SnapshotId id, Keepsake keepsake) {
    ObjectKey key = new ObjectKey(ObjectType.SNAPSHOT, id.hash());
    keepsake.keep(repository.store(), key);
    writing.gate().check();
    repository.store().delete(key);
  }
}
