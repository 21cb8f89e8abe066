package dev.holdfast.repository.restore;

import dev.holdfast.posix.DirEntry;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import java.util.function.Consumer;

/// Makes and removes directory entries relative to an open directory. What stands where something
/// else belongs is removed, never followed; a directory only if it is empty or removal of whole
/// trees was asked for.
final class TargetEntries {
  /// Nobody else sees content before its owner and mode are set.
  private static final int PRIVATE_FILE = 0600;

  private static final int PRIVATE_DIRECTORY = 0700;

  private static final int CREATE =
      OpenFlag.O_WRONLY
          | OpenFlag.O_CREAT
          | OpenFlag.O_EXCL
          | OpenFlag.O_NOFOLLOW
          | OpenFlag.O_CLOEXEC;

  private static final int REOPEN =
      OpenFlag.O_WRONLY | OpenFlag.O_NOFOLLOW | OpenFlag.O_NONBLOCK | OpenFlag.O_CLOEXEC;

  private final boolean removeTrees;
  private final boolean replaceForDirectories;

  TargetEntries(RestoreOptions options) {
    removeTrees = options.delete();
    replaceForDirectories =
        switch (options.overwrite()) {
          case ALWAYS, IF_CHANGED -> true;
          case IF_NEWER, NEVER -> false;
        };
  }

  /// A call that makes an entry, and fails if there is one.
  @FunctionalInterface
  interface Maker<T> {
    T make() throws PosixException;
  }

  /// Makes an entry in the place of whatever is there.
  <T> T replace(int directoryFd, String name, Maker<T> maker) throws PosixException {
    try {
      return maker.make();
    } catch (PosixException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
      remove(directoryFd, name);
      return maker.make();
    }
  }

  /// Makes a new empty file and opens it for writing.
  int createFile(int directoryFd, String name) throws PosixException {
    return replace(directoryFd, name, () -> Posix.openat(directoryFd, name, CREATE, PRIVATE_FILE));
  }

  /// Opens a regular file that exists for writing.
  int openFile(int directoryFd, String name) throws PosixException {
    int fd;
    try {
      fd = Posix.openat(directoryFd, name, REOPEN, 0);
    } catch (PosixException e) {
      if (e.errno() != Errno.EACCES || !stat(directoryFd, name).isRegular()) {
        throw e;
      }
      // A file of ours without write permission; it gets its final mode when it is complete.
      Posix.fchmodat(directoryFd, name, PRIVATE_FILE, 0);
      fd = Posix.openat(directoryFd, name, REOPEN, 0);
    }
    if (!Posix.fstat(fd).isRegular()) {
      DirectoryHandles.closeQuietly(fd);
      throw new PosixException("open " + name, Errno.EINVAL, "not a regular file");
    }
    return fd;
  }

  /// Makes a directory unless there is one.
  void makeDirectory(int directoryFd, String name) throws PosixException {
    try {
      Posix.mkdirat(directoryFd, name, PRIVATE_DIRECTORY);
    } catch (PosixException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
      if (stat(directoryFd, name).isDirectory()) {
        return;
      }
      if (!replaceForDirectories) {
        throw new PosixException("mkdir " + name, Errno.ENOTDIR, "something else is there");
      }
      Posix.unlinkat(directoryFd, name, 0);
      Posix.mkdirat(directoryFd, name, PRIVATE_DIRECTORY);
    }
  }

  /// Removes an entry; a directory with content only where that was asked for.
  void remove(int directoryFd, String name) throws PosixException {
    if (!stat(directoryFd, name).isDirectory()) {
      Posix.unlinkat(directoryFd, name, 0);
    } else if (removeTrees) {
      removeTree(directoryFd, name, "", removed -> {});
    } else {
      Posix.unlinkat(directoryFd, name, OpenFlag.AT_REMOVEDIR);
    }
  }

  /// Removes an entry with all that is in it, and tells the path of each thing removed.
  void removeTree(int directoryFd, String name, String path, Consumer<String> removed)
      throws PosixException {
    if (!stat(directoryFd, name).isDirectory()) {
      Posix.unlinkat(directoryFd, name, 0);
    } else {
      int fd = Posix.openat(directoryFd, name, DirectoryHandles.OPEN_DIRECTORY, 0);
      try {
        for (DirEntry entry : Posix.readDirectory(fd)) {
          removeTree(fd, entry.name(), path + "/" + entry.name(), removed);
        }
      } finally {
        DirectoryHandles.closeQuietly(fd);
      }
      Posix.unlinkat(directoryFd, name, OpenFlag.AT_REMOVEDIR);
    }
    removed.accept(path);
  }

  static FileStat stat(int directoryFd, String name) throws PosixException {
    return Posix.fstatat(directoryFd, name, OpenFlag.AT_SYMLINK_NOFOLLOW);
  }
}
