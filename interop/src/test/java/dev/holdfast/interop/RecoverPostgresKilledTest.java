package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.CommandResult;
import dev.holdfast.testkit.PostgresServerProcess;
import dev.holdfast.testkit.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SIGKILL at random moments of a recovery of a database on a server and one in a file, then
/// another process that goes on or goes back: both are old or both are new, and no other database
/// is there. In half of the cases the client programs are not killed, and go on. [KillNumbers] has
/// how often.
@Tag("slow")
class RecoverPostgresKilledTest {
  private static final int KILLS = KillNumbers.kills(8);
  private static final int LOCKED = 11;
  private static final int POLL_MILLIS = 2;

  private final long seed = KillNumbers.seed();
  private final SplittableRandom random = new SplittableRandom(seed);

  @TempDir Path temporary;
  private PostgresServerProcess server;
  private Path folder;
  private Path data;
  private Path config;
  private Workplace work;

  @BeforeEach
  void anAppThatWasBackedUp() throws IOException {
    server = PostgresServerProcess.start(15);
    server.sql("postgres", "CREATE DATABASE shop");
    server.sql("shop", "CREATE TABLE t(x int PRIMARY KEY); INSERT INTO t VALUES (1)");
    server.sql(
        "shop", "CREATE TABLE bulk AS SELECT g, repeat('x', 500) FROM generate_series(1, 9999) g");
    folder = temporary.toRealPath();
    data = Files.createDirectory(folder.resolve("data"));
    sqlite("CREATE TABLE t(x); INSERT INTO t VALUES (1)");
    config = folder.resolve("holdfast.yaml");
    Files.writeString(
        config,
        """
        apps:
          shop:
            root: %s
            sources:
              users: {path: users.db}
              main: {postgres: {url: '%s'}}
        """
            .formatted(data, server.address("shop")));
    work = Workplace.in(folder);
    work.init(2);
    holdfast("backup", "shop").run().succeeded();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Command holdfast(String... arguments) {
    return work.holdfast()
        .command(arguments)
        .withEnvironment("HOLDFAST_CONFIG", config.toString())
        .withEnvironment("XDG_STATE_HOME", folder.resolve("state").toString());
  }

  private String sqlite(String sql) {
    return Command.of("sqlite3", data.resolve("users.db").toString(), sql)
        .run()
        .succeeded()
        .output()
        .strip();
  }

  @Test
  void afterSigkillAtAnyMomentAnotherProcessEndsInTheOldStateOrTheNewOne() throws Exception {
    System.out.println("RecoverPostgresKilledTest seed " + seed);
    long whole = timed();
    boolean wasRefused = false;
    int interrupted = 0;
    for (int kill = 1; kill <= KILLS; kill++) {
      String where = "seed %d, kill %d".formatted(seed, kill);
      spoil();
      // One moment in each part of the recovery.
      killInside((kill - 1 + random.nextDouble()) / KILLS * whole);
      boolean isOpen = holdfast("recover", "status").run().output().contains("interrupted while");
      if (isOpen && !wasRefused) {
        CommandResult backup = holdfast("backup", "shop").run();
        assertThat(backup.exitCode()).as(where + backup.errors()).isEqualTo(LOCKED);
        wasRefused = true;
      }
      boolean forward = random.nextBoolean();
      CommandResult second = holdfast("recover", forward ? "resume" : "rollback").run();
      boolean isPastTheEnd = second.errors().contains("has put the new state in place for good");
      if (isPastTheEnd) {
        holdfast("recover", "resume").run().succeeded();
      }
      assertThat(!isOpen || isPastTheEnd || second.exitCode() == 0)
          .as("%s: %s%s", where, second.output(), second.errors())
          .isTrue();
      boolean isNew = checkState(where);
      assertThat(isNew).as(where).isEqualTo(!isOpen ? isNew : forward || isPastTheEnd);
      interrupted += isOpen ? 1 : 0;
      removeSafetyCopies();
    }
    assertThat(interrupted).as("recoveries that were interrupted").isPositive();
    assertThat(wasRefused).isTrue();
  }

  private void spoil() {
    server.sql("shop", "DELETE FROM t; INSERT INTO t VALUES (1), (2)");
    sqlite("DELETE FROM t; INSERT INTO t VALUES (1), (2)");
  }

  private Command recover() {
    return holdfast("recover", "shop", "--yes", "--no-restore-point");
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
  private Process begun() throws Exception {
    long before = journals();
    Process process = recover().start();
    boolean ended = false;
    while (!ended && journals() == before) {
      ended = process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
    }
    return process;
  }

  private long timed() throws Exception {
    spoil();
    Process process = begun();
    long start = System.nanoTime();
    assertThat(process.waitFor()).isZero();
    long nanos = System.nanoTime() - start;
    assertThat(checkState("a run to the end")).isTrue();
    removeSafetyCopies();
    return nanos;
  }

  private void killInside(double nanos) throws Exception {
    Process process = begun();
    process.waitFor((long) nanos, TimeUnit.NANOSECONDS);
    List<ProcessHandle> started = process.descendants().toList();
    process.destroyForcibly().waitFor();
    if (random.nextBoolean()) {
      return; // their end is for whoever goes on or back
    }
    started.forEach(ProcessHandle::destroyForcibly);
    Processes.awaitEnd(started);
  }

  /// Whether the new state is live; fails if it is neither that nor the old one.
  private boolean checkState(String where) throws IOException {
    String rows = server.sql("shop", "SELECT count(*) FROM t");
    assertThat(rows).as(where).isIn("1", "2");
    assertThat(server.sql("shop", "SELECT count(*) FROM bulk")).as(where).isEqualTo("9999");
    assertThat(sqlite("PRAGMA integrity_check; SELECT count(*) FROM t"))
        .as(where)
        .isEqualTo("ok\n" + rows);
    boolean isNew = rows.equals("1");
    assertThat(databases())
        .as(where)
        .hasSize(isNew ? 2 : 1)
        .allMatch(name -> name.equals("shop") || name.startsWith("shop_pre_restore_"));
    try (Stream<Path> left = Files.list(data)) {
      assertThat(left).as(where).hasSize(isNew ? 2 : 1);
    }
    return isNew;
  }

  private List<String> databases() {
    return server
        .sql("postgres", "SELECT datname FROM pg_database WHERE datname LIKE 'shop%' ORDER BY 1")
        .lines()
        .toList();
  }

  private void removeSafetyCopies() throws IOException {
    for (String name : databases()) {
      if (!name.equals("shop")) {
        server.sql("postgres", "DROP DATABASE " + name);
      }
    }
    try (Stream<Path> left = Files.list(data)) {
      for (Path path : left.filter(each -> each.toString().contains(".pre-restore.")).toList()) {
        Files.delete(path);
      }
    }
  }
}
