package dev.holdfast.cli.demo;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// The demonstration's application data: accounts, and transfers between them, in SQLite. Whatever
/// moment a backup shows, no money may have come or gone.
final class Bank {
  static final int ACCOUNTS = 1000;
  static final long OPENING_BALANCE = 1000;

  /// Letters to customers, so that there is more in the database than what changes.
  private static final int LETTER_BYTES = 20_000;

  private Bank() {}

  static Connection open(Path file) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      statement.execute("pragma busy_timeout = 10000");
      statement.execute("pragma foreign_keys = on");
    }
    return connection;
  }

  static void create(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("pragma journal_mode = wal");
      statement.execute("pragma synchronous = normal");
      statement.execute(
          """
          create table account (
            id integer primary key,
            balance integer not null,
            transfers integer not null default 0)\
          """);
      statement.execute(
          """
          create table transfer (
            id integer primary key,
            payer integer not null references account,
            payee integer not null references account,
            amount integer not null,
            note text not null)\
          """);
      statement.execute("create index transfer_payer on transfer (payer)");
      statement.execute(
          """
          with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < %d)
          insert into account (id, balance) select n, %d from numbers\
          """
              .formatted(ACCOUNTS, OPENING_BALANCE));
      statement.execute(
          "create table letter (account integer not null references account, text text not null)");
      statement.execute(
          "insert into letter select id, hex(randomblob(%d)) from account"
              .formatted(LETTER_BYTES / 2));
      statement.execute("pragma wal_checkpoint(truncate)");
    }
  }

  /// Moves money from one account to another, in one transaction.
  static void transfer(Connection connection, int payer, int payee, int amount, String note)
      throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement take =
            connection.prepareStatement(
                "update account set balance = balance - ?, transfers = transfers + 1 where id = ?");
        PreparedStatement give =
            connection.prepareStatement("update account set balance = balance + ? where id = ?");
        PreparedStatement log =
            connection.prepareStatement(
                "insert into transfer (payer, payee, amount, note) values (?, ?, ?, ?)")) {
      take.setInt(1, amount);
      take.setInt(2, payer);
      take.executeUpdate();
      give.setInt(1, amount);
      give.setInt(2, payee);
      give.executeUpdate();
      log.setInt(1, payer);
      log.setInt(2, payee);
      log.setInt(3, amount);
      log.setString(4, note);
      log.executeUpdate();
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    }
  }

  /// How many transfers there are.
  static long transfers(Connection connection) throws SQLException {
    return number(connection, "select count(*) from transfer");
  }

  /// What is wrong with the data; empty if nothing is.
  static List<String> violations(Connection connection) throws SQLException {
    List<String> violations = new ArrayList<>();
    expect(
        violations,
        connection,
        "the sum of all balances",
        "select sum(balance) from account",
        ACCOUNTS * OPENING_BALANCE);
    expect(
        violations,
        connection,
        "transfers that no account counts",
        "select (select count(*) from transfer) - (select sum(transfers) from account)",
        0);
    expect(
        violations,
        connection,
        "accounts whose balance is not what their transfers come to",
        """
        select count(*) from account a where balance <> %d
          + (select coalesce(sum(amount), 0) from transfer where payee = a.id)
          - (select coalesce(sum(amount), 0) from transfer where payer = a.id)\
        """
            .formatted(OPENING_BALANCE),
        0);
    try (Statement statement = connection.createStatement();
        ResultSet check = statement.executeQuery("pragma integrity_check")) {
      if (!check.next() || !"ok".equals(check.getString(1))) {
        violations.add("the integrity check failed");
      }
    }
    return violations;
  }

  private static void expect(
      List<String> violations, Connection connection, String what, String query, long wanted)
      throws SQLException {
    long found = number(connection, query);
    if (found != wanted) {
      violations.add("%s: %d instead of %d".formatted(what, found, wanted));
    }
  }

  private static long number(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      return result.next() ? result.getLong(1) : 0;
    }
  }
}
