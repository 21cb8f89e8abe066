package dev.holdfast.engine.source;

import java.util.List;

/// The portable form that a kind of database has of its own: a folder of scripts and files that any
/// version of its engine takes in. Thread-safe. Paths are absolute, in the form of
/// [dev.holdfast.posix.OsString].
public interface DatabaseExport {
  /// What every such folder has.
  List<String> marks();

  /// Writes a database to a folder.
  ///
  /// @param database a state that nobody else uses, the files beside it included; unchanged
  ///   afterwards
  /// @param folder does not exist; nothing in what is written depends on where it lies
  /// @return what is in it
  SourceFacts write(String database, String folder);

  /// Makes a database of a folder, which anybody may have written: it can read that folder alone,
  /// and write nothing but the database.
  ///
  /// @param folder nobody else changes it, and what is written there is lost
  /// @param database does not exist
  /// @return what is in it
  /// @throws dev.holdfast.repository.error.HoldfastException.Corrupt if it is not whole
  SourceFacts read(String folder, String database);
}
