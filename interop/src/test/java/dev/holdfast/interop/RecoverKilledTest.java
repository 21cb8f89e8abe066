package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.CommandResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SIGKILL at random moments of a recovery of two SQLite databases and a folder, and now and then
/// of a DuckDB database with a log, then another process that goes on or goes back: all of it is
/// old or all of it is new, the service runs, and nothing lies about. [KillNumbers] has how often.
@Tag("slow")
class RecoverKilledTest {
  private static final int KILLS = KillNumbers.kills(80);
  private static final int RUNS_TIMED = 2;

  /// The others are killed between their first record in the journal and their end.
  private static final int WHOLE_LIFE_EVERY = 5;

  /// DuckDB's driver takes long to load.
  private static final int WITH_DUCKDB_EVERY = 14;

  private static final int POLL_MILLIS = 2;

  /// How quickly it is taken to have become slower: recoveries that were over say when they were.
  private static final int SLOWER_PART = 20;

  /// No recovery takes less.
  private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final long seed = KillNumbers.seed();
  private final SplittableRandom random = new SplittableRandom(seed);

  @TempDir Path temporary;
  private Path folder;
  private Path data;
  private Path users;
  private Path notes;
  private Path hits;
  private Path files;
  private Path running;
  private Workplace work;
  private String snapshot = "";
  private long inside;
  private boolean withDuckDb;

  @Test
  void afterSigkillAtAnyMomentAnotherProcessEndsInTheOldStateOrTheNewOne() throws Exception {
    System.out.println("RecoverKilledTest seed " + seed);
    prepare();
    withDuckDb = true;
    long whole = timed();
    int resumed = 0;
    int rolledBack = 0;
    int finished = 0;
    for (int kill = 1; kill <= KILLS; kill++) {
      String where = "seed %d, kill %d".formatted(seed, kill);
      withDuckDb = kill % WITH_DUCKDB_EVERY == 0;
      spoil();
      if (kill % WHOLE_LIFE_EVERY == 0) {
        killAt(recover(), random.nextLong(whole));
      } else {
        killInside(recover(), random.nextLong(inside));
      }
      boolean forward = random.nextBoolean();
      CommandResult second = holdfast("recover", forward ? "resume" : "rollback").run();
      boolean wasOpen = !second.errors().contains("there is no interrupted recovery");
      assertThat(second.exitCode() == 0 || !wasOpen || isPastTheEnd(second))
          .as("%s: %s%s", where, second.output(), second.errors())
          .isTrue();
      if (isPastTheEnd(second)) {
        holdfast("recover", "resume").run().succeeded();
      }
      resumed += wasOpen && forward ? 1 : 0;
      rolledBack += wasOpen && !forward ? 1 : 0;
      finished += checkState(where) && !wasOpen ? 1 : 0;
      removeSafetyCopies();
    }
    System.out.printf(
        "%d resumed, %d rolled back, %d were over, %d had not begun%n",
        resumed, rolledBack, finished, KILLS - resumed - rolledBack - finished);
    assertThat(resumed).isPositive();
    assertThat(rolledBack).isPositive();
  }

  /// The new state is in place for good: it can be finished, and not be taken back.
  private static boolean isPastTheEnd(CommandResult result) {
    return result.errors().contains("has put the new state in place for good");
  }

