package dev.holdfast.engine.restore;

import dev.holdfast.engine.query.SnapshotPath;
import dev.holdfast.engine.query.Walker;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.restore.RestoreEvent;
import dev.holdfast.repository.restore.RestoreOptions;
import dev.holdfast.repository.restore.RestoreResult;
import dev.holdfast.repository.restore.Restorer;
import java.util.function.Consumer;

/// Restores a snapshot, or a directory of one.
public final class SnapshotRestore {
  private final Repository repository;

  public SnapshotRestore(Repository repository) {
    this.repository = repository;
  }

  /// Writes what is below `from` into `target`; see [Restorer#restore].
  public RestoreResult run(
      SnapshotPath from, String target, RestoreOptions options, Consumer<RestoreEvent> observer) {
    return new Restorer(repository)
        .restore(new Walker(repository).treeAt(from), target, options, observer);
  }
}
