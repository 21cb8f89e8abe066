package dev.holdfast.engine.source.files;

import dev.holdfast.engine.filter.UnixPath;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import java.util.concurrent.atomic.AtomicInteger;

/// A directory that is held open by whoever still reads files in it: [#retain] adds a holder,
/// [#release] takes one away, and the last one closes it. Thread-safe.
public final class OpenDirectory {
  private static final int READ_FLAGS =
      OpenFlag.O_RDONLY | OpenFlag.O_CLOEXEC | OpenFlag.O_NOFOLLOW;

  private final String path;
  private final int fd;
  private final AtomicInteger holders = new AtomicInteger(1);

  private OpenDirectory(String path, int fd) {
    this.path = path;
    this.fd = fd;
  }

  /// Opens a directory to reach what is in it by name; its entries cannot be listed. Symbolic links
  /// in `path` are followed.
  ///
  /// @param path what to open, relative to the working directory or absolute
  /// @param absolute the same directory's path for messages and patterns
  public static OpenDirectory reach(String path, String absolute) throws PosixException {
    int flags = OpenFlag.O_PATH | OpenFlag.O_DIRECTORY | OpenFlag.O_CLOEXEC;
    return new OpenDirectory(absolute, Posix.openat(OpenFlag.AT_FDCWD, path, flags, 0));
  }

  /// Opens the directory `name` in this one to list it.
  public OpenDirectory openDirectory(String name) throws PosixException {
    int child = openQuietly(name, READ_FLAGS | OpenFlag.O_DIRECTORY);
    return new OpenDirectory(pathOf(name), child);
  }

  /// Opens this directory's parent, which has the path `parentPath` if nothing was moved.
  OpenDirectory openParent(String parentPath) throws PosixException {
    return new OpenDirectory(parentPath, openQuietly("..", READ_FLAGS | OpenFlag.O_DIRECTORY));
  }

  /// Opens the file `name` in this directory to read it, without changing its access time where
  /// that is permitted, and without waiting should it have become a fifo.
  ///
  /// @return a descriptor that the caller closes
  public int openFile(String name) throws PosixException {
    return openQuietly(name, READ_FLAGS | OpenFlag.O_NONBLOCK);
  }

  private int openQuietly(String name, int flags) throws PosixException {
    try {
      return Posix.openat(fd, name, flags | OpenFlag.O_NOATIME, 0);
    } catch (PosixException e) {
      if (e.errno() != Errno.EPERM) {
        throw e;
      }
      // Only the owner of a file may leave its access time alone.
      return Posix.openat(fd, name, flags, 0);
    }
  }

  /// What `name` in this directory is; a symbolic link is not followed.
  public FileStat stat(String name) throws PosixException {
    return Posix.fstatat(fd, name, OpenFlag.AT_SYMLINK_NOFOLLOW);
  }

  /// What this directory is.
  public FileStat stat() throws PosixException {
    return Posix.fstatat(fd, "", OpenFlag.AT_EMPTY_PATH);
  }

  /// The descriptor, valid as long as the caller holds the directory.
  int fd() {
    return fd;
  }

  /// The path it was reached by.
  public String path() {
    return path;
  }

  public String pathOf(String name) {
    return UnixPath.join(path, name);
  }

  public OpenDirectory retain() {
    holders.incrementAndGet();
    return this;
  }

  public void release() {
    if (holders.decrementAndGet() == 0) {
      Descriptors.close(fd);
    }
  }
}
