package dev.holdfast.engine.source.sql;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.parallel.ThreadEnd;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Runs one query. A database works in native code, which an interrupt does not reach: so the query
/// runs in a thread of its own, and the thread that waits for it cancels it.
public final class QueryRun {
  private static final Duration CANCEL_EVERY = Duration.ofMillis(50);

  private QueryRun() {}

  /// Asks, and hands over the answer.
  ///
  /// @param name of the database, for messages
  /// @param query one statement
  /// @throws HoldfastException.Rejected if it is not one query, or is not understood
  /// @throws HoldfastException.Cancelled if this thread is interrupted
  public static void run(Connection connection, String name, String query, Answer answer)
      throws SQLException {
    if (SqlScript.split(query).size() != 1) {
      throw new HoldfastException.Rejected("that is not one statement", "ask one query at a time");
    }
    try (Statement statement = connection.createStatement()) {
      FutureTask<Void> asking =
          new FutureTask<>(() -> {
            ask(statement, name, query, answer);
            return null;
          });
      Thread thread = Thread.ofPlatform().name("query").daemon().start(asking);
      try {
        asking.get();
      } catch (InterruptedException e) {
        // Once is not enough: a query that has not begun yet would not notice.
        do {
          statement.cancel();
        } while (!ThreadEnd.await(thread, CANCEL_EVERY));
        throw new HoldfastException.Cancelled("the query was interrupted");
      } catch (ExecutionException e) {
        throw rethrown(e.getCause());
      }
    }
  }

  private static void ask(Statement statement, String name, String query, Answer answer) {
    try {
      if (!statement.execute(query)) {
        throw new HoldfastException.Rejected(
            "that is no query: it has no answer", "nothing in a snapshot can be changed");
      }
      try (ResultSet rows = statement.getResultSet()) {
        answer(rows, answer);
      }
    } catch (SQLException e) {
      throw new HoldfastException.Rejected(
          "database %s does not answer: %s".formatted(name, firstLine(e)), "");
    }
  }

  private static void answer(ResultSet rows, Answer answer) throws SQLException {
    ResultSetMetaData columns = rows.getMetaData();
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      names.add(columns.getColumnLabel(i));
    }
    answer.columns(names);
    while (rows.next()) {
      List<Cell> cells = new ArrayList<>(names.size());
      for (int i = 1; i <= names.size(); i++) {
        cells.add(Cell.of(rows, i));
      }
      answer.row(cells);
    }
  }

  static String firstLine(SQLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("nothing");
  }

  private static RuntimeException rethrown(@org.jspecify.annotations.Nullable Throwable cause) {
    if (cause instanceof RuntimeException expected) {
      return expected;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("a query has no other exceptions", cause);
  }
}
