package dev.holdfast.engine.source.sqlite;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/// A descriptor of a file, read at any position by any thread.
///
/// Closing any descriptor of a file drops all POSIX locks that the process has on it, SQLite's
/// included. So one of a database or of a sidecar may only be closed while no connection of this
/// process is open on that database; [DatabaseHandle] sees to it. For the same reason this is not a
/// `FileChannel`: an interrupted reader would close that.
final class RawFile implements AutoCloseable {
  /// Without waiting for the other end of what turns out to be a pipe.
  private static final int READ_FLAGS =
      OpenFlag.O_RDONLY | OpenFlag.O_CLOEXEC | OpenFlag.O_NOCTTY | OpenFlag.O_NONBLOCK;

  private static final int WRITE_FLAGS =
      OpenFlag.O_RDWR | OpenFlag.O_CLOEXEC | OpenFlag.O_NOCTTY | OpenFlag.O_NONBLOCK;

  /// Reasons for which a file may not be written: it is not there, rights, the medium, and a file
  /// system that was made for reading alone.
  private static final Set<Integer> NOT_TO_BE_WRITTEN =
      Set.of(
          Errno.ENOENT,
          Errno.EACCES,
          Errno.EPERM,
          Errno.EROFS,
          Errno.EINVAL,
          Errno.ENOSYS,
          Errno.EOPNOTSUPP);

  private final String path;
  private final int fd;
  private volatile boolean closed;

  private RawFile(String path, int fd) {
    this.path = path;
    this.fd = fd;
  }

  /// Opens `path` for reading.
  static RawFile open(String path) throws PosixException {
    return new RawFile(path, Posix.open(path, READ_FLAGS, 0));
  }

  /// Opens `path` for reading, if it exists.
  static Optional<RawFile> openIfPresent(String path) throws PosixException {
    try {
      return Optional.of(open(path));
    } catch (PosixException e) {
      if (e.errno() == Errno.ENOENT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// A descriptor that only names the file. Opening and closing it touches no lock, so it is the
  /// way to learn what a path leads to before it is known whether this process has that file open.
  static RawFile name(String path) throws PosixException {
    return new RawFile(path, Posix.open(path, OpenFlag.O_PATH | OpenFlag.O_CLOEXEC, 0));
  }

  /// Whether this process may write the file at `path`. To be asked only while it has no connection
  /// open on that database: it opens the file and closes it.
  static boolean canBeWritten(String path) throws PosixException {
    try {
      Posix.close(Posix.open(path, WRITE_FLAGS, 0));
      return true;
    } catch (PosixException e) {
      if (NOT_TO_BE_WRITTEN.contains(e.errno())) {
        return false;
      }
      throw e;
    }
  }

  /// Takes over `fd`.
  static RawFile of(String path, int fd) {
    return new RawFile(path, fd);
  }

  /// Opens for reading what this names, wherever its path leads by now.
  RawFile reopen() throws PosixException {
    return new RawFile(path, Posix.open(ownLink(), READ_FLAGS, 0));
  }

  /// The same of what this names.
  boolean canBeWritten() throws PosixException {
    return canBeWritten(ownLink());
  }

  /// The path of this file without symbolic links.
  String realPath() throws PosixException {
    return Posix.readlinkat(OpenFlag.AT_FDCWD, ownLink());
  }

  FileStat stat() throws PosixException {
    return Posix.fstat(fd);
  }

  /// Reads up to `length` bytes from `position`; fewer only where the file ends.
  int readUpTo(long position, byte[] target, int offset, int length) throws IOException {
    if (closed) {
      throw new IllegalStateException("read of " + OsString.display(path) + " after its close");
    }
    return Posix.pread(fd, target, offset, length, position);
  }

  /// Reads exactly `length` bytes from `position`.
  void read(long position, byte[] target, int offset, int length) throws IOException {
    int got = readUpTo(position, target, offset, length);
    if (got < length) {
      throw new EOFException(
          OsString.display(path) + " ends at " + (position + got) + ", which is too early");
    }
  }

  /// The process that holds a lock in this range of bytes, or 0. Locks of this process do not show.
  long lockHolder(long start, long length) throws PosixException {
    return Posix.lockHolder(fd, start, length);
  }

  int fd() {
    return fd;
  }

  String path() {
    return path;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      Posix.close(fd);
    } catch (PosixException e) {
      // Nothing was written through it, and Linux has freed the descriptor all the same.
      return;
    }
  }

  private String ownLink() {
    return "/proc/self/fd/" + fd;
  }
}
