package dev.holdfast.engine.source.duckdb;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import java.util.ArrayList;
import java.util.List;

/// Where a database and its logs are.
///
/// @param path as it was named
/// @param realPath the same without symbolic links
record Place(String path, String realPath) {
  /// The log of commits since the last checkpoint.
  static final String LOG = ".wal";

  /// The log of commits during a checkpoint, which takes the other's place at its end (DuckDB 1.5
  /// and later).
  static final String CHECKPOINT_LOG = ".wal.checkpoint";

  /// Both logs joined, while a database is opened whose process died in a checkpoint.
  static final String RECOVERY_LOG = ".wal.recovery";

  /// What `path` leads to.
  ///
  /// @param file the same, open
  static Place of(String path, DataFile file) throws PosixException {
    return new Place(path, Posix.readlinkat(OpenFlag.AT_FDCWD, file.link()));
  }

  /// The path of a log. DuckDB keeps it beside the name that the database was opened by; of a
  /// symbolic link either end is tried.
  String log(String suffix) throws PosixException {
    return exists(path + LOG) || path.equals(realPath) ? path + suffix : realPath + suffix;
  }

  /// The directory of the database, where a copy shares its file system, and then `others`.
  List<String> scratchDirectories(List<String> others) {
    List<String> directories = new ArrayList<>();
    int slash = realPath.lastIndexOf('/');
    directories.add(slash <= 0 ? "/" : realPath.substring(0, slash));
    directories.addAll(others);
    return directories;
  }

  /// The path for people.
  String shown() {
    return OsString.display(path);
  }

  private static boolean exists(String path) throws PosixException {
    try {
      Posix.stat(path);
      return true;
    } catch (PosixException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENAMETOOLONG) {
        return false;
      }
      throw e;
    }
  }
}
