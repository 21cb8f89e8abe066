package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the configuration says of recovering, about sources that a snapshot lacks, and about places
/// that are reached past it: nothing of it is left out in silence.
@Tag("slow")
class RecoverNamedSourcesTest {
  @TempDir static Path folder;
  private static Path home;
  private static Path shop;
  private static Path demo;
  private static Path stopped;
  private static Path config;
  private static Run run;

  @BeforeAll
  static void twoAppsOfWhichOneWasBackedUp() throws IOException {
    home = folder.toRealPath();
    shop = Files.createDirectories(home.resolve("shop"));
    demo = Files.createDirectories(home.resolve("demo"));
    stopped = home.resolve("stopped");
    config = home.resolve("holdfast.yaml");
    for (Path root : new Path[] {shop, demo}) {
      sqlite(root, "CREATE TABLE t(mail); INSERT INTO t VALUES('a@b')");
      Files.writeString(Files.createDirectory(root.resolve("files")).resolve("one"), "one");
    }
    run = Run.on(home, home.resolve("repository")).set("HOLDFAST_CONFIG", config.toString());
    configure("", "");
    run.holdfast("init").done();
    run.holdfast("backup", "shop").done();
  }

  @BeforeEach
  void bothAreSpoilt() throws IOException {
    for (Path root : new Path[] {shop, demo}) {
      Command.of("sh", "-c", "rm -rf %1$s/*.pre-restore.* %1$s/second.db".formatted(root))
          .run()
          .succeeded();
      sqlite(root, "DELETE FROM t; INSERT INTO t VALUES('a@b'),('new')");
    }
    Files.deleteIfExists(stopped);
  }

  /// @param check of the shop
  /// @param mask of the demo
  private static void configure(String check, String mask) throws IOException {
    String app =
        """
          %1$s:
            root: %2$s
            sources:
              users: {path: users.db}
              files: {path: files}
              later: {path: later.db, required: false}
            recover:
              service:
                - commands: {stop: touch %3$s, start: 'true'}
              %4$s
        """;
    Files.writeString(
        config,
        "apps:\n"
            + app.formatted("shop", shop, stopped, check.isEmpty() ? "" : "health: [" + check + "]")
            + app.formatted("demo", demo, stopped, mask.isEmpty() ? "" : "masks: {" + mask + "}"));
  }

  private String mask(String source) throws IOException {
    Path file = Files.writeString(home.resolve("mask.sql"), "UPDATE t SET mail = 'nobody'");
    return source + ": " + file;
  }

  private static String sqlite(Path root, String sql) {
    return Command.of("sqlite3", root.resolve("users.db").toString(), sql)
        .run()
        .succeeded()
        .output()
        .strip();
  }

  private void assertNothingHappened() throws IOException {
    for (Path root : new Path[] {shop, demo}) {
      assertThat(sqlite(root, "SELECT mail FROM t")).isEqualTo("a@b\nnew");
      try (Stream<Path> all = Files.list(root)) {
        assertThat(all.map(path -> path.getFileName().toString()))
            .containsExactlyInAnyOrder("users.db", "files");
      }
    }
    assertThat(stopped).doesNotExist();
    assertThat(run.holdfast("snapshots", "--json").done().out()).doesNotContain("pre-restore");
  }

  private String refused(String... words) throws IOException {
    String said = run.holdfast(words).with(ExitCode.FAILED).err();
    assertNothingHappened();
    return said;
  }

  @Test
  void aHealthCheckOfASourceThatTheSnapshotLacksIsRefusedBeforeAnythingIsTouched()
      throws IOException {
    configure("{sql: {source: later, query: SELECT 1}}", "");

    assertThat(refused("recover", "shop", "--yes"))
        .contains("the health check 'SELECT 1' is for the source 'later'", "not in the snapshot");
    assertThat(refused("recover", "shop", "--dry-run")).contains("'later'");
  }

  @Test
  void aHealthCheckOfASourceWithoutADatabaseIsRefusedToo() throws IOException {
    configure("{sql: {source: files, query: SELECT 1}}", "");

    assertThat(refused("recover", "shop", "--yes"))
        .contains("is for the source 'files', which is no database");
  }

  @Test
  void aHealthCheckOfASourceThatTheAppLacksIsRefused() throws IOException {
    configure("{sql: {source: user, query: SELECT 1}}", "");

    assertThat(refused("recover", "shop", "--yes"))
        .contains("no such source in the app: did you mean 'users'?");
  }

