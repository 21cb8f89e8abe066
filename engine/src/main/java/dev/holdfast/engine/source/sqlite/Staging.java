package dev.holdfast.engine.source.sqlite;

import dev.holdfast.engine.source.UnnamedFile;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Copies of files that have no name, so that no plain text stays behind whatever happens to the
/// process: the system frees them with the last descriptor.
final class Staging {
  /// What is copied between two looks at whether the work was cancelled.
  private static final long STEP_BYTES = 64L * 1024 * 1024;

  private static final int BUFFER_BYTES = 1024 * 1024;

  /// Reasons of a file system or kernel for not doing a copy by itself.
  private static final Set<Integer> CANNOT =
      Set.of(
          Errno.EXDEV,
          Errno.EINVAL,
          Errno.EOPNOTSUPP,
          Errno.ENOSYS,
          Errno.ENOTTY,
          Errno.EBADF,
          Errno.EPERM);

  private final List<String> directories;

  /// @param directories where a copy may be placed, best first
  private Staging(List<String> directories) {
    this.directories = directories;
  }

  /// Staging for the database at `realPath`: beside it, where blocks can be shared, or else in one
  /// of the other directories.
  static Staging beside(String realPath, SqliteOptions options) {
    List<String> directories = new ArrayList<>();
    int slash = realPath.lastIndexOf('/');
    directories.add(slash <= 0 ? "/" : realPath.substring(0, slash));
    directories.addAll(options.stagingDirectories());
    return new Staging(directories);
  }

  /// An empty unnamed file with room for `lengthBytes`.
  RawFile create(String databasePath, long lengthBytes) {
    int fd = UnnamedFile.create(databasePath, directories, lengthBytes);
    return RawFile.of("the copy of " + databasePath, fd);
  }

  /// Copies the first `lengthBytes` of `from`, or all of it if it is shorter, into `to`.
  ///
  /// @return how many bytes were there to copy
  static long copy(RawFile from, RawFile to, long lengthBytes) throws IOException {
    try {
      Posix.cloneFile(from.fd(), to.fd());
      Posix.ftruncate(to.fd(), lengthBytes);
      return Math.min(lengthBytes, from.stat().sizeBytes());
    } catch (PosixException e) {
      if (!CANNOT.contains(e.errno())) {
        throw e;
      }
    }
    long done = 0;
    while (done < lengthBytes) {
      checkCancelled(from);
      long copied;
      try {
        long step = Math.min(STEP_BYTES, lengthBytes - done);
        copied = Posix.copyFileRange(from.fd(), done, to.fd(), done, step);
      } catch (PosixException e) {
        if (!CANNOT.contains(e.errno())) {
          throw e;
        }
        return copyThroughMemory(from, to, done, lengthBytes);
      }
      if (copied == 0) {
        break;
      }
      done += copied;
    }
    return done;
  }

  private static long copyThroughMemory(RawFile from, RawFile to, long start, long lengthBytes)
      throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long done = start;
    while (done < lengthBytes) {
      checkCancelled(from);
      int got = from.readUpTo(done, buffer, 0, (int) Math.min(buffer.length, lengthBytes - done));
      if (got == 0) {
        break;
      }
      Posix.pwrite(to.fd(), buffer, 0, got, done);
      done += got;
    }
    return done;
  }

  private static void checkCancelled(RawFile from) {
    if (Thread.currentThread().isInterrupted()) {
      throw new HoldfastException.Cancelled(
          "cancelled while copying " + OsString.display(from.path()));
    }
  }
}
