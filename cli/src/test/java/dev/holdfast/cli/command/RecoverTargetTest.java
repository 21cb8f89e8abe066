package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.posix.Posix;
import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.PostgresServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An app of all kinds of data is recovered into another folder and onto another server, while it
/// goes on where it is: nothing of it is touched, and its service is not even asked.
@Tag("slow")
class RecoverTargetTest {
  private static PostgresServerProcess server;
  private static PostgresServerProcess other;

  @TempDir Path temporary;
  private Path home;
  private Path data;
  private Path elsewhere;
  private Path asked;
  private Process client;
  private Run run;

  @BeforeAll
  static void start() {
    server = PostgresServerProcess.start(15);
    other = PostgresServerProcess.start(15);
  }

  @AfterAll
  static void stop() {
    server.close();
    other.close();
  }

  @BeforeEach
  void anAppThatWasBackedUpAndGoesOn() throws Exception {
    home = temporary.toRealPath();
    data = Files.createDirectories(home.resolve("data"));
    elsewhere = home.resolve("elsewhere");
    asked = Files.createFile(home.resolve("asked"));
    for (PostgresServerProcess each : List.of(server, other)) {
      each.sql("postgres", "DROP DATABASE IF EXISTS shop WITH (FORCE)");
      each.sql("postgres", "DROP DATABASE IF EXISTS trial WITH (FORCE)");
    }
    server.sql("postgres", "CREATE DATABASE shop");
    server.sql("shop", "CREATE TABLE t(x int); INSERT INTO t VALUES (1)");
    sqlite(data, "PRAGMA journal_mode=WAL; CREATE TABLE t(x); INSERT INTO t VALUES (1)");
    duckDb(data, "CREATE TABLE t(x INTEGER)", "INSERT INTO t VALUES (1)");
    Files.writeString(Files.createDirectory(data.resolve("files")).resolve("state"), "then");
    Path config = home.resolve("holdfast.yaml");
    Files.writeString(
        config,
        """
        apps:
          shop:
            root: %s
            sources:
              users: {path: users.db}
              hits: {path: hits.duckdb}
              files: {path: files}
              main: {postgres: {url: '%s'}}
            recover:
              service:
                - commands: {stop: 'echo stop >> %3$s', start: 'echo start >> %3$s', status: 'echo status >> %3$s'}
        """
            .formatted(data, server.address("shop"), asked));
    run = Run.on(home, home.resolve("repository")).set("HOLDFAST_CONFIG", config.toString());
    run.holdfast("init").done();
    run.holdfast("backup", "shop").done();
    server.sql("shop", "INSERT INTO t VALUES (2)");
    sqlite(data, "INSERT INTO t VALUES (2)");
    duckDb(data, "INSERT INTO t VALUES (2)");
    Files.writeString(data.resolve("files/state"), "now");
    client = Command.of("sqlite3", data.resolve("users.db").toString()).start();
    client.getOutputStream().write("SELECT * FROM t;\n".getBytes(StandardCharsets.UTF_8));
    client.getOutputStream().flush();
    assertThat(client.getInputStream().read()).isEqualTo('1');
  }

  @AfterEach
  void endTheApplication() throws InterruptedException {
    client.destroyForcibly().waitFor();
  }

  private static String sqlite(Path folder, String sql) {
    return Command.of("sqlite3", folder.resolve("users.db").toString(), sql)
        .run()
        .succeeded()
        .output()
        .strip();
  }

