package dev.holdfast.engine.backup;

import java.time.Duration;

/// Something that happened during a backup. Paths are in the form of [dev.holdfast.posix.OsString],
/// to be made fit to show by whoever shows them.
public sealed interface BackupEvent {
  /// What there is to do is known.
  record Totals(long files, long directories, long bytes) implements BackupEvent {}

  /// A worker begins to read a file.
  ///
  /// @param path where it lies in the snapshot
  record FileStarted(String path) implements BackupEvent {}

  /// Bytes of a file were read and stored, or need not be.
  record BytesDone(long bytes) implements BackupEvent {}

  /// A file or directory is stored.
  ///
  /// @param path where it lies in the snapshot
  /// @param addedBytes plain bytes of what was not in the repository before
  /// @param storedBytes what those take in the repository
  record ItemDone(
      String path,
      ItemKind kind,
      Change change,
      long sizeBytes,
      long addedBytes,
      long storedBytes,
      Duration duration)
      implements BackupEvent {}

  /// A rule left something out.
  record Excluded(String path) implements BackupEvent {}

  /// Something could not be stored, or not as it is.
  ///
  /// @param path where it is in the file system
  /// @param message lowercase, without the path
  record Problem(String path, String message) implements BackupEvent {}

  /// Something is to be known about a thing that was stored nevertheless.
  ///
  /// @param path where it is in the file system
  /// @param message lowercase, without the path
  record Warning(String path, String message) implements BackupEvent {}

  /// What an item is.
  enum ItemKind {
    FILE,
    DIRECTORY
  }

  /// How an item compares with the parent snapshot.
  enum Change {
    NEW,
    CHANGED,
    UNCHANGED
  }
}
