package dev.holdfast.engine.source.sqlite;

import dev.holdfast.posix.Errno;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Set;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// Says what went wrong with a database in words that a person can act on.
final class Failures {
  /// The bytes of a database file on which SQLite places its locks (`os.h`, from `PENDING_BYTE`).
  static final long LOCK_BYTES_START = 0x4000_0000L;

  static final long LOCK_BYTES_LENGTH = 512;

  static final String LOCKED_HINT =
      "a connection with locking_mode=EXCLUSIVE, or with a transaction that does not end, keeps"
          + " others out: let it go, or stop the application for the backup";

  static final String WRITER_HINT =
      "run the backup as a user who may write the database and to its directory";

  private static final int BASE_CODE = 0xff;

  /// The wal-index is not whole: somebody writes it just now, or left it so.
  private static final Set<SQLiteErrorCode> FOR_WRITERS =
      Set.of(
          SQLiteErrorCode.SQLITE_READONLY_RECOVERY,
          SQLiteErrorCode.SQLITE_READONLY_CANTINIT,
          SQLiteErrorCode.SQLITE_READONLY_CANTLOCK);

  private Failures() {}

  /// @throws MovedOnException if it may be otherwise in a moment
  static HoldfastException of(DatabaseHandle database, SQLException e) throws MovedOnException {
    if (e instanceof SQLiteException failure && FOR_WRITERS.contains(failure.getResultCode())) {
      throw new MovedOnException("has a log that only those who write it can recover", WRITER_HINT);
    }
    return of(database.path(), database.file(), e);
  }

  /// What kind of failure it is, without what SQLite says more of some.
  static SQLiteErrorCode baseCode(SQLException e) {
    return SQLiteErrorCode.getErrorCode(e.getErrorCode() & BASE_CODE);
  }

  private static HoldfastException of(String path, RawFile file, SQLException e) {
    String name = "database " + OsString.display(path);
    return switch (baseCode(e)) {
      case SQLITE_BUSY, SQLITE_LOCKED -> locked(path, file);
      case SQLITE_NOTADB -> unreadable(path, "SQLite does not take it for a database");
      case SQLITE_CORRUPT, SQLITE_FORMAT, SQLITE_ERROR ->
          damaged(path, "SQLite says '" + e.getMessage() + "'");
      case SQLITE_READONLY ->
          new HoldfastException.Rejected(
              name + " needs its last transaction rolled back, and may not be written",
              "open it once with its application, or run the backup as a user who may write it");
      case SQLITE_FULL ->
          new HoldfastException.InputOutput(name + ": no space left on device", "", e);
      default ->
          new HoldfastException.InputOutput(
              name + " cannot be opened: " + e.getMessage(), "check its permissions", e);
    };
  }

  /// Somebody else's lock stands in the way for longer than the patience.
  static HoldfastException locked(String path, RawFile file) {
    return new HoldfastException.Rejected(
        "database " + OsString.display(path) + " " + lockedBySomebody(file), LOCKED_HINT);
  }

  static MovedOnException keepsChanging() {
    return new MovedOnException("keeps changing, and cannot be locked from here", WRITER_HINT);
  }

  /// Completes "database x ...".
  static String lockedBySomebody(RawFile file) {
    return "is locked" + holder(file);
  }

  static HoldfastException damaged(String path, String reason) {
    return new HoldfastException.Corrupt(
        "database " + OsString.display(path) + " is damaged: " + reason,
        "see what 'PRAGMA integrity_check' says, and recover it from an earlier snapshot",
        null);
  }

  /// Whether it is encrypted or damaged cannot be told from outside.
  static HoldfastException unreadable(String path, String reason) {
    return new HoldfastException.Unsupported(
        "database " + OsString.display(path) + " is encrypted or damaged: " + reason,
        "back it up through its application, or exclude it");
  }

  static HoldfastException io(String path, IOException e) {
    if (e instanceof PosixException posix && posix.errno() == Errno.ENOENT) {
      return new HoldfastException.NotFound(
          "database " + OsString.display(path) + " does not exist", "check the path");
    }
    return new HoldfastException.InputOutput(
        "database " + OsString.display(path) + " cannot be read: " + e.getMessage(), "", e);
  }

  /// ` by process N (name)`, as far as it can be told.
  private static String holder(RawFile file) {
    try {
      long pid = file.lockHolder(LOCK_BYTES_START, LOCK_BYTES_LENGTH);
      return pid <= 0 ? "" : " by process " + pid + nameOf(pid);
    } catch (PosixException e) {
      return "";
    }
  }

  private static String nameOf(long pid) {
    try {
      byte[] raw = Files.readAllBytes(Path.of("/proc/" + pid + "/comm"));
      String name = new String(raw, StandardCharsets.UTF_8).strip();
      return Posix.isAlive(pid) ? " (" + OsString.display(name) + ")" : "";
    } catch (IOException e) {
      return "";
    }
  }
}
