package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.CommandResult;
import dev.holdfast.testkit.PostgresServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// While one process recovers an app, others want to do the same, or something else with it: each
/// of them is a process of its own, as two people on one machine would start them.
@Tag("slow")
class RecoverBesideTest {
  private static final int LOCKED = 11;
  private static final int POLL_MILLIS = 20;
  private static final int POLLS_MAX = 6_000;

  @TempDir Path temporary;
  private PostgresServerProcess server;
  private Path folder;
  private Path data;
  private Path config;
  private Path stopped;
  private Path go;
  private Workplace work;

  @BeforeEach
  void twoAppsThatWereBackedUpAndThenSpoilt() throws IOException {
    server = PostgresServerProcess.start(15);
    server.sql("postgres", "CREATE DATABASE shop");
    server.sql("shop", "CREATE TABLE t(x int PRIMARY KEY); INSERT INTO t VALUES (1)");
    folder = temporary.toRealPath();
    data = Files.createDirectory(folder.resolve("data"));
    stopped = folder.resolve("stopped");
    go = folder.resolve("go");
    sqlite("users", "CREATE TABLE t(x); INSERT INTO t VALUES (1)");
    sqlite("other", "CREATE TABLE t(x); INSERT INTO t VALUES (1)");
    config = folder.resolve("holdfast.yaml");
    Files.writeString(
        config,
        """
        apps:
          shop:
            sources:
              users: {path: %1$s/users.db}
              main: {postgres: {url: '%2$s'}}
            drill: {scratch: %3$s/scratch, postgres: {url: '%4$s'}}
            recover:
              service:
                - commands:
                    stop: 'touch %3$s/stopped; until test -e %3$s/go; do sleep 0.05; done'
                    start: 'true'
                  stop-limit: 5m
          other:
            sources:
              other: {path: %1$s/other.db}
          slow:
            sources:
              users: {path: %1$s/users.db}
              main:
                postgres:
                  url: '%2$s'
                  password-command: 'touch %3$s/stopped; until test -e %3$s/go; do sleep 0.05; done; echo x'
        """
            .formatted(data, server.address("shop"), folder, server.address("postgres")));
    work = Workplace.in(folder);
    work.init(2);
    holdfast("backup", "shop", "other").run().succeeded();
    server.sql("shop", "DELETE FROM t");
    sqlite("users", "DELETE FROM t");
    sqlite("other", "DELETE FROM t");
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

  private String sqlite(String name, String sql) {
    return Command.of("sqlite3", data.resolve(name + ".db").toString(), sql)
        .run()
        .succeeded()
        .output()
        .strip();
  }

  /// Waits until the recovery has staged everything and stops its service.
  private void awaitStopped(Process recovery) throws Exception {
    for (int poll = 0; poll < POLLS_MAX && !Files.exists(stopped); poll++) {
      assertThat(recovery.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)).as("ended early").isFalse();
    }
    assertThat(stopped).exists();
  }

  private static void assertLocked(CommandResult result, String... said) {
    assertThat(result.exitCode()).as(result.output() + result.errors()).isEqualTo(LOCKED);
    assertThat(result.errors()).contains(said);
  }

  @Test
  void aSecondRecoveryAndABackupAreRefusedADrillIsNotAndTheFirstSucceeds() throws Exception {
    Process first = holdfast("recover", "shop", "--yes").start();
    try {
      awaitStopped(first);
      String holder = "shop is being recovered by process " + pidOf(first);

      assertLocked(holdfast("recover", "shop", "--yes").run(), holder, "'holdfast recover status'");
      assertLocked(holdfast("recover", "shop", "--dry-run").run(), holder);
      assertLocked(holdfast("recover", data.resolve("users.db").toString(), "--yes").run(), holder);
      assertLocked(
          holdfast("recover", "--postgres", server.address("shop"), "--yes").run(), holder);
      for (String finish : List.of("resume", "rollback", "undo")) {
        assertLocked(holdfast("recover", finish, "shop").run(), holder);
      }
      assertLocked(holdfast("backup", "shop").run(), "being recovered");
      holdfast("recover", "other", "--yes").run().succeeded();
      assertThat(sqlite("other", "SELECT count(*) FROM t")).isEqualTo("1");
      assertThat(holdfast("drill", "shop").run().succeeded().output()).contains("succeeded");
      assertThat(first.isAlive()).isTrue();

      Files.createFile(go);
      assertThat(first.waitFor(2, TimeUnit.MINUTES)).isTrue();
      assertThat(first.exitValue()).isZero();
    } finally {
      first.descendants().forEach(ProcessHandle::destroyForcibly);
      first.destroyForcibly();
    }
    assertThat(sqlite("users", "SELECT count(*) FROM t")).isEqualTo("1");
    assertThat(server.sql("shop", "SELECT count(*) FROM t")).isEqualTo("1");
    holdfast("backup", "shop").run().succeeded();
  }

  @Test
  void aBackupOfWhatWasRecoveredMeanwhileStoresNothing() throws Exception {
    long before = snapshots();
    Process backup = holdfast("backup", "slow").start();
    try {
      awaitStopped(backup); // it has found everything, and waits for a password
      holdfast("recover", data.resolve("users.db").toString(), "--yes").run().succeeded();
      Files.createFile(go);
      String errors = new String(backup.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(backup.waitFor(2, TimeUnit.MINUTES)).isTrue();
      assertThat(errors).contains("users.db was recovered meanwhile");
      assertThat(backup.exitValue()).isEqualTo(LOCKED);
      assertThat(snapshots()).as("only the restore point is new").isEqualTo(before + 1);
    } finally {
      backup.descendants().forEach(ProcessHandle::destroyForcibly);
      backup.destroyForcibly();
    }
    holdfast("backup", "slow").run().succeeded();
    holdfast("backup", "other").run().succeeded();
  }

  private long snapshots() {
    return holdfast("list", "snapshots").run().succeeded().lines().size();
  }

  /// The launcher becomes the program, so it is the same process.
  private static long pidOf(Process launched) {
    return launched.pid();
  }
}
