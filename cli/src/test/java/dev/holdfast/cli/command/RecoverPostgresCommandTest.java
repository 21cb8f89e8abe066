package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.cli.Run;
import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.Mount;
import dev.holdfast.testkit.PostgresServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Databases of a server, recovered, confirmed and undone as a person types it; and what is refused
/// while it is planned.
@Tag("slow")
class RecoverPostgresCommandTest {
  private static PostgresServerProcess server;

  @TempDir static Path folder;
  private static Path config;
  private static Run run;

  @BeforeAll
  static void aDatabaseThatWasBackedUp() throws IOException {
    server = PostgresServerProcess.start(15);
    tablespace();
    server.sql("postgres", "CREATE ROLE keeper LOGIN CREATEDB");
    server.sql("postgres", "CREATE DATABASE shop OWNER keeper");
    server.sql(
        "shop", "CREATE TABLE t(x int PRIMARY KEY) TABLESPACE fast; INSERT INTO t VALUES(1)");
    server.sql("shop", "ALTER TABLE t OWNER TO keeper");
    server.sql("shop", "CREATE ROLE \"the guest\"; GRANT SELECT ON t TO \"the guest\"");
    config = folder.resolve("holdfast.yaml");
    configure(server.address("shop"), "");
    run = Run.on(folder, folder.resolve("repository")).set("HOLDFAST_CONFIG", config.toString());
    run.holdfast("init").done();
    run.holdfast("backup", "shop").done();
  }

