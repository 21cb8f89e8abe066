package dev.holdfast.engine.source.sqlite;

import dev.holdfast.posix.OsString;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteOpenMode;

/// One connection of SQLite's own library to a database. Not thread-safe.
final class SqliteSession implements AutoCloseable {
  /// What a connection may do to the files.
  enum Access {
    /// Never writes the database: as the last connection to close, it leaves the log where it is.
    READ("ro"),
    /// May roll back a hot journal, take the write lock, and as the last to close remove the log.
    WRITE("rw");

    private final String mode;

    Access(String mode) {
      this.mode = mode;
    }
  }

  /// The page cache in KiB: pages are read around SQLite, so it needs a few for the schema alone.
  private static final int CACHE_KIB = 256;

  private static final HexFormat HEX = HexFormat.of().withUpperCase();
  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";

  private final SQLiteConnection connection;
  private final Statement statement;
  private final PreparedStatement touch;

  private SqliteSession(SQLiteConnection connection) throws SQLException {
    this.connection = connection;
    this.statement = connection.createStatement();
    statement.execute("PRAGMA cache_size = -" + CACHE_KIB);
    this.touch = connection.prepareStatement("PRAGMA schema_version");
  }

  /// Opens the database at `path`, which must be free of symbolic links; never creates one.
  static SqliteSession open(String path, Access access, Duration patience) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setOpenMode(SQLiteOpenMode.OPEN_URI);
    config.setBusyTimeout(Math.toIntExact(patience.toMillis()));
    String url = JDBC.PREFIX + "file:" + uriPath(path) + "?mode=" + access.mode;
    SQLiteConnection connection = JDBC.createConnection(url, config.toProperties());
    try {
      return new SqliteSession(connection);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /// The path with every byte escaped that means something in a URI, or is not ASCII: so any name
  /// that the system has reaches SQLite byte for byte.
  static String uriPath(String path) {
    StringBuilder out = new StringBuilder();
    for (byte b : OsString.encode(path)) {
      if (b > 0 && UNRESERVED.indexOf(b) >= 0) {
        out.append((char) b);
      } else {
        out.append('%').append(HEX.toHexDigits(b));
      }
    }
    return out.toString();
  }

  /// Makes SQLite refuse any change through this connection, the write lock included.
  void restrictToQueries() throws SQLException {
    statement.execute("PRAGMA query_only = 1");
  }

  /// Starts a transaction and reads, which is what fixes the state it sees.
  void beginRead() throws SQLException {
    statement.execute("BEGIN");
    try (ResultSet rows = touch.executeQuery()) {
      rows.next();
    }
  }

  /// Takes the write lock without writing.
  void beginImmediate() throws SQLException {
    statement.execute("BEGIN IMMEDIATE");
  }

  void rollback() throws SQLException {
    statement.execute("ROLLBACK");
  }

  /// The number that `sql` has in its one row.
  long number(String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /// The text that `sql` has in its one row.
  String text(String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return String.valueOf(rows.getString(1));
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // Nothing was written, and the operating system releases what the library could not.
      return;
    }
  }
}
