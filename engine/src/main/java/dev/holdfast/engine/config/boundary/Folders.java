package dev.holdfast.engine.config.boundary;

import dev.holdfast.engine.config.recovery.RecoveryNames;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.posix.DirEntry;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Questions to the file system about names of any bytes.
final class Folders {
  private static final int READ = OpenFlag.O_RDONLY | OpenFlag.O_DIRECTORY | OpenFlag.O_CLOEXEC;

  private Folders() {}

  /// The names in a folder but for what recoveries left there, in the order of their bytes.
  ///
  /// @param follow whether `path` itself may be a link
  static List<String> names(String path, boolean follow) throws PosixException {
    int fd = open(path, READ | (follow ? 0 : OpenFlag.O_NOFOLLOW));
    List<String> names = new ArrayList<>();
    try {
      for (DirEntry entry : Posix.readDirectory(fd)) {
        if (!RecoveryNames.isOurs(entry.name())) {
          names.add(entry.name());
        }
      }
    } finally {
      Posix.close(fd);
    }
    names.sort(OsString::compare);
    return names;
  }

  private static int open(String path, int flags) throws PosixException {
    try {
      return Posix.open(path, flags | OpenFlag.O_NOATIME, 0);
    } catch (PosixException e) {
      if (e.errno() != Errno.EPERM) {
        throw e;
      }
      return Posix.open(path, flags, 0);
    }
  }

  /// Whether the file `path` belongs to the state of a database that is one of `files`: a
  /// write-ahead log, say.
  static boolean isSidecar(String path, Set<String> files, List<DatabaseEngine> engines) {
    for (DatabaseEngine engine : engines) {
      for (String suffix : engine.sidecarSuffixes()) {
        String database = path.substring(0, Math.max(0, path.length() - suffix.length()));
        if (path.endsWith(suffix) && files.contains(database) && recognizes(engine, database)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean recognizes(DatabaseEngine engine, String path) {
    try {
      return engine.recognizes(path);
    } catch (IOException e) {
      // The backup will say what is wrong with the database.
      return true;
    }
  }
}
