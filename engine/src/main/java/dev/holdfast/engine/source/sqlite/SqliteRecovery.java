package dev.holdfast.engine.source.sqlite;

import dev.holdfast.engine.source.DatabaseRecovery;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.sql.Answer;
import dev.holdfast.engine.source.sql.MaskRun;
import dev.holdfast.engine.source.sql.QueryRun;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteLimits;
import org.sqlite.SQLiteOpenMode;

/// SQLite as a recovery needs it.
final class SqliteRecovery implements DatabaseRecovery {
  /// A person waits for the rows of a database to be counted, so larger ones are not.
  private static final long LOOK_BYTES_MAX = 4L << 30;

  /// The bytes of the wal-index on which SQLite places its locks (`WALINDEX_LOCK_OFFSET`); every
  /// open connection in WAL mode holds a shared one on the last of them.
  private static final long SHM_LOCKS_START = 120;

  private static final long SHM_LOCKS_LENGTH = 9;

  private final SqliteOptions options;

  SqliteRecovery(SqliteOptions options) {
    this.options = options;
  }

  @Override
  public SourceFacts verify(String path) {
    try (SQLiteConnection connection = connect(path, "mode=ro&immutable=1")) {
      List<String> problems = new IntegrityCheck(connection).problems();
      if (!problems.isEmpty()) {
        throw Failures.damaged(path, "its integrity check says " + String.join("; ", problems));
      }
    } catch (SQLException e) {
      throw Failures.damaged(path, "SQLite says '" + e.getMessage() + "'");
    }
    return facts(path);
  }

  private SourceFacts facts(String path) {
    try (SqliteImage image = SqliteSource.open(path, options)) {
      return image.facts().orElseThrow();
    }
  }

  @Override
  public Optional<SourceFacts> look(String path) {
    try {
      if (FileLook.statIfPresent(path).map(stat -> stat.sizeBytes()).orElse(0L) > LOOK_BYTES_MAX) {
        return Optional.empty();
      }
      return Optional.of(facts(path));
    } catch (HoldfastException.Cancelled e) {
      throw e;
    } catch (HoldfastException | IOException e) {
      return Optional.empty(); // damaged, locked, or gone: that is why it is being recovered
    }
  }

  @Override
  public Optional<Long> lockHolder(String path) {
    Optional<Long> holder = holderOf(path, Failures.LOCK_BYTES_START, Failures.LOCK_BYTES_LENGTH);
    return holder.isPresent()
        ? holder
        : holderOf(Sidecars.shm(path), SHM_LOCKS_START, SHM_LOCKS_LENGTH);
  }

  private static Optional<Long> holderOf(String path, long start, long length) {
    try {
      Optional<RawFile> file = RawFile.openIfPresent(path);
      if (file.isEmpty()) {
        return Optional.empty();
      }
      try (RawFile open = file.get()) {
        long pid = open.lockHolder(start, length);
        return pid == 0 ? Optional.empty() : Optional.of(Math.max(pid, 0));
      }
    } catch (PosixException e) {
      throw Failures.io(path, e);
    }
  }

  @Override
  public Optional<String> settle(String path) {
    if (!hasSidecars(path)) {
      return Optional.empty();
    }
    try (SQLiteConnection connection = connect(path, "mode=rw");
        Statement statement = connection.createStatement()) {
      try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM sqlite_schema")) {
        rows.next(); // rolls back what a hot journal holds
      }
      try (ResultSet rows = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
        rows.next();
      }
    } catch (SQLException e) {
      return Optional.of("SQLite says '" + e.getMessage() + "'"); // it keeps its files
    }
    return hasSidecars(path) ? Optional.of("SQLite keeps its log") : Optional.empty();
  }

  private static boolean hasSidecars(String path) {
    for (String sidecar : Sidecars.all(path)) {
      try {
        if (FileLook.statIfPresent(sidecar).isPresent()) {
          return true;
        }
      } catch (PosixException e) {
        return true;
      }
    }
    return false;
  }

  /// Opened to be written to: a connection that may only read cannot remove the files beside the
  /// database that it made, when nobody else has it open.
  @Override
  public String ask(String path, String query) {
    try (SQLiteConnection connection = connect(path, "mode=rw");
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA query_only = 1");
      try (ResultSet rows = statement.executeQuery(query)) {
        String value = rows.next() ? rows.getString(1) : null;
        return value == null ? "" : value;
      }
    } catch (SQLException e) {
      throw new HoldfastException.Rejected(
          "database " + OsString.display(path) + " does not answer: " + e.getMessage(), "");
    }
  }

  @Override
  public void query(String path, String query, Answer answer) {
    String shown = OsString.display(path);
    try (SQLiteConnection connection = connect(path, "mode=ro&immutable=1")) {
      isolate(connection);
      QueryRun.run(connection, shown, query, answer);
    } catch (SQLException e) {
      throw Failures.damaged(path, "SQLite says '" + e.getMessage() + "'");
    }
  }

  /// What a person's statements run in: they see this database and no other file.
  private static void isolate(SQLiteConnection connection) throws SQLException {
    connection.setLimit(SQLiteLimits.SQLITE_LIMIT_ATTACHED, 0);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA trusted_schema = OFF");
      statement.execute("PRAGMA temp_store = MEMORY");
    }
  }

  /// A database is written anew by `VACUUM INTO`, which keeps rowids, and has no room for what was
  /// deleted.
  @Override
  public SourceFacts mask(String path, List<String> statements, String rewritten) {
    try {
      String mode;
      try (SQLiteConnection connection = connect(path, "mode=rw")) {
        isolate(connection);
        new MaskRun(connection, path).run(statements);
      }
      try (SQLiteConnection connection = connect(path, "mode=rw")) {
        mode = pragma(connection, "journal_mode");
        try (PreparedStatement vacuum = connection.prepareStatement("VACUUM INTO ?")) {
          vacuum.setString(1, rewritten);
          vacuum.execute();
        }
      }
      try (SQLiteConnection connection = connect(rewritten, "mode=rw")) {
        String kept = pragma(connection, "journal_mode = " + mode);
        assert kept.equals(mode);
      }
      return verify(rewritten);
    } catch (SQLException e) {
      throw new HoldfastException.InputOutput(
          "database %s cannot be masked: SQLite says '%s'"
              .formatted(OsString.display(path), Reason.of(e)),
          "",
          e);
    }
  }

  private static String pragma(SQLiteConnection connection, String pragma) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA " + pragma)) {
      return rows.next() ? String.valueOf(rows.getString(1)) : "";
    }
  }

  private SQLiteConnection connect(String path, String parameters) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setOpenMode(SQLiteOpenMode.OPEN_URI);
    config.setBusyTimeout(Math.toIntExact(options.patience().toMillis()));
    String url = JDBC.PREFIX + "file:" + SqliteSession.uriPath(path) + "?" + parameters;
    return JDBC.createConnection(url, config.toProperties());
  }
}
