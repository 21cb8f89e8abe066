package dev.holdfast.engine.source;

import dev.holdfast.engine.source.sql.Answer;
import java.util.List;
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

  /// Runs one query on a database that nobody uses and that has no files beside it. The query sees
  /// that database and nothing else, and changes nothing.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException.Rejected if it cannot be answered
  /// @throws dev.holdfast.repository.error.HoldfastException.Cancelled if interrupted
  void query(String path, String query, Answer answer);

  /// Runs statements on a database that nobody uses and that has no files beside it, in one
  /// transaction ([dev.holdfast.engine.source.sql.MaskRun]), and then writes all of it anew, so
  /// that nothing of what they removed is left in unused parts of the file.
  ///
  /// @param rewritten where the new file goes, beside the old one, which stays
  /// @return what is in the new file
  SourceFacts mask(String path, List<String> statements, String rewritten);

  /// Makes a database of what its engine has exported to a folder.
  ///
  /// @param path where it goes; nothing is there
  /// @param like a database whose program will read it: it gets no newer format than that one has
  /// @throws dev.holdfast.repository.error.HoldfastException.Unsupported if there is no such thing
  default void importExport(String folder, String path, Optional<String> like) {
    throw new dev.holdfast.repository.error.HoldfastException.Unsupported(
        "databases of this kind have no exports", "");
  }

  /// The names of the files that every folder of an export has; empty if there are no exports.
  default List<String> exportNames() {
    return List.of();
  }
}