  @Test
  void aQueryThatNoRecoveredDatabaseCouldAnswerIsRefused() throws IOException {
    assertThat(
            refused(
                "recover", shop.resolve("files").toString(), "--yes", "--health-sql", "SELECT 1"))
        .contains("asks a database, and none is recovered");
  }

  @Test
  void aCheckOfASourceThatNobodyAskedForIsLeftOutAndThePlanSaysSo() throws IOException {
    configure("{sql: {source: later, query: SELECT 1}}", "");

    assertThat(
            run.holdfast("recover", "shop", "--source", "users", "--yes", "--no-restore-point")
                .done()
                .out())
        .contains("'SELECT 1' is not asked: the source 'later' is not recovered");
    assertThat(sqlite(shop, "SELECT mail FROM t")).isEqualTo("a@b");
  }

  @Test
  void aCheckOfADatabaseInsideOfAFolderIsAskedThere() throws IOException {
    Path inside = demo.resolve("files/inside.db");
    Command.of("sqlite3", inside.toString(), "CREATE TABLE f(x); INSERT INTO f VALUES (5)")
        .run()
        .succeeded();
    Files.writeString(
        config,
        """
        apps:
          demo:
            root: %s
            sources:
              files: {path: files}
            recover:
              health:
                - sql: {source: files, query: SELECT x FROM f, expect: '6'}
                  time-limit: 1s
        """
            .formatted(demo));
    run.holdfast("backup", "demo").done();

    assertThat(
            run.holdfast("recover", "demo", "--yes", "--no-restore-point")
                .with(ExitCode.FAILED)
                .err())
        .contains("it answers '5' instead of '6'");
    Files.delete(inside);
  }

  @Test
  void aMaskOfASourceThatTheSnapshotLacksIsRefused() throws IOException {
    configure("", mask("later"));

    assertThat(refused("recover", "demo", "--from", "shop", "--yes"))
        .contains("a mask is for the source 'later', which is not in the snapshot");
    assertThat(
            refused(
                "recover",
                "shop",
                "--yes",
                "--mask-sql",
                "later=" + Files.writeString(home.resolve("x.sql"), "SELECT 1 WHERE 0")))
        .contains("a mask is for the source 'later'");
  }

  @Test
  void aPathIsNotRecoveredFromAnAppPastItsMasks() throws IOException {
    configure("", mask("users"));

    assertThat(refused("recover", demo.resolve("users.db").toString(), "--from", "shop", "--yes"))
        .contains("'shop' is an app, and", "users.db is none");
  }

  @Test
  void whatIsFromElsewhereDoesNotComeIntoAnAppThatMasksByItsPath() throws IOException {
    configure("", mask("users"));
    String theirs = shop.resolve("users.db").toString();

    assertThat(refused("recover", demo.resolve("users.db").toString(), "--from", theirs, "--yes"))
        .contains("belongs to the app 'demo', which masks what comes from others")
        .contains("'holdfast recover demo --from APP --source NAME'");
    assertThat(
            refused("recover", "shop", "--target", demo.toString(), "--source", "users", "--yes"))
        .contains("belongs to the app 'demo'");
    assertThat(refused("recover", theirs, "--target", demo.toString(), "--yes"))
        .contains("belongs to the app 'demo'");
    Files.createSymbolicLink(home.resolve("link"), demo);
    assertThat(
            refused("recover", home.resolve("link/users.db").toString(), "--from", theirs, "--yes"))
        .contains("belongs to the app 'demo'");
  }

  @Test
  void whatIsItsOwnOrGoesElsewhereOrIsClonedAsAnAppComes() throws IOException {
    configure("", mask("users"));
    recover("demo", "--from", "shop", "--source", "users");
    assertThat(sqlite(demo, "SELECT mail FROM t")).isEqualTo("nobody");

    run.holdfast("backup", "demo").done();
    sqlite(demo, "INSERT INTO t VALUES('x')");
    String own = demo.resolve("users.db").toString();
    recover(own);
    assertThat(sqlite(demo, "SELECT count(*) FROM t")).isEqualTo("1");
    recover(demo.resolve("second.db").toString(), "--from", own);

    Path look = home.resolve("look/users.db");
    recover(look.toString(), "--from", shop.resolve("users.db").toString());
    assertThat(sqlite(look.getParent(), "SELECT mail FROM t")).isEqualTo("a@b");
  }

  private void recover(String... words) {
    List<String> all = new ArrayList<>(List.of("recover", "--yes", "--no-restore-point"));
    all.addAll(List.of(words));
    run.holdfast(all.toArray(String[]::new)).done();
  }
}
