package dev.holdfast.engine.source;

import java.io.IOException;
import java.util.List;

/// A kind of database that lives in a file and is recognized by its content. One implementation for
/// each kind, named in the composition root. Thread-safe.
public interface DatabaseEngine {
  /// Bytes from the start of a file that [#recognizes] wants to see, at most.
  int HEAD_BYTES = 4096;

  /// The kind's name for messages and the manifest, such as `sqlite`.
  String name();

  /// Whether a file is such a database, by its first bytes: `length` of them from `head[0]`, fewer
  /// than [#HEAD_BYTES] only if the file is that short.
  boolean recognizes(byte[] head, int length);

  /// Whether the regular file at `path` is such a database, by everything that can be seen of it,
  /// the files beside it included. Unlike any other way to open the file, this may be called while
  /// it is open here as a database.
  ///
  /// @param path absolute, in the form of [dev.holdfast.posix.OsString]
  /// @throws IOException if it cannot be read
  boolean recognizes(String path) throws IOException;

  /// What the names of the files beside a database end in that belong to its state, such as `-wal`.
  /// They are never stored with a database, and no other code may open them, or the database, while
  /// it is open here: closing any descriptor of a file drops the process's POSIX locks on it.
  List<String> sidecarSuffixes();

  /// Opens one committed state of the database.
  ///
  /// @param path absolute, in the form of [dev.holdfast.posix.OsString]
  /// @throws dev.holdfast.repository.error.HoldfastException.Corrupt if it is damaged
  /// @throws dev.holdfast.repository.error.HoldfastException.Unsupported if it cannot be understood
  /// @throws dev.holdfast.repository.error.HoldfastException for every other expected reason, such
  ///   as a lock that is held too long
  Content open(String path);
}
