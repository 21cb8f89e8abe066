package dev.holdfast.engine.source.sqlite;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import java.util.Optional;

/// Looks at a file that may not be there, without opening it.
final class FileLook {
  private FileLook() {}

  static Optional<FileStat> statIfPresent(String path) throws PosixException {
    try {
      return Optional.of(Posix.stat(path));
    } catch (PosixException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENAMETOOLONG) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
