package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Databases of snapshots are asked, and nothing else is touched.
class QueryCommandTest {
  @TempDir Path folder;
  private Path home;
  private Path data;
  private Run run;

  @BeforeEach
  void anAppWithTenantsThatWasBackedUp() throws IOException {
    home = folder.toRealPath();
    data = Files.createDirectories(home.resolve("data"));
    sqlite("users.db", "CREATE TABLE person(id INTEGER, name TEXT, photo BLOB, height REAL)");
    sqlite(
        "users.db", "INSERT INTO person VALUES(1, 'Ann, \"A\"', x'00ff', 1.5), (2, NULL, NULL, 2)");
    for (String tenant : new String[] {"acme", "zeta"}) {
      Files.createDirectories(data.resolve("tenants/" + tenant));
      sqlite(
          "tenants/" + tenant + "/x.db",
          "CREATE TABLE t(name); INSERT INTO t VALUES('" + tenant + "')");
    }
    Path config = home.resolve("holdfast.yaml");
    Files.writeString(
        config,
        """
        apps:
          shop:
            root: %1$s/data
            sources:
              users: {path: users.db}
              tenants: {path: "tenants/{tenant}/x.db"}
        """
            .formatted(home));
    run = Run.on(home, home.resolve("repository")).set("HOLDFAST_CONFIG", config.toString());
    run.holdfast("init").done();
    run.holdfast("backup", "shop").done();
  }

  private void sqlite(String file, String sql) {
    Command.of("sqlite3", data.resolve(file).toString(), sql).run().succeeded();
  }

  @Test
  void answerIsATableOrJsonOrCommaSeparatedValues() {
    String query = "SELECT * FROM person ORDER BY id";
    assertThat(run.holdfast("query", "latest", "users", query).done().out())
        .contains("id  name      photo  height")
        .contains("1   Ann, \"A\"  00ff   1.5")
        .endsWith("2 rows\n");
    assertThat(run.holdfast("query", "latest", "users", query, "--json").done().out())
        .isEqualTo(
            """
            [{"id":1,"name":"Ann, \\"A\\"","photo":"00ff","height":1.5},
            {"id":2,"name":null,"photo":null,"height":2.0}]
            """);
    assertThat(run.holdfast("query", "latest", "users", query, "--csv").done().out())
        .isEqualTo(
            """
            id,name,photo,height
            1,"Ann, ""A""\",00ff,1.5
            2,,,2.0
            """);
    assertThat(run.holdfast("query", "latest", "users", query + " LIMIT 0", "--json").done().out())
        .isEqualTo("[]\n");
  }

  @Test
  void sourceIsATenantAPathOrAFileName() {
    String query = "SELECT name FROM t";
    String path = data.resolve("tenants/zeta/x.db").toString();
    assertThat(run.holdfast("query", "latest", "acme", query).done().out()).contains("acme");
    assertThat(run.holdfast("query", "latest", path, query).done().out()).contains("zeta");
    assertThat(run.holdfast("query", "latest", "users.db", "SELECT 7").done().out()).contains("7");
  }

  @Test
  void sourceThatMayBeSeveralOrNoneIsRefusedWithTheirNames() {
    assertThat(run.holdfast("query", "latest", "tenants", "SELECT 1").with(ExitCode.FAILED).err())
        .contains("'tenants' may be any of 2 databases")
        .contains("tenants/zeta/x.db (tenants, tenant zeta)");
    assertThat(run.holdfast("query", "latest", "nobody", "SELECT 1").with(ExitCode.FAILED).err())
        .contains("there is no database 'nobody'")
        .contains("users.db (users)");
    assertThat(
            run.holdfast("query", "latest", "/etc/passwd", "SELECT 1").with(ExitCode.FAILED).err())
        .contains("/etc/passwd");
  }

  @Test
  void whatIsNotUnderstoodNamesTheDatabaseAsTheSnapshotHasIt() throws Exception {
    Path duck = data.resolve("tenants/acme/hits.duckdb");
    try (java.sql.Connection connection =
            java.sql.DriverManager.getConnection("jdbc:duckdb:" + duck);
        java.sql.Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE hits(id INTEGER)");
    }
    run.holdfast("backup", data.toString(), "--tag", "with-duckdb").done();
    for (String database : new String[] {data.resolve("users.db").toString(), duck.toString()}) {
      String error =
          run.holdfast(
                  "query", "--tag", "with-duckdb", "latest", database, "SELECT nonsense FROM no")
              .with(ExitCode.FAILED)
              .err();
      assertThat(error)
          .contains("database " + database + " of snapshot ", " does not answer: ")
          .doesNotContain("holdfast-query-", "image.db");
    }
  }

  @Test
  void queryChangesNothingAndSeesNoOtherFile() {
    String other = data.resolve("tenants/acme/x.db").toString();
    for (String sql :
        new String[] {
          "DELETE FROM person",
          "ATTACH '" + other + "' AS o",
          "VACUUM INTO '" + home.resolve("copy") + "'",
          "SELECT load_extension('x')",
          "SELECT 1; SELECT 2",
          "SELECT nonsense",
          " ",
        }) {
      run.holdfast("query", "latest", "users", sql).with(ExitCode.FAILED);
    }
    run.holdfast("query", "latest", "users", "").with(ExitCode.WRONG_USAGE);
    assertThat(home.resolve("copy")).doesNotExist();
  }
}
