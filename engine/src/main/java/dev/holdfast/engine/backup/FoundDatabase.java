package dev.holdfast.engine.backup;

import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.posix.FileStat;

/// A database among the files that are to be backed up.
///
/// @param engine its kind
/// @param file where it is in the file system, absolute
/// @param path where it will lie in the snapshot
/// @param stat what the file was when it was found
/// @param isExplicit whether it was named as a target itself
/// @param hasSidecars whether there were files beside it that belong to its state
record FoundDatabase(
    DatabaseEngine engine,
    String file,
    String path,
    FileStat stat,
    boolean isExplicit,
    boolean hasSidecars) {
  FoundDatabase withExplicit(boolean value) {
    return new FoundDatabase(engine, file, path, stat, value, hasSidecars);
  }

  FoundDatabase withStat(FileStat value) {
    return new FoundDatabase(engine, file, path, value, isExplicit, hasSidecars);
  }
}
