package dev.holdfast.engine.recover;

import dev.holdfast.engine.recover.files.LiveFiles;
import dev.holdfast.engine.recover.plan.Replacement;
import dev.holdfast.engine.recover.plan.Step;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.restore.RestoreEvent;
import dev.holdfast.repository.restore.RestoreFinding;
import dev.holdfast.repository.restore.RestoreOptions;
import dev.holdfast.repository.restore.RestoreResult;
import dev.holdfast.repository.restore.Restorer;
import dev.holdfast.repository.restore.Selection;
import dev.holdfast.repository.restore.TreePath;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Takes new states from a snapshot. Every file is read again after it was written and compared
/// with the snapshot.
public final class SnapshotStager implements Stager {
  private final Supplier<Repository> repository;
  private final Supplier<BlobId> root;
  private final LiveFiles files;
  private final RecoverObserver observer;
  private final long totalBytes;
  private final AtomicLong doneBytes = new AtomicLong();

  /// @param repository asked only when something is staged
  /// @param root the snapshot's tree
  /// @param totalBytes of all that will be staged
  public SnapshotStager(
      Supplier<Repository> repository,
      Supplier<BlobId> root,
      LiveFiles files,
      RecoverObserver observer,
      long totalBytes) {
    this.repository = repository;
    this.root = root;
    this.files = files;
    this.observer = observer;
    this.totalBytes = totalBytes;
  }

  @Override
  public void stage(Replacement it) throws IOException {
    files.removeTree(it.stageFolder());
    files.makeFolder(it.stageFolder());
    BlobId folder = TreePath.find(repository.get(), root.get(), Replacement.folderOf(it.from()));
    String wanted = "/" + it.from().substring(it.from().lastIndexOf('/') + 1);
    RestoreOptions options =
        RestoreOptions.DEFAULT.withVerify(true).withSelection(only(wanted)).withSparse(false);
    AtomicReference<@Nullable RestoreFinding> first = new AtomicReference<>();
    RestoreResult result =
        new Restorer(repository.get())
            .restore(
                folder, Replacement.folderOf(it.staged()), options, event -> follow(event, first));
    if (!result.isComplete()) {
      throw new HoldfastException.Corrupt(
          "%s cannot be written as it is in the snapshot%s"
              .formatted(
                  OsString.display(it.from()),
                  Optional.ofNullable(first.get()).map(SnapshotStager::describe).orElse("")),
          null);
    }
    if (it.action() == Replacement.Action.REPLACE) {
      Likeness.give(it.live(), it.staged());
    }
  }

  private static String describe(RestoreFinding finding) {
    return ": " + OsString.display(finding.path()) + ": " + finding.message();
  }

  private static Selection only(String wanted) {
    return (path, _) ->
        path.equals(wanted) || path.startsWith(wanted + "/")
            ? Selection.Choice.TAKE
            : Selection.Choice.SKIP;
  }

  private void follow(RestoreEvent event, AtomicReference<@Nullable RestoreFinding> first) {
    switch (event) {
      case RestoreEvent.Written written ->
          observer.on(
              new RecoverEvent.Progress(
                  Step.STAGE, doneBytes.addAndGet(written.bytes()), totalBytes));
      case RestoreEvent.Found found -> {
        switch (found.finding().severity()) {
          case ERROR -> first.compareAndSet(null, found.finding());
          case WARNING -> observer.on(new RecoverEvent.Notice(describe(found.finding())));
        }
      }
      case RestoreEvent.Planned planned -> {}
      case RestoreEvent.Done done -> {}
      case RestoreEvent.Verified verified -> {}
    }
  }

  @Override
  public void unstage(Replacement it) throws IOException {
    files.removeTree(it.stageFolder());
  }
}
