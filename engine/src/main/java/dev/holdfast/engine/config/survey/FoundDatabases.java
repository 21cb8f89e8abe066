package dev.holdfast.engine.config.survey;

import dev.holdfast.engine.config.recovery.RecoveryNames;
import dev.holdfast.engine.filter.UnixPath;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.posix.DirEntry;
import dev.holdfast.posix.FileType;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The databases under a folder, found by their content. No symbolic link is followed, and no
/// safety copy of a recovery is one of them.
///
/// @param engines each database's path relative to the folder, with the name of its engine
/// @param complete whether everything could be looked at
record FoundDatabases(Map<String, String> engines, boolean complete) {
  /// A survey is to help a person who waits for it.
  private static final int MAX_LOOKS = 500_000;

  static FoundDatabases under(String root, List<DatabaseEngine> known) {
    Map<String, String> found = new TreeMap<>();
    Deque<String> folders = new ArrayDeque<>(List.of(""));
    boolean complete = true;
    int looks = 0;
    while (!folders.isEmpty() && looks < MAX_LOOKS) {
      String folder = folders.removeFirst();
      try {
        for (DirEntry entry : Posix.readDirectory(UnixPath.join(root, folder))) {
          looks++;
          if (RecoveryNames.isOurs(entry.name())) {
            continue;
          }
          String path = folder.isEmpty() ? entry.name() : UnixPath.join(folder, entry.name());
          FileType type = type(root, path, entry);
          if (type == FileType.DIRECTORY) {
            folders.add(path);
          } else if (type == FileType.REGULAR) {
            complete &= look(root, path, known, found);
          }
        }
      } catch (PosixException e) {
        complete = false;
      }
    }
    return new FoundDatabases(found, complete && folders.isEmpty());
  }

  private static boolean look(
      String root, String path, List<DatabaseEngine> known, Map<String, String> found) {
    try {
      for (DatabaseEngine engine : known) {
        if (engine.recognizes(UnixPath.join(root, path))) {
          found.put(path, engine.name());
          return true;
        }
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static FileType type(String root, String path, DirEntry entry) throws PosixException {
    return entry.type() == FileType.UNKNOWN
        ? Posix.lstat(UnixPath.join(root, path)).type()
        : entry.type();
  }
}
