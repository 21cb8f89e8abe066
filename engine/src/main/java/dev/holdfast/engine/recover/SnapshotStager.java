package dev.holdfast.engine.recover;

import dev.holdfast.engine.query.Paths;
import dev.holdfast.engine.recover.files.LiveFiles;
import dev.holdfast.engine.recover.plan.Replacement;
import dev.holdfast.engine.recover.plan.Replacement.Kind;
import dev.holdfast.engine.recover.plan.Step;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.DatabaseRecovery;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.sql.SqlScript;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
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
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Takes new states from a snapshot. Every file is read again after it was written and compared
/// with the snapshot.
public final class SnapshotStager implements Stager {
  private static final int PRIVATE_MODE = 0600;

  private final Supplier<Repository> repository;
  private final Supplier<BlobId> root;
  private final LiveFiles files;
  private final StagedDatabases databases;
  private final FileReplacer.StageCheck check;
  private final RecoverObserver observer;
  private final long totalBytes;
  private final AtomicLong doneBytes = new AtomicLong();

  /// @param repository asked only when something is staged
  /// @param root the snapshot's tree
  /// @param engines whose databases are brought into one file each
  /// @param check of what is to be masked, before it is
  /// @param totalBytes of all that will be staged
  public SnapshotStager(
      Supplier<Repository> repository,
      Supplier<BlobId> root,
      LiveFiles files,
      List<DatabaseEngine> engines,
      FileReplacer.StageCheck check,
      RecoverObserver observer,
      long totalBytes) {
    this.repository = repository;
    this.root = root;
    this.files = files;
    this.databases = new StagedDatabases(engines);
    this.check = check;
    this.observer = observer;
    this.totalBytes = totalBytes;
  }

  @Override
  public void validate(Replacement it) throws IOException {
    if (isReplaced(it)) {
      Likeness.tryOwner(it.live(), it.stageFolder());
    }
  }

  @Override
  public void stage(Replacement it) throws IOException {
    files.removeTree(it.stageFolder());
    files.makeFolder(it.stageFolder());
    if (it.fromExport()) {
      restore(it, it.from(), it.stagedExport());
      importExport(it);
    } else {
      restore(it, Replacement.folderOf(it.from()), Replacement.folderOf(it.staged()));
      databases.each(it, this::makeWhole);
    }
    if (it.mask().isPresent()) {
      mask(it, it.mask().get());
    }
    if (isReplaced(it)) {
      Likeness.give(it.live(), it.staged());
    }
  }

  private void restore(Replacement it, String from, String to) throws IOException {
    BlobId folder = TreePath.find(repository.get(), root.get(), from);
    boolean keepsOwner = it.fromExport() || (isReplaced(it) && it.kind() != Kind.FOLDER);
    RestoreOptions all =
        RestoreOptions.DEFAULT
            .withVerify(true)
            .withSparse(false)
            .withOwners(!keepsOwner)
            .withDurable(it.kind() == Kind.FOLDER); // of others all files are known
    RestoreOptions options = it.fromExport() ? all : all.withSelection(only(it));
    AtomicReference<@Nullable RestoreFinding> first = new AtomicReference<>();
    RestoreResult result =
        new Restorer(repository.get()).restore(folder, to, options, event -> follow(event, first));
    if (!result.isComplete()) {
      refuse(it, result, Optional.ofNullable(first.get()));
    }
    if (result.ownersNotSet() > 0) {
      tellOfOwners(it, result.ownersNotSet() - (isTopGivenLater(it, folder) ? 1 : 0));
    }
  }

  private static boolean isReplaced(Replacement it) {
    return it.action() == Replacement.Action.REPLACE;
  }

  private static void refuse(
      Replacement it, RestoreResult result, Optional<RestoreFinding> finding) {
    String message =
        "%s cannot be written as it is in the snapshot%s"
            .formatted(
                OsString.display(it.from()), finding.map(SnapshotStager::describe).orElse(""));
    if (result.ownersNotSet() > 0 && Posix.geteuid() == 0) {
      throw new HoldfastException.Rejected(message, Likeness.NEEDS_CAPABILITY);
    }
    throw new HoldfastException.Corrupt(message, null);
  }

