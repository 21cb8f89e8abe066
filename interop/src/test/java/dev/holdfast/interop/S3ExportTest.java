package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.CommandResult;
import dev.holdfast.testkit.HoldfastProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Exports of DuckDB databases in a bucket: made of live databases and of a snapshot, opened by
/// DuckDB itself, and taken back.
@Tag("slow")
class S3ExportTest {
  private static final int ROWS = 1000;
  private static final int TRIES = 10;

  @TempDir Path temporary;
  private Path folder = Path.of("");
  private Path data = Path.of("");
  private S3Server server;

  @BeforeEach
  void makeHitKeep() throws Exception {
    folder = temporary.toRealPath();
    server = S3Server.in(folder.resolve("buckets"));
    Files.createDirectory(folder.resolve("buckets/stats"));
    data = folder.resolve("data");
    Files.createDirectories(data.resolve("tenants/7"));
    sql(data.resolve("hitkeep.db"), "CREATE TABLE hits AS SELECT range AS id FROM range(1000)");
    sql(data.resolve("tenants/7/hitkeep.db"), "CREATE TABLE own AS SELECT 7 AS team");
    Files.writeString(
        folder.resolve("holdfast.yaml"),
        """
        apps:
          hitkeep:
            root: %s
            sources:
              control: {path: hitkeep.db}
              tenants: {path: "tenants/{team}/hitkeep.db"}
        """
            .formatted(data));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void exportsOfLiveDatabasesComeBackFromTheBucket() throws Exception {
    String address = server.address("stats/hitkeep/backups");
    exportLive(address);
    exportLive(address);

    Path stored = folder.resolve("buckets/stats/hitkeep/backups");
    List<Path> shared = list(stored.resolve("shared"));
    List<Path> tenant = list(stored.resolve("tenants/7"));
    assertThat(shared).as("--keep 1").hasSize(1);
    assertThat(tenant).hasSize(1);
    assertThat(tenant.getFirst().getFileName()).isEqualTo(shared.getFirst().getFileName());
    assertThat(list(stored))
        .extracting(Path::getFileName)
        .extracting(Path::toString)
        .containsExactlyInAnyOrder("shared", "tenants");
    assertThat(shared.getFirst().resolve("holdfast.json"))
        .content()
        .contains("\"set\"", "tenants/7");
    sql(folder.resolve("new.db"), "IMPORT DATABASE '" + shared.getFirst() + "'");
    assertThat(count(folder.resolve("new.db"), "hits")).isEqualTo(ROWS);

    holdfast("init").run().succeeded();
    holdfast("import", address, "--app", "hitkeep").run().succeeded();
    Files.delete(data.resolve("hitkeep.db"));
    sql(data.resolve("tenants/7/hitkeep.db"), "DELETE FROM own");
    holdfast("recover", "hitkeep", "--yes", "--no-restore-point").run().succeeded();
    assertThat(count(data.resolve("hitkeep.db"), "hits")).isEqualTo(ROWS);
    assertThat(count(data.resolve("tenants/7/hitkeep.db"), "own")).isEqualTo(1);

    anExportOfTheSnapshot();
  }

  private void anExportOfTheSnapshot() throws IOException {
    String address = server.address("stats/again");
    holdfast("export", "latest", address).run().succeeded();
    CommandResult twice = holdfast("export", "latest", address).run();
    assertThat(twice.exitCode()).isEqualTo(1);
    assertThat(twice.errors()).contains("has an export of", "already");
    String imported = holdfast("import", address, "--dry-run", "--json").run().succeeded().output();
    assertThat(imported).contains("\"databases\":2", data.resolve("hitkeep.db").toString());

    Path list;
    try (Stream<Path> files = Files.walk(folder.resolve("buckets/stats/again/tenants"))) {
      list = files.filter(file -> file.endsWith("holdfast.json")).findFirst().orElseThrow();
    }
    Files.delete(list);
    CommandResult part = holdfast("import", address).run();
    assertThat(part.exitCode()).isEqualTo(1);
    assertThat(part.errors()).contains("tenants/7 lacks holdfast.json", "none of its exports");
  }

  @Test
  void whatCannotBeIsRefused() {
    CommandResult none =
        holdfast("backup", "--format", "export", "--target", server.address("nowhere/x"))
            .with(data.resolve("hitkeep.db").toString())
            .run();
    assertThat(none.exitCode()).isNotZero();
    assertThat(none.errors()).contains("there is no bucket 'nowhere'");
    CommandResult file =
        holdfast("export", "latest", server.address("stats/shop.tar.gz"), "--format", "tar.gz")
            .run();
    assertThat(file.exitCode()).isEqualTo(1);
    assertThat(file.errors()).contains("only exports of DuckDB databases go to another machine");
    CommandResult elsewhere = holdfast("import", "rest:http://localhost:1/x").run();
    assertThat(elsewhere.exitCode()).isEqualTo(1);
    assertThat(elsewhere.errors()).contains("exports go into folders and into buckets of S3");
  }

  /// Names have seconds, and two runs may begin in one.
  private void exportLive(String address) {
    for (int i = 0; i < TRIES; i++) {
      CommandResult result =
          holdfast("backup", "--format", "export", "--target", address, "--keep", "1", "hitkeep")
              .run();
      if (result.exitCode() == 0 || !result.errors().contains("has an export of")) {
        result.succeeded();
        return;
      }
    }
    throw new AssertionError("there was no second without an export");
  }

  private Command holdfast(String... words) {
    return HoldfastProgram.launcher()
        .with("--config", folder.resolve("holdfast.yaml").toString())
        .with(words)
        .withEnvironment("RESTIC_REPOSITORY", folder.resolve("repository").toString())
        .withEnvironment("RESTIC_PASSWORD", "correct horse")
        .withEnvironment("AWS_ACCESS_KEY_ID", S3Server.ID)
        .withEnvironment("AWS_SECRET_ACCESS_KEY", S3Server.SECRET)
        .withEnvironment("HOME", folder.toString());
  }

  private static List<Path> list(Path where) throws IOException {
    try (Stream<Path> files = Files.list(where)) {
      return files.toList();
    }
  }

  private static void sql(Path database, String statement) throws SQLException {
    try (Connection open = DriverManager.getConnection("jdbc:duckdb:" + database);
        Statement its = open.createStatement()) {
      its.execute(statement);
    }
  }

  private static int count(Path database, String table) throws SQLException {
    try (Connection open = DriverManager.getConnection("jdbc:duckdb:" + database);
        Statement its = open.createStatement();
        ResultSet rows = its.executeQuery("SELECT count(*) FROM " + table)) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
