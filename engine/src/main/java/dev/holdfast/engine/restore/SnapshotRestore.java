package dev.holdfast.engine.restore;

import dev.holdfast.engine.query.SnapshotPath;
import dev.holdfast.engine.query.Walker;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.restore.RestoreEvent;
import dev.holdfast.repository.restore.RestoreOptions;
import dev.holdfast.repository.restore.RestoreResult;
import dev.holdfast.repository.restore.Restorer;
import java.util.List;
import java.util.function.Consumer;

/// Restores a snapshot, or a directory of one.
public final class SnapshotRestore {
  private final Repository repository;
  private final List<DatabaseEngine> engines;

  /// @param engines the kinds of databases whose logs are known
  public SnapshotRestore(Repository repository, List<DatabaseEngine> engines) {
    this.repository = repository;
    this.engines = List.copyOf(engines);
  }

  /// Writes what is below `from` into `target`; see [Restorer#restore]. With a database that is
  /// chosen go the logs that the snapshot has of it.
  ///
  /// @throws HoldfastException.Rejected if a database would be put beside the log of another that
  ///   is there now; nothing was changed
  public RestoreResult run(
      SnapshotPath from, String target, RestoreOptions options, Consumer<RestoreEvent> observer) {
    BlobId tree = new Walker(repository).treeAt(from);
    RestoredDatabases databases = RestoredDatabases.of(repository, from, engines);
    RestoreOptions whole = options.withSelection(databases.withLogs(options.selection()));
    databases.refuseForeignLogs(target, whole);
    return new Restorer(repository).restore(tree, target, whole, observer);
  }
}
