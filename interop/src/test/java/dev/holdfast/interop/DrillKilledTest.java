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
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A drill of a database on a server that is ended in its middle, kindly or not: no server of its
/// own goes on, and nothing stays beyond the next drill.
@Tag("slow")
class DrillKilledTest {
  private static final int INTERRUPTED = 130;
  private static final int POLL_MILLIS = 20;

  @TempDir Path temporary;
  private PostgresServerProcess server;
  private Workplace work;
  private Path scratch;
  private Path asked;
  private Path config;
  private Path free;

  @BeforeEach
  void anAppWhoseCheckWaits() throws IOException {
    server = PostgresServerProcess.start(15);
    server.sql("postgres", "CREATE DATABASE shop");
    server.sql("shop", "CREATE TABLE t(x int); INSERT INTO t VALUES (1), (2)");
    Path folder = temporary.toRealPath();
    scratch = folder.resolve("scratch");
    asked = folder.resolve("asked");
    free = folder.resolve("free");
    config = folder.resolve("holdfast.yaml");
    Files.writeString(
        config,
        """
        apps:
          shop:
            sources:
              main: {postgres: {url: '%s'}}
            checks:
              waits: {run: 'touch %s; test -e %s || exec sleep 600', time-limit: 10m}
            drill: {scratch: %s}
        """
            .formatted(server.address("shop"), asked, free, scratch));
    work = Workplace.in(folder);
    work.init(2);
    holdfast("backup", "shop").run().succeeded();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Command holdfast(String... arguments) {
    return work.holdfast().command(arguments).withEnvironment("HOLDFAST_CONFIG", config.toString());
  }

  /// Processes that a drill has started when it asks its check.
  private List<ProcessHandle> atTheCheck(Process drill) throws Exception {
    while (!Files.exists(asked)) {
      assertThat(drill.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)).as("ended too early").isFalse();
    }
    Files.delete(asked);
    return drill.descendants().toList();
  }

  private static boolean isServer(ProcessHandle process) {
    return process.info().command().orElse("").endsWith("/postgres");
  }

  private long folders() throws IOException {
    try (Stream<Path> left = Files.list(scratch.resolve("holdfast-drills"))) {
      return left.filter(Files::isDirectory).count();
    }
  }

  private String databases() {
    return server.sql(
        "postgres", "SELECT count(*) FROM pg_database WHERE datname LIKE 'holdfast%'");
  }

  @Test
  void aDrillThatIsInterruptedTakesItsServerAndItsFilesWithIt() throws Exception {
    Process drill = holdfast("drill", "shop").start();
    List<ProcessHandle> started = List.of();
    try {
      started = atTheCheck(drill);
      assertThat(started).anyMatch(DrillKilledTest::isServer);

      drill.destroy();

      assertThat(drill.waitFor(2, TimeUnit.MINUTES)).as("it ends").isTrue();
      assertThat(drill.exitValue()).isEqualTo(INTERRUPTED);
      Processes.awaitEnd(started);
      assertThat(folders()).isZero();
    } finally {
      started.forEach(ProcessHandle::destroyForcibly);
      drill.destroyForcibly();
    }
  }

  @Test
  void theServerOfADrillThatIsKilledEndsAndTheNextDrillRemovesTheRest() throws Exception {
    Process own = holdfast("drill", "shop").start();
    List<ProcessHandle> started = List.of();
    try {
      started = atTheCheck(own);

      own.destroyForcibly().waitFor();

      Processes.awaitEnd(started.stream().filter(DrillKilledTest::isServer).toList());
      assertThat(folders()).isOne();
    } finally {
      started.forEach(ProcessHandle::destroyForcibly);
      own.destroyForcibly();
    }
    killOnTheSharedServer();
    assertThat(databases()).isEqualTo("1");
    Files.createFile(free);

    CommandResult next =
        holdfast("drill", "shop", "--postgres", server.address("postgres")).run().succeeded();

    assertThat(next.errors()).contains("dropping what a drill that was killed has left: holdfast_");
    assertThat(databases()).isEqualTo("0");
    assertThat(folders()).isZero();
  }

  private void killOnTheSharedServer() throws Exception {
    Process shared = holdfast("drill", "shop", "--postgres", server.address("postgres")).start();
    List<ProcessHandle> started = List.of();
    try {
      started = atTheCheck(shared);
    } finally {
      shared.destroyForcibly().waitFor();
      started.forEach(ProcessHandle::destroyForcibly);
    }
  }
}
