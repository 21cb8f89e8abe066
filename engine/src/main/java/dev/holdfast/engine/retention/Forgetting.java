package dev.holdfast.engine.retention;

import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import java.util.ArrayList;
import java.util.List;

/// Removes snapshots. Their data stays until it is pruned. The caller holds the exclusive lock.
public final class Forgetting {
  private final Repository repository;

  public Forgetting(Repository repository) {
    this.repository = repository;
  }

  /// A snapshot that could not be removed.
  public record Failure(SnapshotView snapshot, HoldfastException cause) {}

  /// Removes each of the snapshots, whatever becomes of the others.
  ///
  /// @throws HoldfastException.Cancelled if this thread is interrupted
  public List<Failure> remove(List<SnapshotView> snapshots) {
    List<Failure> failures = new ArrayList<>();
    for (SnapshotView snapshot : snapshots) {
      if (Thread.currentThread().isInterrupted()) {
        throw new HoldfastException.Cancelled("interrupted");
      }
      try {
        repository
            .store()
            .delete(new ObjectKey(ObjectType.SNAPSHOT, snapshot.stored().id().hash()));
      } catch (HoldfastException.Cancelled e) {
        throw e;
      } catch (HoldfastException e) {
        failures.add(new Failure(snapshot, e));
      }
    }
    return failures;
  }
}
