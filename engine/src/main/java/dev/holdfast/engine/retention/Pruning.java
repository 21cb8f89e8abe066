package dev.holdfast.engine.retention;

import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.repository.format.SnapshotId;
import dev.holdfast.repository.prune.PruneEvent;
import dev.holdfast.repository.prune.PruneOptions;
import dev.holdfast.repository.prune.PrunePlan;
import dev.holdfast.repository.prune.PruneResult;
import dev.holdfast.repository.prune.Pruner;
import dev.holdfast.repository.write.WriterOptions;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Removes the data that no snapshot needs: see [Pruner].
public final class Pruning {
  private final Pruner pruner;

  /// @param access with the exclusive lock, or with none to plan only
  /// @param observer called from several threads
  public Pruning(
      RepositoryAccess access,
      PruneOptions options,
      WriterOptions writing,
      Consumer<PruneEvent> observer) {
    pruner =
        new Pruner(
            access.repository(),
            access.lock(),
            access.retryLock(),
            options,
            writing.withGate(access.gate()),
            observer);
  }

  /// Finds out what is to be done. Changes nothing.
  ///
  /// @param ignored snapshots that are taken for removed already
  public PrunePlan plan(List<SnapshotView> ignored) {
    Set<SnapshotId> ids =
        ignored.stream().map(each -> each.stored().id()).collect(Collectors.toSet());
    return pruner.plan(ids);
  }

  /// Does what was planned.
  public PruneResult execute() {
    return pruner.execute();
  }
}
