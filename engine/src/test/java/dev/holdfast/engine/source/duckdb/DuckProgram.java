package dev.holdfast.engine.source.duckdb;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;

/// A program that uses a DuckDB database, started in a process of its own with the driver of any
/// version: a bank whose books balance in every committed state.
final class DuckProgram {
  static final int ACCOUNTS = 1000;
  static final int OPENING_BALANCE = 1000;
  static final int ENTRIES_OF_TRANSFER = 10;

  /// More than a row group: such a load writes its blocks before it commits.
  static final int ROWS_OF_LOAD = 130_000;

  private static final int LOADS_MAX = 4;

  private DuckProgram() {}

  public static void main(String[] arguments) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + arguments[1]);
        Statement statement = connection.createStatement()) {
      switch (arguments[0]) {
        case "make" -> {
          make(statement);
          leave();
        }
        case "write" -> write(connection, statement, Long.parseLong(arguments[2]), arguments[3]);
        case "audit" -> say(audit(statement));
        case "run" -> {
          for (int i = 2; i < arguments.length; i++) {
            statement.execute(arguments[i]);
          }
          leave();
        }
        default -> throw new IllegalArgumentException(arguments[0]);
      }
    }
  }

  /// Ends as a crash does: the log stays.
  private static void leave() {
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  @SuppressWarnings("SystemOut") // A program of its own.
  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private static void make(Statement statement) throws SQLException {
    statement.execute(
        "CREATE TABLE account AS SELECT CAST(range AS INTEGER) AS id, "
            + OPENING_BALANCE
            + " AS balance FROM range("
            + ACCOUNTS
            + ")");
    statement.execute("CREATE TABLE entry(id BIGINT PRIMARY KEY, account INTEGER, amount INTEGER)");
    statement.execute("CREATE TABLE load(i BIGINT, v BIGINT)");
    statement.execute("CREATE TABLE progress(transfers BIGINT, loads BIGINT)");
    statement.execute("INSERT INTO progress VALUES (0, 0)");
    statement.execute("CREATE VIEW rich AS SELECT * FROM account WHERE balance > 1000");
    statement.execute("CHECKPOINT");
    Random random = new Random(1);
    for (int i = 0; i < 20; i++) {
      transfer(statement, random, i);
    }
    load(statement, 0);
  }

  /// Transfers, loads and checkpoints until the process is killed; says `ready` after the first.
  ///
  /// @param mix letters: `t` a transfer, `l` a load, `d` a table dropped and made anew, `c` a
  ///   checkpoint
  private static void write(Connection connection, Statement statement, long seed, String mix)
      throws SQLException {
    Random random = new Random(seed);
    long transfers = number(statement, "SELECT transfers FROM progress");
    int loads = 0;
    boolean ready = false;
    while (true) {
      switch (mix.charAt(random.nextInt(mix.length()))) {
        case 't' -> {
          connection.setAutoCommit(false);
          transfer(statement, random, transfers++);
          connection.commit();
          connection.setAutoCommit(true);
        }
        case 'l' -> {
          connection.setAutoCommit(false);
          load(statement, loads++ % LOADS_MAX);
          connection.commit();
          connection.setAutoCommit(true);
        }
        case 'd' ->
            statement.execute(
                "CREATE OR REPLACE TABLE other AS SELECT range AS i, range * 7 AS v FROM range("
                    + ROWS_OF_LOAD
                    + ")");
        case 'c' -> statement.execute("CHECKPOINT");
        default -> throw new IllegalArgumentException(mix);
      }
      if (!ready) {
        ready = true;
        say("ready");
      }
    }
  }

  /// Moves money between accounts and writes down every move, with nothing gained or lost.
  private static void transfer(Statement statement, Random random, long number)
      throws SQLException {
    StringBuilder entries = new StringBuilder();
    for (int i = 0; i < ENTRIES_OF_TRANSFER; i++) {
      int account = random.nextInt(ACCOUNTS);
      int amount = i % 2 == 0 ? 5 : -5;
      statement.execute(
          "UPDATE account SET balance = balance + " + amount + " WHERE id = " + account);
      entries
          .append(i == 0 ? "" : ",")
          .append("(%d,%d,%d)".formatted(number * ENTRIES_OF_TRANSFER + i, account, amount));
    }
    statement.execute("INSERT INTO entry VALUES " + entries);
    statement.execute("UPDATE progress SET transfers = transfers + 1");
  }

  /// Loads many rows; the first load of a cycle throws away those before.
  private static void load(Statement statement, int number) throws SQLException {
    if (number == 0) {
      statement.execute("DROP TABLE load");
      statement.execute("CREATE TABLE load(i BIGINT, v BIGINT)");
      statement.execute("UPDATE progress SET loads = 0");
    }
    statement.execute("INSERT INTO load SELECT range, range * 7 FROM range(" + ROWS_OF_LOAD + ")");
    statement.execute("UPDATE progress SET loads = loads + 1");
  }

  /// `ok` and the rows of each table, or what is wrong.
  static String audit(Statement statement) throws SQLException {
    long transfers = number(statement, "SELECT transfers FROM progress");
    long loads = number(statement, "SELECT loads FROM progress");
    long money = number(statement, "SELECT sum(balance) FROM account");
    long entries = number(statement, "SELECT count(*) FROM entry");
    long loaded = number(statement, "SELECT count(*) FROM load");
    String wrong = "";
    if (money != (long) ACCOUNTS * OPENING_BALANCE) {
      wrong += " money " + money;
    }
    if (entries != transfers * ENTRIES_OF_TRANSFER) {
      wrong += " entries %d of %d transfers".formatted(entries, transfers);
    }
    if (loaded != loads * ROWS_OF_LOAD) {
      wrong += " loaded %d of %d loads".formatted(loaded, loads);
    }
    if (number(statement, "SELECT coalesce(sum(amount), 0) FROM entry") != 0) {
      wrong += " entries do not add up";
    }
    String unequal =
        "SELECT count(*) FROM account WHERE balance != 1000 + coalesce("
            + "(SELECT sum(amount) FROM entry WHERE entry.account = account.id), 0)";
    if (number(statement, unequal) != 0) {
      wrong += " accounts differ from their entries";
    }
    if (number(statement, "SELECT count(*) FROM load WHERE v != i * 7") != 0) {
      wrong += " loaded rows are wrong";
    }
    return wrong.isEmpty()
        ? "ok account=%d entry=%d load=%d progress=1".formatted(ACCOUNTS, entries, loaded)
        : "wrong:" + wrong;
  }

  private static long number(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
