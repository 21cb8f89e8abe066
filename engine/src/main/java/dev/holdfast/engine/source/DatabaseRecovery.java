package dev.holdfast.engine.source;

import java.util.Optional;

/// What a recovery needs of a kind of database that lives in a file: a second view of a
/// [DatabaseEngine]. Thread-safe. Paths are absolute and free of links, in the form of
/// [dev.holdfast.posix.OsString].
public interface DatabaseRecovery {
  /// Bytes from the start of a file that [#requireReadable] wants to see, at most.
  int HEAD_BYTES = 12 * 1024;

  /// Makes sure, by its first bytes, that a database can be opened here: that it is of no format
  /// that is newer than this program, and needs no key.
  ///
  /// @param shown its name for messages
  /// @param head fewer than [#HEAD_BYTES] only if the file is that short
  /// @throws dev.holdfast.repository.error.HoldfastException.Unsupported if it cannot
  default void requireReadable(String shown, byte[] head) {}

  /// Opens a database that nobody uses, has its engine check all of it, and says what is in it.
  /// Changes nothing, and leaves no file beside it.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException.Corrupt if the check finds anything
  SourceFacts verify(String path);

  /// What is in a live database now, without keeping anybody from writing.
  ///
  /// @return empty if it cannot be told, such as of a damaged database or one that is too large to
  ///   be counted while a person waits
  Optional<SourceFacts> look(String path);

  /// The process whose lock shows that it has the database open.
  ///
  /// @return empty if there is no lock; zero if its process cannot be told
  Optional<Long> lockHolder(String path);

  /// Brings what the files beside the database hold into the database itself, as its engine does
  /// when the last user leaves. Nobody uses the database.
  ///
  /// The database stays readable by the version of its engine that wrote it.
  ///
  /// @return empty if the database file alone is now the whole state; else why not, and nothing is
  ///   lost: the files beside it stay and must go wherever it goes
  Optional<String> settle(String path);

  /// The first value that a query has for an answer, as text; empty for none.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException.Rejected if it cannot be answered
  String ask(String path, String query);
}
