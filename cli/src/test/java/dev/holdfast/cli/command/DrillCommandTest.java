package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import dev.holdfast.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Drills, what remembers them, and the status that tells of them, as a person types it.
@Tag("slow")
class DrillCommandTest {
  @TempDir Path folder;
  private Path home;
  private Path data;
  private Path scratch;
  private Path config;
  private Run run;

  @BeforeEach
  void anAppThatWasBackedUpAndIsGone() throws IOException {
    home = folder.toRealPath();
    data = Files.createDirectories(home.resolve("data"));
    scratch = home.resolve("scratch");
    sqlite(data.resolve("shop.db"), "CREATE TABLE t(id); INSERT INTO t VALUES(1),(2),(3)");
    Files.writeString(Files.createDirectory(data.resolve("files")).resolve("one"), "one");
    config = home.resolve("holdfast.yaml");
    configure("at-least: 3");
    run = Run.on(home, home.resolve("repository")).set("HOLDFAST_CONFIG", config.toString());
    run.holdfast("init").done();
    run.holdfast("backup", "shop").done();
    Command.of("rm", "-r", data.toString()).run().succeeded();
  }

  private void configure(String bound) throws IOException {
    Files.writeString(
        config,
        """
        apps:
          shop:
            root: %s
            expect-every: 24h
            sources:
              main: {path: shop.db}
              files: {path: files}
            checks:
              rows: {sql: SELECT count(*) FROM t, source: main, %s}
              files: {files: files/*, min-size: 3B}
              command: {run: 'cat "$HOLDFAST_DRILL_DIR/files/one"'}
            drill: {every: 7d, scratch: %s}
        """
            .formatted(data, bound, scratch));
  }

  private static void sqlite(Path file, String sql) {
    Command.of("sqlite3", file.toString(), sql).run().succeeded();
  }

  private void assertNothingIsLeft() throws IOException {
    try (Stream<Path> left = Files.list(scratch.resolve("holdfast-drills"))) {
      assertThat(left.map(path -> path.getFileName().toString())).containsExactly("lock");
    }
  }

  @Test
  void anAppThatIsGoneIsDrilledAndTheDrillIsRemembered() throws IOException {
    Path page = home.resolve("report.html");
    Run.Ended ended = run.holdfast("drill", "shop", "--report", page.toString()).done();

    assertThat(ended.out()).contains("succeeded", "3 rows in 1 table", "done: one");
    assertNothingIsLeft();
    assertThat(data).doesNotExist();
    assertThat(Files.readString(page)).startsWith("<!DOCTYPE html>").contains("succeeded");
    assertThat(run.holdfast("snapshots").done().out()).contains("Drilled");
    assertThat(run.holdfast("show").done().out()).contains("it can be recovered");
    assertThat(run.holdfast("status", "--json").done().out()).contains("\"well\":true");
    assertThat(run.holdfast("forget", "--keep-tag", "none", "--dry-run", "--tag", "app:shop").out())
        .contains("newest verified snapshot of shop");
  }

  @Test
  void aCheckThatFailsFailsTheDrillAndIsRemembered() throws IOException {
    configure("at-least: 4");

    Run.Ended ended = run.holdfast("drill", "shop");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.out()).contains("the answer is '3'; it should be at least 4");
    assertNothingIsLeft();
    assertThat(run.holdfast("snapshots").done().out()).contains("failed ");
    assertThat(run.holdfast("status").status()).isEqualTo(3);
  }

  @Test
  void whatAKilledDrillHasLeftIsRemovedByTheNext() throws IOException {
    Path left = Files.createDirectories(scratch.resolve("holdfast-drills/drill-x/data"));
    Files.writeString(left.resolve("secret"), "x");
    Files.writeString(left.resolveSibling("lock"), "");

    assertThat(run.holdfast("drill", "shop").done().err()).contains("was killed");
    assertNothingIsLeft();
  }

  @Test
  void statusIsNotWellWithoutADrillAndWritesAWholeFileOfMetrics() throws IOException {
    Path metrics = home.resolve("holdfast.prom");

    Run.Ended ended = run.holdfast("status", "--prometheus", metrics.toString());

    assertThat(ended.status()).isEqualTo(3);
    assertThat(ended.out()).contains("a drill is overdue: none has succeeded");
    assertThat(Files.readString(metrics)).contains("holdfast_well{app=\"shop\"").endsWith("\n");
    try (Stream<Path> files = Files.list(home)) {
      assertThat(files.map(Path::toString)).noneMatch(name -> name.endsWith(".new"));
    }
  }

  @Test
  void databasesOfDuckDbAreDrilledWithTheirLogsAndAskedOneByOne() throws Exception {
    Path tenants = data.resolve("tenants");
    for (String tenant : List.of("acme", "zeta")) {
      Path file = Files.createDirectories(tenants.resolve(tenant)).resolve("hits.duckdb");
      try (Connection open = DriverManager.getConnection("jdbc:duckdb:" + file);
          Statement statement = open.createStatement()) {
        statement.execute("PRAGMA disable_checkpoint_on_shutdown");
        statement.execute("CREATE TABLE hits AS SELECT range AS id FROM range(10)");
        statement.execute("CHECKPOINT");
        statement.execute("INSERT INTO hits VALUES (10)"); // in the log alone
      }
      assertThat(file.resolveSibling("hits.duckdb.wal")).isNotEmptyFile();
    }
    Files.writeString(
        config,
        """
        apps:
          hits:
            root: %s
            sources:
              tenants: {path: 'tenants/{tenant}/hits.duckdb'}
            checks:
              all: {sql: SELECT count(*) FROM hits, source: tenants, equals: '11'}
            drill: {scratch: %s}
        """
            .formatted(data, scratch));
    run.holdfast("backup", "hits").done();
    Command.of("rm", "-r", data.toString()).run().succeeded();

    Run.Ended ended = run.holdfast("drill", "hits").done();

    assertThat(ended.out()).contains("succeeded", "11 rows in 1 table", "2 databases asked");
    Files.writeString(config, Files.readString(config).replace("'11'", "'10'"));
    Run.Ended failed = run.holdfast("drill", "hits");
    assertThat(failed.status()).isEqualTo(1);
    assertThat(failed.out())
        .contains("tenants/acme/hits.duckdb: the answer is '11'; it should be '10'");
    assertNothingIsLeft();
    assertThat(data).doesNotExist();
  }

  @Test
  void whatCannotBeDrilledIsRefused() {
    assertThat(run.holdfast("drill", "nothing").status()).isNotZero();
    assertThat(run.holdfast("drill", "shop", "--report", "x.pdf").err()).contains(".html, .json");
    Path missing = home.resolve("missing");
    assertThat(
            run.holdfast("drill", "shop", "--report", missing.resolve("x.html").toString())
                .with(1)
                .err())
        .contains("there is no folder '" + missing + "' for --report");
    assertThat(missing).doesNotExist();
    assertThat(run.holdfast("status").out()).doesNotContain("drilled");
    assertThat(run.holdfast("drill").status()).isEqualTo(2);
  }
}