  private static void tablespace() throws IOException {
    Path space = server.folder().resolve("fast");
    if (!Files.exists(space)) {
      Files.createDirectory(space);
      server.own(space);
    }
    server.sql("postgres", "CREATE TABLESPACE fast LOCATION '" + space + "'");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void itHasChanged() throws IOException {
    for (String name : databases()) {
      if (!name.equals("shop")) {
        server.sql("postgres", "DROP DATABASE " + name);
      }
    }
    Command.of("rm", "-rf", folder.resolve(".local").toString()).run().succeeded();
    server.sql("shop", "DELETE FROM t; INSERT INTO t VALUES (2), (3)");
    configure(server.address("shop"), "");
  }

  /// @param more of the app `demo`, which has a database of its own on the same server
  private static void configure(String address, String more) throws IOException {
    Files.writeString(
        config,
        """
        apps:
          shop:
            sources:
              main: {postgres: {url: '%s'}}
          demo:
            sources:
              main: {postgres: {url: '%s'}}
        %s
        """
            .formatted(address, server.address("trial"), more));
  }

  private static List<String> databases() {
    return server
        .sql(
            "postgres",
            "SELECT datname FROM pg_database WHERE datname NOT LIKE 'template%'"
                + " AND datname <> 'postgres' ORDER BY 1")
        .lines()
        .toList();
  }

  private static String rows(String database) {
    return server.sql(database, "SELECT string_agg(x::text, ' ' ORDER BY x) FROM t");
  }

  private static String safetyCopy() {
    assertThat(databases()).hasSize(2).first().isEqualTo("shop");
    assertThat(databases().getLast()).startsWith("shop_pre_restore_");
    return databases().getLast();
  }

  private static void recover() {
    run.holdfast("recover", "shop", "--yes", "--no-restore-point").done();
  }

  private void assertUntouched() {
    assertThat(databases()).containsExactly("shop");
    assertThat(rows("shop")).isEqualTo("2 3");
    assertThat(run.holdfast("snapshots", "--json").done().out()).doesNotContain("pre-restore");
  }

  @Test
  void aConfirmedRecoveryHasNoSafetyCopyAnyMoreAndASecondConfirmationFindsNone() {
    recover();
    String copy = safetyCopy();

    assertThat(run.holdfast("recover", "confirm").with(ExitCode.DECLINED).out())
        .contains("left a database of a server:", "the database '" + copy + "'");
    assertThat(run.holdfast("recover", "status").done().out())
        .contains("1, a database of a server, 0 minutes");
    assertThat(databases()).contains(copy);
    assertThat(run.holdfast("recover", "confirm", "--yes").done().out())
        .contains("the database '" + copy + "'", "deleted the safety copies of recovery");

    assertThat(databases()).containsExactly("shop");
    assertThat(rows("shop")).isEqualTo("1");
    assertThat(run.holdfast("recover", "confirm", "--yes").done().out())
        .contains("there are no such safety copies");
    assertThat(run.holdfast("recover", "confirm", "shop", "--yes").with(ExitCode.FAILED).err())
        .contains("recovery shop has no safety copies");
    assertThat(run.holdfast("recover", "undo", "--yes").with(ExitCode.FAILED).err())
        .contains("were deleted");
    assertThat(rows("shop")).isEqualTo("1");
  }

  @Test
  void aNameThatWouldUpsetATerminalDoesNot() {
    server.sql("postgres", "CREATE DATABASE \"ou\u001bch\"");
    String address = server.address("ou%1Bch");
    run.holdfast("backup", "--postgres", address).done();

    assertThat(run.holdfast("recover", "--postgres", address, "--dry-run").done().out())
        .contains("postgres database ou\\x1bch of")
        .doesNotContain("\u001b");
    run.holdfast("recover", "--postgres", address, "--yes", "--no-restore-point").done();
    assertThat(run.holdfast("recover", "confirm", "--yes").done().out())
        .contains("the database 'ou\\x1bch_pre_restore_")
        .doesNotContain("\u001b");
    server.sql("postgres", "DROP DATABASE \"ou\u001bch\"");
  }

  @Test
  void anUndoPutsTheFormerDatabaseBackAndMakesASafetyCopyOfTheOther() {
    recover();
    String former = safetyCopy();

    run.holdfast("recover", "undo", "--yes").done();

    assertThat(rows("shop")).isEqualTo("2 3");
    String copy = safetyCopy();
    assertThat(copy).isNotEqualTo(former);
    server.sql("postgres", "ALTER DATABASE " + copy + " ALLOW_CONNECTIONS true");
    assertThat(rows(copy)).isEqualTo("1");
    // What was put back is no safety copy of the first recovery any more.
    assertThat(run.holdfast("recover", "confirm", "--yes").done().out())
        .contains(copy)
        .doesNotContain(former);
    assertThat(databases()).containsExactly("shop");
    assertThat(run.holdfast("recover", "confirm", "--yes").done().out())
        .contains("there are no such safety copies");
    assertThat(rows("shop")).isEqualTo("2 3");
  }

  @Test
  void aDatabaseThatTookTheNameOfASafetyCopyIsNeitherDroppedNorPutBack() {
    recover();
    String copy = safetyCopy();
    server.sql("postgres", "DROP DATABASE " + copy);
    assertThat(run.holdfast("recover", "undo", "--yes").with(ExitCode.FAILED).err())
        .contains("the safety copy '" + copy + "'", "is gone");
    server.sql("postgres", "CREATE DATABASE " + copy);

    assertThat(run.holdfast("recover", "confirm", "--yes").with(ExitCode.FAILED).err())
        .contains("is not what the recovery put there");

    assertThat(databases()).contains(copy);
    server.sql("postgres", "DROP DATABASE " + copy);
    run.holdfast("recover", "confirm", "--yes").done();
    assertThat(rows("shop")).isEqualTo("1");
  }

  @Test
  void aTablespaceThatTheServerLacksIsNamedBeforeAnythingIsDone() throws IOException {
    String missing = "the tablespace 'fast', which something in the dump lies in, is not on";
    server.sql("shop", "ALTER TABLE t SET TABLESPACE pg_default");
    server.sql("shop", "ALTER INDEX t_pkey SET TABLESPACE pg_default");
    server.sql("postgres", "DROP TABLESPACE fast");
    try {
      assertThat(run.holdfast("recover", "shop", "--yes").with(ExitCode.FAILED).err())
          .contains(missing, "CREATE TABLESPACE \"fast\"");
      assertThat(
              run.holdfast(
                      "recover",
                      "--postgres",
                      server.address("fresh"),
                      "--from",
                      "/postgres/shop/database.dump",
                      "--yes")
                  .with(ExitCode.FAILED)
                  .err())
          .contains(missing);
      assertUntouched();
      assertThat(
              run.holdfast(
                      "drill",
                      "shop",
                      "--no-record",
                      "--scratch",
                      folder.resolve("scratch").toString(),
                      "--postgres",
                      server.address("postgres"))
                  .with(ExitCode.FAILED)
                  .err())
          .contains(missing);
      assertUntouched();
    } finally {
      tablespace();
    }
  }

  @Test
  void aTablespaceThatIsClosedToTheUserIsNamedWithTheRightThatIsMissing() throws IOException {
    configure(server.address("shop").replace("postgres@", "keeper@"), "");

    assertThat(run.holdfast("recover", "shop", "--yes").with(ExitCode.FAILED).err())
        .contains("'keeper' lacks the right CREATE on the tablespace 'fast'")
        .contains("GRANT CREATE ON TABLESPACE \"fast\" TO \"keeper\"");
    assertUntouched();

    server.sql("postgres", "GRANT CREATE ON TABLESPACE fast TO keeper");
    recover();
    assertThat(rows("shop")).isEqualTo("1");
    server.sql("postgres", "REVOKE CREATE ON TABLESPACE fast FROM keeper");
  }

  @Test
  void aRoleThatTheServerLacksIsNamedWhileItIsPlanned() throws IOException {
    try (PostgresServerProcess other = PostgresServerProcess.start(15)) {
      Path space = Files.createDirectory(other.folder().resolve("fast"));
      other.own(space);
      other.sql("postgres", "CREATE TABLESPACE fast LOCATION '" + space + "'");

      assertThat(planOn(other))
          .contains("the role 'the guest', which has rights to something in the dump, is not on");
      other.sql("postgres", "CREATE ROLE \"the guest\"");
      assertThat(planOn(other))
          .contains("the role 'keeper', which owns something in the dump, is not on");
    }
  }

  private static String planOn(PostgresServerProcess other) {
    return run.holdfast(
            "recover",
            "--postgres",
            other.address("shop"),
            "--from",
            "/postgres/shop/database.dump",
            "--dry-run")
        .with(ExitCode.FAILED)
        .err();
  }

  @Test
  void aDatabaseOfAnAppThatMasksIsNotRecoveredByItsAddress() throws IOException {
    Path mask = Files.writeString(folder.resolve("mask.sql"), "UPDATE t SET x = -x");
    configure(server.address("shop"), "    recover: {masks: {main: " + mask + "}}");
    String[] byAddress = {
      "recover",
      "--postgres",
      server.tcpAddress("trial").replace("@", ":" + "a%20secret%20of%20postgres@"),
      "--from",
      "/postgres/shop/database.dump",
      "--yes"
    };

    assertThat(run.holdfast(byAddress).with(ExitCode.FAILED).err())
        .contains("the database 'trial' belongs to the app 'demo', which masks");
    assertUntouched();

    byAddress[4] = "shop";
    assertThat(run.holdfast(byAddress).with(ExitCode.FAILED).err()).contains("'shop' is an app");
    run.holdfast("recover", "demo", "--from", "shop", "--yes").done();
    assertThat(rows("trial")).isEqualTo("-1");
  }

  @Test
  void whatDoesNotFitIsRefusedWithFiguresBeforeAnythingIsDone() throws IOException {
    Path small = Files.createDirectories(folder.resolve("small"));
    try (Mount disk = Mount.smallDisk(small, "12m").orElse(null)) {
      assumeTrue(disk != null, "a small disk can only be mounted by root");
      Run cramped =
          run.set("XDG_STATE_HOME", small.resolve("state").toString())
              .set("TMPDIR", small.toString());
      assertThat(cramped.holdfast("recover", "shop", "--yes").with(ExitCode.FAILED).err())
          .containsPattern(
              "the file system of .*small.* has \\d+\\.\\d{3} [KM]iB left, and .* needs \\d+\\.\\d{3} [KMG]iB beside");
      assertUntouched();

      String drilled =
          run.holdfast("drill", "shop", "--scratch", small.toString()).with(ExitCode.FAILED).err();
      assertThat(drilled)
          .containsPattern(
              "scratch folder has \\d+\\.\\d{3} [KM]iB left, and the drill needs \\d+\\.\\d{3} [KMG]iB: ")
          .containsPattern("[1-9]\\d{1,2}\\.\\d{3} MiB for dumps and databases on a server");
      assertThat(run.holdfast("snapshots").done().out()).doesNotContain("Drilled");
      assertThat(small.resolve("holdfast-drills")).isDirectoryNotContaining("glob:**/drill-*");
    }
  }
}
