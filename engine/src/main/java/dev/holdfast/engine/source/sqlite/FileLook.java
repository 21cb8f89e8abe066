package dev.holdfast.engine.source.sqlite;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Looks at files from outside, without opening them.
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

  /// Whether both are the same file, and nobody wrote to it in between.
  static boolean isUnchanged(FileStat left, FileStat right) {
    return left.isSameFile(right)
        && left.sizeBytes() == right.sizeBytes()
        && left.mtimeSeconds() == right.mtimeSeconds()
        && left.mtimeNanos() == right.mtimeNanos()
        && left.ctimeSeconds() == right.ctimeSeconds()
        && left.ctimeNanos() == right.ctimeNanos();
  }

  /// Whether the last change, which nobody can date back, is that long ago.
  static boolean isOlderThan(Duration age, FileStat stat) {
    return Duration.between(stat.changeTime(), Instant.now()).compareTo(age) >= 0;
  }
}
