package dev.holdfast.engine.source;

import java.util.Optional;

/// What a recovery needs of a kind of database that lives in a file: a second view of a
/// [DatabaseEngine]. Thread-safe. Paths are absolute and free of links, in the form of
/// [dev.holdfast.posix.OsString].
public interface DatabaseRecovery {
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
  /// @return whether the database file alone is now the whole state; if not, nothing is lost: the
  ///   files beside it stay and must go wherever it goes
  boolean settle(String path);

  /// The first value that a query has for an answer, as text; empty for none.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException.Rejected if it cannot be answered
  String ask(String path, String query);
}
