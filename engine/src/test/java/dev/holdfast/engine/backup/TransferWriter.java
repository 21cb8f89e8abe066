package dev.holdfast.engine.backup;

import dev.holdfast.engine.source.sqlite.Bank;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;

/// A process that moves value from one database to another, and back, until its input ends. It
/// holds the write locks of both when it commits in one and then in the other, so that whoever can
/// lock both sees every transfer whole; whoever looks at one after the other does not.
final class TransferWriter {
  static final int OPENING_BALANCE = 1_000_000;

  private TransferWriter() {}

  static void create(Path database, String journalMode) throws SQLException {
    try (Connection connection = Bank.connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = " + journalMode);
      statement.execute("CREATE TABLE purse(balance INTEGER, transfers INTEGER)");
      statement.execute("INSERT INTO purse VALUES(%d, 0)".formatted(OPENING_BALANCE));
      statement.execute("CREATE TABLE history(id INTEGER PRIMARY KEY, amount INTEGER)");
    }
  }

  /// `balance,transfers,rows of history` of a database.
  static long[] state(Path database) throws SQLException {
    try (Connection connection = Bank.connect(database);
        Statement statement = connection.createStatement()) {
      String[] words =
          Bank.text(
                  statement,
                  "SELECT balance || ',' || transfers || ',' || (SELECT count(*) FROM history) FROM"
                      + " purse")
              .split(",", -1);
      return new long[] {
        Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2])
      };
    }
  }

  /// Arguments: seed, two databases in the order of their locks.
  public static void main(String[] args) throws SQLException, IOException, InterruptedException {
    Random random = new Random(Long.parseLong(args[0]));
    try (Connection one = Bank.connect(Path.of(args[1]));
        Connection other = Bank.connect(Path.of(args[2]));
        Statement first = one.createStatement();
        Statement second = other.createStatement()) {
      for (Statement statement : new Statement[] {first, second}) {
        statement.execute("PRAGMA synchronous = OFF");
        statement.execute("PRAGMA wal_autocheckpoint = " + random.nextInt(5, 100));
      }
      System.out.println("ready");
      BufferedReader input =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      while (!input.ready()) {
        transfer(first, second, random);
      }
    }
  }

  private static void transfer(Statement first, Statement second, Random random)
      throws SQLException, InterruptedException {
    int amount = random.nextInt(-50, 50);
    first.execute("BEGIN IMMEDIATE");
    second.execute("BEGIN IMMEDIATE");
    change(first, -amount);
    change(second, amount);
    boolean firstGoesFirst = random.nextBoolean();
    (firstGoesFirst ? first : second).execute("COMMIT");
    // Between the two commits only the other's lock keeps the halves together.
    Thread.sleep(random.nextInt(3));
    (firstGoesFirst ? second : first).execute("COMMIT");
  }

  private static void change(Statement statement, int amount) throws SQLException {
    statement.execute(
        "UPDATE purse SET balance = balance + %d, transfers = transfers + 1".formatted(amount));
    statement.execute("INSERT INTO history(amount) VALUES(%d)".formatted(amount));
    statement.execute("DELETE FROM history WHERE id <= (SELECT max(id) - 2000 FROM history)");
  }
}
