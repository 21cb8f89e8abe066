package dev.holdfast.engine.source.sqlite;

import dev.holdfast.posix.FileStat;
import java.io.IOException;
import java.util.Optional;

/// A copy of a database in a rollback mode that is made before its lock is taken, in the hope that
/// nobody writes meanwhile. If the file is then seen under the lock to be unchanged, it is the
/// committed state, and no writer had to wait for the copy.
///
/// Whatever writes to the file changes its times, a rolled back transaction or the rollback of a
/// hot journal included. Only a second write within one tick of the file system's clock does not;
/// so only files are copied early that have been left alone for much longer than that.
///
/// @param stage the copy
/// @param before the file when the copy was begun
record EarlyCopy(RawFile stage, FileStat before) {
  /// Copies the file, if it is worth trying. The copy stays open as long as the handle.
  static Optional<EarlyCopy> of(DatabaseHandle handle, SqliteOptions options) throws IOException {
    FileStat before = handle.file().stat();
    if (!FileLook.isOlderThan(options.leftAlone(), before)) {
      return Optional.empty();
    }
    RawFile stage =
        Staging.beside(handle.realPath(), options).create(handle.path(), before.sizeBytes());
    handle.keep(stage);
    long copied = Staging.copy(handle.file(), stage, before.sizeBytes());
    return copied == before.sizeBytes()
        ? Optional.of(new EarlyCopy(stage, before))
        : Optional.empty();
  }

  /// To be asked under the lock: whether this is the file as it is now.
  boolean isCurrent(DatabaseHandle handle) throws IOException {
    return FileLook.isUnchanged(before, handle.file().stat());
  }
}
