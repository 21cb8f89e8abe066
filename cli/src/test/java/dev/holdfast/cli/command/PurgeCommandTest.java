package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import dev.holdfast.testkit.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which snapshots hold a tenant.
class PurgeCommandTest {
  @TempDir Path scratch;

  @Test
  void tenantIsFoundWhereItsSourceHadNoPattern() throws Exception {
    Path file = scratch.resolve("holdfast.yaml");
    database("acme");
    database("zeta");
    Run run =
        Run.at(scratch)
            .set("HOLDFAST_CONFIG", file.toString())
            .set("RESTIC_REPOSITORY", scratch.resolve("repository").toString())
            .set("RESTIC_PASSWORD", "correct horse");
    run.holdfast("init").done();
    configure(file, "acme: {path: tenants/acme/app.db}", "zeta: {path: tenants/zeta/app.db}");
    run.holdfast("backup", "shop").done();
    configure(file, "tenants: {path: 'tenants/{tenant}/app.db'}", "");
    run.holdfast("backup", "shop").done();
    assertThat(run.holdfast("purge", "shop", "--tenant", "acme", "--dry-run").done().out())
        .contains("2 snapshots hold it");

    run.holdfast("purge", "shop", "--tenant", "acme", "--yes").done();

    assertThat(run.holdfast("find", "app.db").done().out())
        .contains("tenants/zeta/app.db")
        .doesNotContain("acme");
    assertThat(run.holdfast("snapshots", "--app", "shop").done().out()).contains("2 snapshots");
    run.holdfast("check", "--read-data").done();
  }

  private void configure(Path file, String... sources) throws Exception {
    Files.writeString(
        file,
        "apps:\n  shop:\n    root: "
            + scratch
            + "\n    sources:\n      "
            + String.join("\n      ", sources)
            + "\n");
  }

  private void database(String tenant) throws Exception {
    Path folder = Files.createDirectories(scratch.resolve("tenants").resolve(tenant));
    Command.of("sqlite3", folder.resolve("app.db").toString(), "CREATE TABLE t AS SELECT 1 AS a;")
        .run()
        .succeeded();
  }
}
