package dev.holdfast.engine.source.sqlite;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/// A process that keeps writing to banks from several threads until its input ends. Commands on its
/// input: `quiet` and `backup` name the phase that commits are counted under. At the end it prints
/// `latency PHASE MICROSECONDS...` for each phase, and `failed ...` for what should not happen.
public final class BankWriter {
  private static final int MAX_SAMPLES = 20_000;

  private final List<Path> databases;
  private final String journalMode;
  private final boolean mayRollBack;
  private final List<Long> quiet = Collections.synchronizedList(new ArrayList<>());
  private final List<Long> backup = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean inBackup;
  private volatile boolean stopped;

  private BankWriter(List<Path> databases, String journalMode) {
    this.databases = databases;
    this.journalMode = journalMode;
    this.mayRollBack = !journalMode.equals("OFF");
  }

  /// Arguments: seed, threads, journal mode, databases.
  public static void main(String[] args) throws Exception {
    long seed = Long.parseLong(args[0]);
    int threads = Integer.parseInt(args[1]);
    List<Path> databases = new ArrayList<>();
    for (int i = 3; i < args.length; i++) {
      databases.add(Path.of(args[i]));
    }
    BankWriter writer = new BankWriter(databases, args[2]);
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Random random = new Random(seed + i);
      running.add(Thread.ofPlatform().start(() -> writer.run(random)));
    }
    System.out.println("ready");
    writer.obey();
    writer.stopped = true;
    for (Thread thread : running) {
      thread.join();
    }
    print("quiet", writer.quiet);
    print("backup", writer.backup);
  }

  private void obey() throws IOException {
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      inBackup = line.equals("backup");
    }
  }

  private static void print(String phase, List<Long> samples) {
    StringBuilder line = new StringBuilder("latency ").append(phase);
    samples.forEach(sample -> line.append(' ').append(sample));
    System.out.println(line);
  }

  private void run(Random random) {
    List<Connection> connections = new ArrayList<>();
    try {
      for (Path database : databases) {
        Connection connection = Bank.connect(database);
        try (Statement statement = connection.createStatement()) {
          statement.execute("PRAGMA journal_mode = " + journalMode);
          statement.execute("PRAGMA synchronous = " + (random.nextBoolean() ? "OFF" : "NORMAL"));
          statement.execute("PRAGMA wal_autocheckpoint = " + random.nextInt(1, 400));
          statement.execute("PRAGMA cache_size = " + random.nextInt(5, 200));
        }
        connections.add(connection);
      }
      while (!stopped) {
        step(connections.get(random.nextInt(connections.size())), random);
      }
      for (Connection connection : connections) {
        connection.close();
      }
    } catch (SQLException e) {
      System.out.println("failed " + e.getMessage());
    }
  }

  private void step(Connection connection, Random random) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      int dice = random.nextInt(1000);
      if (dice < 20) {
        change(statement, random);
      } else if (dice < 22) {
        tolerateBusy(statement, "VACUUM");
      } else if (dice < 60 && journalMode.equals("WAL")) {
        String kind = List.of("PASSIVE", "FULL", "RESTART", "TRUNCATE").get(random.nextInt(4));
        tolerateBusy(statement, "PRAGMA wal_checkpoint(" + kind + ")");
      } else {
        transact(statement, random);
      }
    }
  }

  private void transact(Statement statement, Random random) throws SQLException {
    long start = System.nanoTime();
    statement.execute("BEGIN IMMEDIATE");
    int moves = 1 + random.nextInt(4);
    for (int i = 0; i < moves; i++) {
      int from = 1 + random.nextInt(Bank.ACCOUNTS);
      int to = 1 + random.nextInt(Bank.ACCOUNTS);
      int amount = random.nextInt(100);
      statement.execute(
          "UPDATE account SET balance = balance - %d WHERE id = %d".formatted(amount, from));
      statement.execute(
          "UPDATE account SET balance = balance + %d WHERE id = %d".formatted(amount, to));
      statement.execute(
          "INSERT INTO entry(account, amount, note) VALUES(%d, %d, 'out'), (%d, %d, 'in')"
              .formatted(from, -amount, to, amount));
    }
    if (random.nextInt(3) == 0) {
      int bytes = random.nextInt(20_000);
      statement.execute(
          "INSERT INTO document(account, body) VALUES(%d, randomblob(%d))"
              .formatted(1 + random.nextInt(Bank.ACCOUNTS), bytes));
    }
    if (random.nextInt(6) == 0) {
      statement.execute(
          "DELETE FROM document WHERE id IN (SELECT id FROM document ORDER BY random() LIMIT 3)");
      statement.execute("DELETE FROM entry WHERE amount = 0");
    }
    statement.execute(
        "UPDATE mirror SET entries = (SELECT count(*) FROM entry), documents = (SELECT count(*) FROM"
            + " document), bytes = (SELECT coalesce(sum(length(body)), 0) FROM document), sequence ="
            + " sequence + 1");
    boolean rollback = mayRollBack && random.nextInt(20) == 0;
    statement.execute(rollback ? "ROLLBACK" : "COMMIT");
    if (!rollback) {
      record((System.nanoTime() - start) / 1000);
    }
  }

  private void record(long micros) {
    List<Long> samples = inBackup ? backup : quiet;
    if (samples.size() < MAX_SAMPLES) {
      samples.add(micros);
    }
  }

  private static void change(Statement statement, Random random) throws SQLException {
    int name = random.nextInt(5);
    List<String> changes =
        List.of(
            "CREATE TABLE IF NOT EXISTS extra%d(a, b, c)".formatted(name),
            "DROP TABLE IF EXISTS extra%d".formatted(name),
            "CREATE INDEX IF NOT EXISTS entry_note%d ON entry(note, id)".formatted(name),
            "DROP INDEX IF EXISTS entry_note%d".formatted(name),
            "ALTER TABLE entry ADD COLUMN added%d TEXT DEFAULT 'x'"
                .formatted(random.nextInt(1_000_000)),
            "INSERT INTO entry(account, amount) SELECT 1, 0 FROM pragma_table_info('entry') LIMIT 0");
    tolerateBusy(statement, changes.get(random.nextInt(changes.size())));
  }

  /// Whoever needs the database alone may find it in use; whoever cannot go on says so.
  private static void tolerateBusy(Statement statement, String sql) throws SQLException {
    try {
      statement.execute(sql);
    } catch (SQLException e) {
      String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
      if (!message.contains("busy") && !message.contains("locked")) {
        throw e;
      }
    }
  }
}
