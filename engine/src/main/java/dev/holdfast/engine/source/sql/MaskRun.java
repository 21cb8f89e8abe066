package dev.holdfast.engine.source.sql;

import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/// Runs the statements that make a database fit for other eyes, in one transaction. A query among
/// them is a check: it must find no row, or nothing has any effect.
public final class MaskRun {
  private static final int SHOWN = 80;

  private final Connection connection;
  private final String name;

  /// @param name of the database, for messages
  public MaskRun(Connection connection, String name) {
    this.connection = connection;
    this.name = name;
  }

  /// Runs all of them, and commits.
  ///
  /// @throws HoldfastException.Rejected if one fails, or a check finds something
  public void run(List<String> statements) throws SQLException {
    connection.setAutoCommit(false);
    int number = 0;
    for (String sql : statements) {
      number++;
      String which = "statement %d, '%s',".formatted(number, shorten(sql));
      try (Statement statement = connection.createStatement()) {
        if (SqlScript.isQuery(sql)) {
          check(statement, sql, which);
        } else if (statement.execute(sql)) {
          statement.getResultSet().close();
        }
      } catch (SQLException e) {
        throw failed(which + " fails: " + QueryRun.firstLine(e));
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new HoldfastException.Cancelled("interrupted while masking " + name);
      }
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  private void check(Statement statement, String sql, String which) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      if (rows.next()) {
        throw failed(which + " is a check and finds a row that should not be there");
      }
    }
  }

  private HoldfastException failed(String what) {
    return new HoldfastException.Rejected(
        "masking of %s: %s".formatted(OsString.display(name), what),
        "try the statements on a copy that 'holdfast restore' writes");
  }

  private static String shorten(String sql) {
    String line = sql.replaceAll("\\s+", " ");
    return OsString.display(line.length() > SHOWN ? line.substring(0, SHOWN) + "..." : line);
  }
}
