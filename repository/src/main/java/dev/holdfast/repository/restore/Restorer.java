package dev.holdfast.repository.restore;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobId;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Writes the content of a tree into a directory.
///
/// The tree is walked and carried out in passes of bounded size ([Pass#MAX_ENTRIES],
/// [Placements#MAX_PLACEMENTS]); a pass reads each pack once, in the order in which files need it,
/// decodes each blob once and writes it to all its places, so memory does not grow with the
/// snapshot: about 100 MiB for a full pass, and for each worker a part of a pack
/// ([ContentRestorer#MAX_TASK_BYTES]) and a blob. Content is written first, then links, then
/// metadata, directories last.
///
/// Every blob is authenticated and compared with its id before it is written. What cannot be
/// restored is reported and the rest goes on; a file with missing content keeps the time of the
/// restore, so that a later restore does not believe it. On return everything that was reported as
/// restored is synced to disk, unless that is not wanted ([RestoreOptions#durable]).
///
/// Nothing is written outside the target, whatever the tree or the target holds: names are single
/// path components, every call is relative to an open directory, no symbolic link is followed.
/// Thread-safe as long as targets do not overlap.
public final class Restorer {
  private static final int OPEN_TARGET =
      OpenFlag.O_RDONLY | OpenFlag.O_DIRECTORY | OpenFlag.O_CLOEXEC;
  private static final int TARGET_MODE = 0700;

  private final Repository repository;

  public Restorer(Repository repository) {
    this.repository = repository;
  }

  /// Restores `tree` into `target`, which is created if it is missing.
  ///
  /// @param tree the root of a snapshot, or a directory of one ([TreePath#find])
  /// @param target path of a directory, as [dev.holdfast.posix.OsString] has it
  /// @param observer called for each event, one at a time, from several threads
  /// @throws HoldfastException if nothing can be restored: the root tree is damaged, the target
  ///   cannot be used, the disk is full; or if this thread is interrupted. What was restored so far
  ///   stays; files that are there in part are reported ([Remains]).
  public RestoreResult restore(
      BlobId tree, String target, RestoreOptions options, Consumer<RestoreEvent> observer) {
    Reporter reporter = new Reporter(observer);
    try {
      boolean existed = exists(target);
      if (options.dryRun()) {
        planOnly(tree, existed ? target : null, options, reporter);
      } else {
        makeTarget(target);
        restore(tree, target, existed, options, reporter);
      }
    } catch (PosixException e) {
      throw new HoldfastException.InputOutput(
          "cannot use the target " + target + ": " + e.getMessage(),
          "name a directory that you may write to",
          e);
    }
    return reporter.result();
  }

  private static boolean exists(String target) throws PosixException {
    try {
      FileStat stat = Posix.stat(target);
      if (!stat.isDirectory()) {
        throw new PosixException("open " + target, Errno.ENOTDIR, "not a directory");
      }
      return true;
    } catch (PosixException e) {
      if (e.errno() == Errno.ENOENT) {
        return false;
      }
      throw e;
    }
  }

  private static void makeTarget(String target) throws PosixException {
    for (int slash = target.indexOf('/', 1); slash > 0; slash = target.indexOf('/', slash + 1)) {
      makeDirectory(target.substring(0, slash));
    }
    makeDirectory(target);
  }

  private static void makeDirectory(String path) throws PosixException {
    try {
      Posix.mkdirat(OpenFlag.AT_FDCWD, path, TARGET_MODE);
    } catch (PosixException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
    }
  }

  private void restore(
      BlobId tree, String target, boolean existed, RestoreOptions options, Reporter reporter)
      throws PosixException {
    int rootFd = Posix.open(target, OPEN_TARGET, 0);
    try (DirectoryHandles handles = new DirectoryHandles(rootFd);
        PassExecutor executor = new PassExecutor(repository, rootFd, options, reporter)) {
      RestorePlanner planner = planner(tree, existed, handles, options, reporter);
      for (Pass pass = planner.next(); pass != null; pass = planner.next()) {
        executor.execute(pass);
      }
      executor.sync();
    } finally {
      DirectoryHandles.closeQuietly(rootFd);
    }
  }

  private void planOnly(
      BlobId tree, @Nullable String target, RestoreOptions options, Reporter reporter)
      throws PosixException {
    int rootFd = target == null ? -1 : Posix.open(target, OPEN_TARGET, 0);
    try (DirectoryHandles handles = new DirectoryHandles(rootFd)) {
      RestorePlanner planner = planner(tree, target != null, handles, options, reporter);
      for (Pass pass = planner.next(); pass != null; pass = planner.next()) {
        DryRun.report(pass, reporter);
      }
    } finally {
      if (rootFd >= 0) {
        DirectoryHandles.closeQuietly(rootFd);
      }
    }
  }

  private RestorePlanner planner(
      BlobId tree,
      boolean existed,
      DirectoryHandles handles,
      RestoreOptions options,
      Reporter reporter) {
    TargetView view = new TargetView(handles, new ExistingFile(repository.index()), reporter);
    PlannedDirectory root = PlannedDirectory.root(existed);
    return new RestorePlanner(repository, tree, root, options, view, reporter);
  }
}
