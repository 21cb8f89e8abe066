package dev.holdfast.engine.source.duckdb;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Locale;

/// Says what went wrong with a database in words that a person can act on.
final class Failures {
  private Failures() {}

  static HoldfastException damaged(Place place, String reason) {
    return new HoldfastException.Corrupt(
        "database %s is damaged: %s".formatted(place.shown(), reason),
        "see whether DuckDB still opens it, and recover it from an earlier snapshot",
        null);
  }

  static HoldfastException tooOld(Place place, FileHead head) {
    return new HoldfastException.Unsupported(
        "database %s has storage version %d, which is older than DuckDB 0.9"
            .formatted(place.shown(), head.storageVersion()),
        "export it with the DuckDB that wrote it, and import it into a current one");
  }

  static HoldfastException tooNew(Place place, FileHead head) {
    return new HoldfastException.Unsupported(
        "database %s has storage version %d (%s), which is newer than the DuckDB that would check it"
            .formatted(place.shown(), head.storageVersion(), head.library()),
        "use a newer Holdfast, or allow it to be stored unverified");
  }

  static HoldfastException encrypted(Place place) {
    return new HoldfastException.Unsupported(
        "database %s is encrypted, and cannot be checked without its key".formatted(place.shown()),
        "let its application export it, or allow it to be stored unverified");
  }

  /// @param what with a place for the database's name
  static HoldfastException notRecoverable(String what, Place place) {
    return new HoldfastException.Unsupported(
        what.formatted(place.shown()),
        "a newer Holdfast may read it; 'holdfast restore' writes it into a folder as it is");
  }

  static HoldfastException replaced(Place place) {
    return new HoldfastException.Rejected(
        "database %s was replaced by another file while it was copied".formatted(place.shown()),
        "run the backup again when nobody replaces its files");
  }

  /// What DuckDB said of a copy that should have opened.
  static HoldfastException refusedByDuckDb(Place place, String saying) {
    if (saying.startsWith("Out of Memory")) {
      return new HoldfastException.InputOutput(
          "database %s takes too much memory to be checked: DuckDB says '%s'"
              .formatted(place.shown(), saying),
          "let its application run CHECKPOINT, so that less has to be replayed",
          null);
    }
    if (saying.toLowerCase(Locale.ROOT).contains("extension")) {
      return new HoldfastException.Unsupported(
          "database %s cannot be checked here: DuckDB says '%s'".formatted(place.shown(), saying),
          "allow it to be stored unverified, or let its application export it");
    }
    return damaged(place, "DuckDB says '" + saying + "'");
  }

  /// The first line of what DuckDB says, of `path` instead of the name it was opened by.
  static String saying(SQLException e, String opened, String path) {
    String text = String.valueOf(e.getMessage()).lines().findFirst().orElse("nothing");
    return OsString.display(text.replace(opened, path));
  }

  static HoldfastException io(String path, IOException e) {
    if (e instanceof PosixException posix && posix.errno() == Errno.ENOENT) {
      return new HoldfastException.NotFound(
          "database " + OsString.display(path) + " does not exist", "check the path");
    }
    return new HoldfastException.InputOutput(
        "database " + OsString.display(path) + " cannot be read: " + e.getMessage(), "", e);
  }
}
