package dev.holdfast.engine.source.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// A small application with rules that hold in every committed state, and in hardly any other.
public final class Bank {
  public static final int ACCOUNTS = 50;
  public static final int OPENING_BALANCE = 1000;

  private Bank() {}

  public static Connection connect(Path database) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 60000");
      statement.execute("PRAGMA foreign_keys = ON");
    }
    return connection;
  }

  public static void create(Path database, int pageSize, String journalMode) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA page_size = " + pageSize);
      statement.execute("PRAGMA journal_mode = " + journalMode);
      for (String sql : schema()) {
        statement.execute(sql);
      }
    }
  }

  private static List<String> schema() {
    return List.of(
        "BEGIN",
        "CREATE TABLE account(id INTEGER PRIMARY KEY, balance INTEGER NOT NULL)",
        "CREATE TABLE entry(id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES account(id),"
            + " amount INTEGER NOT NULL, note TEXT)",
        "CREATE INDEX entry_account ON entry(account, amount)",
        "CREATE TABLE document(id INTEGER PRIMARY KEY, account INTEGER NOT NULL"
            + " REFERENCES account(id), body BLOB NOT NULL)",
        "CREATE TABLE mirror(id INTEGER PRIMARY KEY CHECK(id = 1), entries INTEGER, documents"
            + " INTEGER, bytes INTEGER, sequence INTEGER)",
        "INSERT INTO mirror VALUES(1, 0, 0, 0, 0)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) INSERT INTO"
                .formatted(ACCOUNTS)
            + " account SELECT i, %d FROM n".formatted(OPENING_BALANCE),
        "COMMIT");
  }

  /// What is wrong with the database, which should be nothing.
  public static List<String> faults(Path database) throws SQLException {
    List<String> faults = new ArrayList<>();
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      String integrity = text(statement, "PRAGMA integrity_check");
      if (!integrity.equals("ok")) {
        faults.add("integrity: " + integrity);
      }
      expect(faults, statement, "SELECT count(*) FROM pragma_foreign_key_check", "0");
      expect(
          faults,
          statement,
          "SELECT sum(balance) FROM account",
          String.valueOf(ACCOUNTS * OPENING_BALANCE));
      expect(faults, statement, "SELECT coalesce(sum(amount), 0) FROM entry", "0");
      expect(
          faults,
          statement,
          "SELECT ((SELECT count(*) FROM entry) - entries) || ',' || ((SELECT count(*) FROM document)"
              + " - documents) || ',' || ((SELECT coalesce(sum(length(body)), 0) FROM document) -"
              + " bytes) FROM mirror",
          "0,0,0");
    }
    return faults;
  }

  public static long sequence(Path database) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      return Long.parseLong(text(statement, "SELECT sequence FROM mirror"));
    }
  }

  private static void expect(List<String> faults, Statement statement, String sql, String value)
      throws SQLException {
    String found = text(statement, sql);
    if (!found.equals(value)) {
      faults.add(sql + ": " + found + " instead of " + value);
    }
  }

  public static String text(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? String.valueOf(rows.getString(1)) : "nothing";
    }
  }
}