  /// Whether the folder itself has not got the snapshot's owner: it will have that of today.
  private boolean isTopGivenLater(Replacement it, BlobId folder) throws IOException {
    if (!isReplaced(it) || it.kind() != Kind.FOLDER) {
      return false;
    }
    FileStat staged = Posix.lstat(it.staged());
    return repository
        .get()
        .loadTree(folder)
        .find(Paths.name(it.staged()))
        .filter(node -> node.uid() != staged.uid() || node.gid() != staged.gid())
        .isPresent();
  }

  private void tellOfOwners(Replacement it, long count) {
    if (count > 0) {
      observer.on(
          new RecoverEvent.Notice(
              "%d %s %s will belong to this user and not to their owners: giving them takes root"
                  .formatted(
                      count, count == 1 ? "entry of" : "entries of", OsString.display(it.live()))));
    }
  }

  /// Brings the logs that the snapshot has beside a database into it: what is put in place is one
  /// file, and nothing is left to be replayed.
  private void makeWhole(StagedDatabases.Staged staged) throws IOException {
    boolean hasLogs =
        staged.engine().map(DatabaseEngine::sidecarSuffixes).orElse(List.of()).stream()
            .anyMatch(suffix -> Posix.isPresent(staged.path() + suffix));
    if (!hasLogs) {
      return;
    }
    int mode = Posix.lstat(staged.path()).mode();
    Posix.fchmodat(OpenFlag.AT_FDCWD, staged.path(), PRIVATE_MODE, 0);
    Optional<String> obstacle = staged.recovery().orElseThrow().settle(staged.path());
    if (obstacle.isPresent()) {
      throw new HoldfastException.Corrupt(
          "the log of %s in the snapshot cannot be brought into it: %s"
              .formatted(OsString.display(staged.from()), obstacle.get()),
          null);
    }
    Posix.fchmodat(OpenFlag.AT_FDCWD, staged.path(), mode, 0);
  }

  private void importExport(Replacement it) throws IOException {
    recovery(it)
        .importExport(
            it.stagedExport(),
            it.staged(),
            it.action() == Replacement.Action.REPLACE ? Optional.of(it.live()) : Optional.empty());
    files.removeTree(it.stagedExport());
  }

  /// Compares with the manifest what is to be masked, masks it, and notes what there is then.
  private void mask(Replacement it, String statements) throws IOException {
    check.check(it);
    String rewritten = it.stageFolder() + "/.holdfast-rewritten";
    FileStat stat = Posix.lstat(it.staged());
    Posix.fchmodat(OpenFlag.AT_FDCWD, it.staged(), PRIVATE_MODE, 0);
    SourceFacts facts = recovery(it).mask(it.staged(), SqlScript.split(statements), rewritten);
    Posix.fchmodat(OpenFlag.AT_FDCWD, it.staged(), stat.mode(), 0);
    Likeness.give(it.staged(), rewritten);
    files.removeTree(it.staged());
    files.rename(rewritten, it.staged());
    files.append(it.maskedNote(), MaskedNote.of(facts).getBytes(StandardCharsets.UTF_8));
    observer.on(
        new RecoverEvent.Notice(
            "%d statements were run on the new %s"
                .formatted(SqlScript.split(statements).size(), OsString.display(it.live()))));
  }

  private DatabaseRecovery recovery(Replacement it) {
    return databases
        .engine(it.engine().orElseThrow())
        .flatMap(DatabaseEngine::recovery)
        .orElseThrow();
  }

  private static String describe(RestoreFinding finding) {
    return ": " + OsString.display(finding.path()) + ": " + finding.message();
  }

  /// What is wanted, with everything in it, and the files beside a database.
  private static Selection only(Replacement it) {
    String wanted = it.from().substring(it.from().lastIndexOf('/') + 1);
    Set<String> names = new HashSet<>(Set.of(wanted));
    it.suffixes().forEach(suffix -> names.add(wanted + suffix));
    return Selection.only(names);
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
  public boolean unstage(Replacement it) throws IOException {
    boolean isThere = files.inode(it.stageFolder()).isPresent();
    files.removeTree(it.stageFolder());
    return isThere;
  }
}