  private void prepare() throws IOException {
    folder = temporary.toRealPath();
    data = Files.createDirectory(folder.resolve("data"));
    users = data.resolve("users.db");
    notes = data.resolve("notes.db");
    hits = data.resolve("hits.duckdb");
    files = Files.createDirectory(data.resolve("files"));
    running = Files.writeString(folder.resolve("running"), "");
    work = Workplace.in(folder);
    work.init(2);
    for (Path each : List.of(users, notes)) {
      sqlite(each, "PRAGMA journal_mode=WAL; CREATE TABLE t(x); INSERT INTO t VALUES(1);");
      sqlite(each, "CREATE TABLE bulk(b); INSERT INTO bulk VALUES(randomblob(3000000));");
    }
    Files.writeString(files.resolve("state"), "new");
    try (Connection open = duckDb();
        Statement statement = open.createStatement()) {
      statement.execute("CREATE TABLE t(x INTEGER)");
      statement.execute("CHECKPOINT");
      statement.execute("INSERT INTO t VALUES (1)"); // in the log alone
      CommandResult backup =
          holdfast("backup", users.toString(), notes.toString(), hits.toString(), files.toString())
              .run()
              .succeeded();
      snapshot = Workplace.savedSnapshot(backup.output());
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  private Connection duckDb() throws SQLException {
    return DriverManager.getConnection("jdbc:duckdb:" + hits);
  }

  private String duckDbRows(String... statements) throws IOException {
    try (Connection open = duckDb();
        Statement statement = open.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
      try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM t")) {
        rows.next();
        return rows.getString(1);
      }
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  /// The present state: two rows, and another file.
  private void spoil() throws IOException {
    for (Path each : List.of(users, notes)) {
      sqlite(each, "DELETE FROM t; INSERT INTO t VALUES(1),(2);");
    }
    if (withDuckDb) {
      String log = random.nextBoolean() ? "PRAGMA disable_checkpoint_on_shutdown" : "SELECT 1";
      duckDbRows(log, "DELETE FROM t", "INSERT INTO t VALUES (1), (2)");
    }
    Files.writeString(files.resolve("state"), "old");
  }

  private List<String> paths() {
    List<String> paths =
        new ArrayList<>(List.of(users.toString(), notes.toString(), files.toString()));
    if (withDuckDb) {
      paths.add(hits.toString());
    }
    return paths;
  }

  private long timed() throws Exception {
    long longest = 0;
    for (int i = 0; i < RUNS_TIMED; i++) {
      spoil();
      long start = System.nanoTime();
      inside = Math.max(inside, timeInside(recover()));
      longest = Math.max(longest, System.nanoTime() - start);
      assertThat(checkState("a run to the end")).isTrue();
      removeSafetyCopies();
    }
    return longest;
  }

  private Command recover() {
    Command command =
        holdfast("recover")
            .with(paths().toArray(String[]::new))
            .with("--snapshot", snapshot, "--yes")
            .with("--stop-command", "rm -f " + running)
            .with("--start-command", "touch " + running)
            .with("--status-command", "test -e " + running);
    return random.nextBoolean() ? command.with("--no-restore-point") : command;
  }

  private Command holdfast(String... arguments) {
    return work.holdfast()
        .command(arguments)
        .withEnvironment("XDG_STATE_HOME", folder.resolve("state").toString());
  }

  private static void killAt(Command command, long nanos) throws Exception {
    Process process = command.start();
    process.waitFor(nanos, TimeUnit.NANOSECONDS);
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor();
  }

  private long journals() throws IOException {
    Path journals = folder.resolve("state/holdfast/recover");
    if (!Files.isDirectory(journals)) {
      return 0;
    }
    try (Stream<Path> all = Files.list(journals)) {
      return all.filter(path -> path.toString().endsWith(".jsonl")).count();
    }
  }

  /// Starts a recovery and waits until its journal is there.
  private Process begun(Command command) throws Exception {
    long before = journals();
    Process process = command.start();
    boolean ended = false;
    while (!ended && journals() == before) {
      ended = process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
    }
    return process;
  }

  private long timeInside(Command command) throws Exception {
    Process process = begun(command);
    long start = System.nanoTime();
    assertThat(process.waitFor()).isZero();
    return System.nanoTime() - start;
  }

  private void killInside(Command command, long nanos) throws Exception {
    Process process = begun(command);
    long start = System.nanoTime();
    boolean isOver = process.waitFor(nanos, TimeUnit.NANOSECONDS);
    // A machine that becomes faster or slower meanwhile is followed.
    long next = isOver ? System.nanoTime() - start : inside + inside / SLOWER_PART;
    inside = Math.max(next, LEAST_NANOS);
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor();
  }

  /// Whether the new state is live; fails if it is neither that nor the old one.
  private boolean checkState(String where) throws IOException {
    boolean isNew = Files.readString(files.resolve("state")).equals("new");
    String rows = isNew ? "1" : "2";
    for (Path each : List.of(users, notes)) {
      assertThat(sqlite(each, "PRAGMA integrity_check; SELECT count(*) FROM t;"))
          .as("%s: %s", where, each)
          .isEqualTo("ok\n" + rows);
    }
    if (withDuckDb) {
      // A log that the old state had is brought in by this.
      assertThat(duckDbRows()).as("%s: %s", where, hits).isEqualTo(rows);
    }
    assertThat(running).as(where + ": the service runs").exists();
    List<String> strays = new ArrayList<>();
    List<Path> copies = safetyCopies();
    try (Stream<Path> entries = Files.list(data)) {
      entries
          .filter(
              path -> !copies.contains(path) && !List.of(users, notes, hits, files).contains(path))
          .forEach(path -> strays.add(path.getFileName().toString()));
    }
    assertThat(strays).as(where + ": stray files").isEmpty();
    assertThat(copies).as(where + ": safety copies").hasSize(isNew ? paths().size() : 0);
    return isNew;
  }

  private List<Path> safetyCopies() throws IOException {
    try (Stream<Path> entries = Files.list(data)) {
      return entries
          .filter(path -> path.getFileName().toString().contains(".pre-restore."))
          .toList();
    }
  }

  private void removeSafetyCopies() throws IOException {
    for (Path copy : safetyCopies()) {
      try (Stream<Path> all = Files.walk(copy)) {
        for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private static String sqlite(Path database, String sql) {
    return Command.of("sqlite3", database.toString(), sql).run().succeeded().output().strip();
  }
}
