package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.CommandResult;
import dev.holdfast.testkit.PostgresServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// SIGKILL of a recovery alone: its `pg_restore` and `psql` go on, and so does the server. Whoever
/// resumes it or rolls it back ends them first.
@Tag("slow")
class RecoverOrphansTest {
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(2);

  /// Of an index that takes as long as one likes when it is made by a session for which the role
  /// says so, and no time otherwise.
  private static final String SLOW =
      """
      CREATE FUNCTION slow(x int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$
        BEGIN
          IF current_setting('app.slow', true) = 'on' THEN PERFORM pg_sleep(600); END IF;
          RETURN x;
        END $$;
      CREATE INDEX slow ON t(slow(x));
      """;

  @TempDir Path temporary;
  private final List<ProcessHandle> started = new ArrayList<>();
  private PostgresServerProcess server;
  private Path config;
  private Path folder;
  private Workplace work;

  @BeforeEach
  void aDatabaseThatWasBackedUp() throws IOException {
    server = PostgresServerProcess.start(15);
    server.sql("postgres", "CREATE DATABASE shop");
    server.sql("shop", "CREATE TABLE t(x int PRIMARY KEY); INSERT INTO t VALUES (1)");
    server.sql("shop", SLOW);
    folder = temporary.toRealPath();
    config = folder.resolve("holdfast.yaml");
    Files.writeString(
        config,
        "apps: {shop: {sources: {main: {postgres: {url: '" + server.address("shop") + "'}}}}}");
    work = Workplace.in(folder);
    work.init(2);
    holdfast("backup", "shop").run().succeeded();
    server.sql("shop", "INSERT INTO t VALUES (2)");
  }

  @AfterEach
  void stop() {
    started.forEach(ProcessHandle::destroyForcibly);
    server.close();
  }

  private Command holdfast(String... arguments) {
    return work.holdfast()
        .command(arguments)
        .withEnvironment("HOLDFAST_CONFIG", config.toString())
        .withEnvironment("XDG_STATE_HOME", folder.resolve("state").toString());
  }

  /// Starts a recovery, and kills it and nothing else as soon as something is so.
  private void killWhen(BooleanSupplier reached) throws Exception {
    Process process = holdfast("recover", "shop", "--yes", "--no-restore-point").start();
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!reached.getAsBoolean()) {
      assertThat(process.isAlive()).as("it runs").isTrue();
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
    }
    started.addAll(process.descendants().toList());
    process.destroyForcibly().waitFor();
  }

  private String sessions(String condition) {
    return server.sql(
        "postgres",
        "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND " + condition);
  }

  private Stream<ProcessHandle> clients(String program) {
    return started.stream()
        .filter(process ->
            process.info().command().map(path -> path.endsWith("/" + program)).orElse(false));
  }

  private String databases() {
    return server.sql(
        "postgres",
        "SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database"
            + " WHERE datname LIKE 'shop%'");
  }

  private void assertAllEnded(CommandResult second) {
    assertThat(started).noneMatch(RecoverOrphansTest::isAtWork);
    assertThat(sessions("backend_type = 'client backend'"))
        .as(second.output() + second.errors())
        .isEqualTo("0");
    assertThat(holdfast("recover", "status").run().output()).doesNotContain("interrupted while");
  }

  /// One that has ended and that nobody waited for has a number, and no program.
  private static boolean isAtWork(ProcessHandle process) {
    return process.isAlive() && Files.exists(Path.of("/proc/" + process.pid() + "/exe"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"resume", "rollback"})
  void aLoadThatGoesOnWithoutUsIsEndedBeforeTheRecoveryGoesOnOrBack(String way) throws Exception {
    server.sql("postgres", "ALTER ROLE postgres SET app.slow = 'on'");
    killWhen(() -> !sessions("wait_event = 'PgSleep'").equals("0"));
    server.sql("postgres", "ALTER ROLE postgres RESET app.slow");
    assertThat(clients("pg_restore")).as("it goes on").anyMatch(RecoverOrphansTest::isAtWork);

    CommandResult second = holdfast("recover", way).run().succeeded();

    assertAllEnded(second);
    boolean isNew = way.equals("resume");
    assertThat(server.sql("shop", "SELECT count(*) FROM t")).isEqualTo(isNew ? "1" : "2");
    assertThat(databases()).matches(isNew ? "shop shop_pre_restore_\\w+" : "shop");
  }

  /// The server makes the database that it was told to make long after nobody wants it.
  @Test
  void aDatabaseThatTheServerIsStillAboutToMakeIsNotLeftBehindByARollback() throws Exception {
    try (Holder _ = new Holder("BEGIN; ALTER DATABASE template0 RENAME TO other")) {
      killWhen(() -> !sessions("state = 'active' AND query LIKE 'CREATE DATABASE%'").equals("0"));
      assertThat(clients("psql")).as("it waits").anyMatch(RecoverOrphansTest::isAtWork);

      assertAllEndedButTheHolder(holdfast("recover", "rollback").run().succeeded());
    }

    assertThat(server.sql("shop", "SELECT count(*) FROM t")).isEqualTo("2");
    assertThat(databases()).isEqualTo("shop");
  }

  private void assertAllEndedButTheHolder(CommandResult second) {
    assertThat(
            sessions("backend_type = 'client backend' AND query NOT LIKE 'ALTER DATABASE temp%'"))
        .as(second.output() + second.errors())
        .isEqualTo("0");
    assertThat(started).noneMatch(RecoverOrphansTest::isAtWork);
  }

  /// A session in the middle of a transaction.
  private final class Holder implements AutoCloseable {
    private final Process psql;

    Holder(String statements) throws IOException {
      psql = Command.of("psql", "-X", "-q", server.address("postgres")).start();
      psql.outputWriter().write(statements + ";\n");
      psql.outputWriter().flush();
      long deadline = System.nanoTime() + PATIENCE_NANOS;
      while (sessions("state = 'idle in transaction'").equals("0")) {
        assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      }
    }

    /// Returns when the server has noticed.
    @Override
    public void close() {
      psql.destroyForcibly();
      long deadline = System.nanoTime() + PATIENCE_NANOS;
      while (!sessions("backend_type = 'client backend'").equals("0")) {
        assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      }
    }
  }
}
