package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.PostgresServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An app with a database on a server, one in a file, and files: all of it goes back or none of it,
/// also onto another app's server.
@Tag("slow")
class RecoverMixedAppTest {
  private static final int LOCKED = 11;

  private static PostgresServerProcess server;

  @TempDir static Path folder;
  private static Path data;
  private static Path demo;
  private static Path config;
  private static Run run;

  @BeforeAll
  static void anAppThatWasBackedUp() throws IOException {
    server = PostgresServerProcess.start(15);
    server.sql("postgres", "CREATE ROLE shop LOGIN");
    server.sql("postgres", "CREATE DATABASE shop OWNER shop");
    server.sql("shop", "SET ROLE shop; CREATE TABLE t(x int PRIMARY KEY, mail text)");
    server.sql("shop", "INSERT INTO t VALUES (1, 'a@b')");
    data = Files.createDirectories(folder.toRealPath().resolve("data"));
    demo = Files.createDirectories(folder.toRealPath().resolve("demo"));
    sqlite(data, "CREATE TABLE u(id, mail); INSERT INTO u VALUES (1, 'a@b')");
    Files.writeString(Files.createDirectory(data.resolve("files")).resolve("state"), "new");
    config = folder.resolve("holdfast.yaml");
    configure(server.address("demo"));
    run = Run.on(folder, folder.resolve("repository")).set("HOLDFAST_CONFIG", config.toString());
    run.holdfast("init").done();
    run.holdfast("backup", "shop").done();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void itHasChanged() throws IOException {
    server.sql("postgres", "ALTER ROLE shop CREATEDB");
    for (String name : databases().split(" ", -1)) {
      if (name.startsWith("shop_")) {
        server.sql("postgres", "DROP DATABASE " + name);
      }
    }
    Command.of("sh", "-c", "rm -rf " + data + "/*.pre-restore.*").run().succeeded();
    server.sql("shop", "DELETE FROM t");
    sqlite(data, "DELETE FROM u");
    Files.writeString(Files.createDirectories(data.resolve("files")).resolve("state"), "old");
  }

  private static void configure(String other) throws IOException {
    String app =
        """
          %s:
            root: %s
            sources:
              users: {path: users.db}
              files: {path: files}
              main: {postgres: {url: '%s'}}
        """;
    String address = server.address("shop").replace("postgres@", "shop@");
    Files.writeString(
        config,
        "apps:\n" + app.formatted("shop", data, address) + app.formatted("demo", demo, other));
  }

  private static String sqlite(Path root, String sql) {
    return Command.of("sqlite3", root.resolve("users.db").toString(), sql)
        .run()
        .succeeded()
        .output()
        .strip();
  }

  private void assertState(String word, String rows) throws IOException {
    assertThat(Files.readString(data.resolve("files/state"))).isEqualTo(word);
    assertThat(sqlite(data, "SELECT count(*) FROM u")).isEqualTo(rows);
    assertThat(server.sql("shop", "SELECT count(*) FROM t")).isEqualTo(rows);
  }

  private static String databases() {
    return server.sql(
        "postgres",
        "SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database WHERE NOT datistemplate");
  }

  private void assertNothingIsAside() throws IOException {
    assertThat(databases()).isEqualTo("postgres shop");
    try (Stream<Path> left = Files.list(data)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("users.db", "files");
    }
    assertThat(run.holdfast("recover", "resume").with(1).err()).contains("no interrupted recovery");
  }

  @Test
  void aServerThatFailsInTheSwapLeavesTheFilesAsTheyWereToo() throws IOException {
    // Names of databases are changed by those alone who may make them.
    String stop = "psql -X -c 'ALTER ROLE shop NOCREATEDB' '" + server.address("postgres") + "'";

    Run.Ended ended =
        run.holdfast("recover", "shop", "--yes", "--stop-command", stop, "--start-command", "true");

    assertThat(ended.with(1).err()).contains("permission denied to rename database");
    server.sql("postgres", "ALTER ROLE shop CREATEDB");
    assertState("old", "0");
    assertThat(databases()).startsWith("postgres shop");
  }

  @Test
  void anAppThatIsNotWellAfterwardsGoesBackAsAWhole() throws IOException {
    assertThat(
            run.holdfast(
                    "recover", "shop", "--yes", "--health-command", "false", "--health-limit", "1s")
                .status())
        .isEqualTo(1);

    assertState("old", "0");
    assertNothingIsAside();
  }

  @Test
  void allOfItIsThatOfTheSnapshotAndLatestIsNeverTheRestorePoint() throws IOException {
    run.holdfast("recover", "shop", "--yes").done();

    assertState("new", "1");
    assertThat(run.holdfast("snapshots").done().out()).contains("pre-restore");
    server.sql("shop", "DELETE FROM t");
    run.holdfast("recover", "shop", "--yes").done();
    assertState("new", "1");
  }

  @Test
  void whatIsSaidOfTheWayBackIsTrueOfWhatWasReplaced() throws IOException {
    server.sql("postgres", "ALTER ROLE shop NOCREATEDB");
    try {
      assertThat(run.holdfast("recover", "shop", "--yes").done().out())
          .contains("the way back is the restore point, by --snapshot; 'holdfast recover confirm ")
          .doesNotContain("recover undo");
      assertState("new", "1");
      assertThat(run.holdfast("recover", "shop", "--source", "main", "--yes").done().out())
          .contains("the way back is the restore point, by --snapshot\n")
          .doesNotContain("recover confirm", "recover undo");
    } finally {
      server.sql("postgres", "ALTER ROLE shop CREATEDB");
    }
    Files.delete(data.resolve("files/state"));
    Files.delete(data.resolve("files"));

    assertThat(run.holdfast("recover", "shop", "--source", "files", "--yes").done().out())
        .contains("' takes it away again")
        .doesNotContain("goes back to it", "recover confirm");
    run.holdfast("recover", "undo", "--yes").done();
    assertThat(data.resolve("files")).doesNotExist();
  }

  @Test
  void aCloneGoesToTheServerAndNameOfTheOtherAppMasked() throws IOException {
    try (PostgresServerProcess other = PostgresServerProcess.start(15)) {
      other.sql("postgres", "CREATE ROLE shop");
      other.sql("postgres", "CREATE DATABASE trial");
      configure(other.address("trial"));
      Path ofServer = Files.writeString(folder.resolve("a.sql"), "UPDATE t SET mail = 'nobody'");
      Path ofFile = Files.writeString(folder.resolve("b.sql"), "UPDATE u SET mail = 'nobody'");

      run.holdfast(
              "recover",
              "demo",
              "--from",
              "shop",
              "--yes",
              "--mask-sql",
              "main=" + ofServer,
              "--mask-sql",
              "users=" + ofFile)
          .done();

      assertThat(other.sql("trial", "SELECT x, mail FROM t")).isEqualTo("1|nobody");
      assertThat(sqlite(demo, "SELECT id, mail FROM u")).isEqualTo("1|nobody");
      assertThat(Files.readString(demo.resolve("files/state"))).isEqualTo("new");
      // A mask that fails on the server leaves what is in files alone as well.
      Files.writeString(ofServer, "UPDATE t SET mail = (1/0)::text");
      Files.writeString(demo.resolve("files/state"), "the demo's");
      assertThat(
              run.holdfast(
                      "recover",
                      "demo",
                      "--from",
                      "shop",
                      "--yes",
                      "--mask-sql",
                      "main=" + ofServer)
                  .with(1)
                  .err())
          .contains("division by zero");
      assertThat(Files.readString(demo.resolve("files/state"))).isEqualTo("the demo's");
      assertThat(other.sql("trial", "SELECT mail FROM t")).isEqualTo("nobody");
    }
    assertState("old", "0");
    assertNothingIsAside();
  }

  @Test
  void aBackupOfTheAppOrOfItsDatabaseAloneIsRefusedMeanwhile() throws Exception {
    Path stopped = folder.resolve("stopped");
    Path go = folder.resolve("go");
    String stop = "touch %s; until test -e %s; do sleep 0.05; done".formatted(stopped, go);
    FutureTask<Run.Ended> recovery =
        new FutureTask<>(() ->
            run.holdfast(
                "recover", "shop", "--yes", "--stop-command", stop, "--start-command", "true"));
    Thread.ofPlatform().start(recovery);
    try {
      while (!Files.exists(stopped)) {
        assertThat(recovery.isDone()).isFalse();
        Thread.onSpinWait();
      }
      assertThat(run.holdfast("backup", "shop").with(LOCKED).err()).contains("being recovered");
      assertThat(run.holdfast("backup", "--postgres", server.address("shop")).with(LOCKED).err())
          .contains("being recovered");
      run.holdfast("backup", "--postgres", server.address("postgres")).done();
    } finally {
      Files.createFile(go);
    }
    recovery.get().done();
    assertState("new", "1");
  }

  @Test
  void aFolderIsNoTargetForADatabaseOfAServer() throws IOException {
    assertThat(run.holdfast("recover", "shop", "--target", demo.toString(), "--yes").with(1).err())
        .contains("--target");
    assertState("old", "0");
    assertNothingIsAside();
  }

  @Test
  void aDumpThatEndsTooEarlyChangesNothing() throws IOException {
    Path dump = folder.resolve("shop.dump");
    Command.of("pg_dump", "-Fc", "-Z0", "--file=" + dump, server.address("shop")).run().succeeded();
    byte[] whole = Files.readAllBytes(dump);
    Files.write(dump, java.util.Arrays.copyOf(whole, whole.length - 20));
    run.holdfast("backup", dump.toString()).done();

    assertThat(
            run.holdfast(
                    "recover",
                    "--postgres",
                    server.address("shop"),
                    "--from",
                    dump.toString(),
                    "--yes")
                .with(1)
                .err())
        .contains("is not a whole dump");
    assertState("old", "0");
    assertNothingIsAside();
  }
}