  private static String duckDb(Path folder, String... statements) throws SQLException {
    try (Connection open = DriverManager.getConnection("jdbc:duckdb:" + folder + "/hits.duckdb");
        Statement statement = open.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
      try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM t")) {
        rows.next();
        return rows.getString(1);
      }
    }
  }

  private static String oid(PostgresServerProcess of, String database) {
    return of.sql("postgres", "SELECT oid FROM pg_database WHERE datname = '" + database + "'");
  }

  /// What is live, by inode and number, and what lies beside it.
  private List<String> live() throws IOException {
    List<String> live = new ArrayList<>(List.of(oid(server, "shop")));
    for (String name : List.of("users.db", "users.db-wal", "hits.duckdb", "files", "files/state")) {
      live.add(name + " " + Posix.lstat(data.resolve(name).toString()).inode());
    }
    try (Stream<Path> all = Files.walk(data)) {
      all.map(Path::toString).sorted().forEach(live::add);
    }
    live.add(server.sql("postgres", "SELECT string_agg(datname, ' ') FROM pg_database"));
    return live;
  }

  private void assertElsewhere(String database) throws Exception {
    assertThat(sqlite(elsewhere, "SELECT count(*) FROM t")).isEqualTo("1");
    assertThat(duckDb(elsewhere)).isEqualTo("1");
    assertThat(Files.readString(elsewhere.resolve("files/state"))).isEqualTo("then");
    assertThat(other.sql(database, "SELECT count(*) FROM t")).isEqualTo("1");
  }

  private void assertTheApplicationNoticedNothing(List<String> before) throws Exception {
    assertThat(live()).isEqualTo(before);
    assertThat(asked).as("what the service was asked").isEmptyFile();
    assertThat(client.isAlive()).isTrue();
    assertThat(server.sql("shop", "SELECT count(*) FROM t")).isEqualTo("2");
    assertThat(sqlite(data, "SELECT count(*) FROM t")).isEqualTo("2");
    assertThat(duckDb(data)).isEqualTo("2");
    assertThat(Files.readString(data.resolve("files/state"))).isEqualTo("now");
  }

  @Test
  void allOfTheAppGoesToAnotherFolderAndAnotherServerWhileItIsInUse() throws Exception {
    List<String> before = live();
    String address = other.address("postgres");

    run.holdfast("recover", "shop", "--target", elsewhere.toString(), "--target", address, "--yes")
        .done();

    assertElsewhere("shop");
    assertTheApplicationNoticedNothing(before);
  }

  @Test
  void whatIsThereAlreadyBecomesASafetyCopyAndAnUndoBringsItBack() throws Exception {
    other.sql("postgres", "CREATE DATABASE trial");
    other.sql("trial", "CREATE TABLE mine(x int)");
    Files.createDirectories(elsewhere);
    sqlite(elsewhere, "CREATE TABLE mine(x)");
    List<String> before = live();
    // With a password, as over a network.
    String secret = PostgresServerProcess.PASSWORD.replace(" ", "%20");
    String address = other.tcpAddress("trial").replace("@", ":" + secret + "@");

    Run.Ended ended =
        run.holdfast(
                "recover", "shop", "--target", address, "--target", elsewhere.toString(), "--yes")
            .done();

    assertElsewhere("trial");
    assertThat(ended.out() + ended.err()).doesNotContain(PostgresServerProcess.PASSWORD);
    assertTheApplicationNoticedNothing(before);
    run.set("PGPASSWORD", PostgresServerProcess.PASSWORD)
        .holdfast("recover", "undo", "shop", "--yes")
        .done();
    assertThat(other.sql("trial", "SELECT count(*) FROM mine")).isEqualTo("0");
    assertThat(sqlite(elsewhere, "SELECT count(*) FROM mine")).isEqualTo("0");
    assertTheApplicationNoticedNothing(before);
  }

  @Test
  void theAppIsBackedUpMeanwhile() throws Exception {
    Path begun = home.resolve("begun");
    Path go = home.resolve("go");
    String adapt = "touch %s; until test -e %s; do sleep 0.05; done".formatted(begun, go);
    FutureTask<Run.Ended> recovery =
        new FutureTask<>(() ->
            run.holdfast(
                "recover",
                "shop",
                "--target",
                elsewhere.toString(),
                "--target",
                other.address("postgres"),
                "--adapt-command",
                adapt,
                "--yes"));
    Thread.ofPlatform().start(recovery);
    try {
      while (!Files.exists(begun)) {
        assertThat(recovery.isDone()).isFalse();
        Thread.onSpinWait();
      }
      run.holdfast("backup", "shop").done();
    } finally {
      Files.createFile(go);
    }
    recovery.get().done();
    assertElsewhere("shop");
  }

  @Test
  void oneSourceOrOnePathGoesThereAlone() throws Exception {
    List<String> before = live();

    for (String source : List.of("users", "hits", "files")) {
      run.holdfast("recover", "shop", "--source", source, "--target", elsewhere.toString(), "--yes")
          .done();
    }
    run.holdfast("recover", "shop", "--source", "main", "--target", other.address("trial"), "--yes")
        .done();

    assertElsewhere("trial");
    Path flat = home.resolve("flat");
    run.holdfast("recover", data + "/users.db", "--target", flat.toString(), "--yes").done();
    assertThat(sqlite(flat, "SELECT count(*) FROM t")).isEqualTo("1");
    assertTheApplicationNoticedNothing(before);
  }

  @Test
  void halfATargetIsRefusedSoThatNothingGoesToWhereTheAppIs() throws Exception {
    List<String> before = live();

    assertThat(
            run.holdfast("recover", "shop", "--target", elsewhere.toString(), "--yes")
                .with(ExitCode.FAILED)
                .err())
        .contains("'main' is a database of a server", "--target postgresql://HOST");
    assertThat(
            run.holdfast("recover", "shop", "--target", other.address("shop"), "--yes")
                .with(ExitCode.FAILED)
                .err())
        .contains("--target is a server", "--target FOLDER");
    assertThat(
            run.holdfast("recover", data + "/users.db", "--target", other.address("shop"), "--yes")
                .with(ExitCode.FAILED)
                .err())
        .contains("address of a server, and paths are recovered");
    assertThat(elsewhere).doesNotExist();
    assertThat(oid(other, "shop")).isEmpty();
    assertTheApplicationNoticedNothing(before);
  }
}
