package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.CommandResult;
import dev.holdfast.testkit.HoldfastProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A tenant is purged: nothing of it is in any object of the store, everything else is as it was,
/// and it does not come back from older copies.
@Tag("slow")
class PurgeTest {
  private static final String MARKER = "this-row-is-of-the-tenant-that-goes";
  private static final int KILLS = 4;

  @TempDir Path folder;
  private Workplace work;
  private Path root;

  @BeforeEach
  void backUpAnAppWithTwoTenants() throws IOException {
    work = Workplace.in(folder);
    root = folder.resolve("srv");
    Files.createDirectories(root.resolve("uploads"));
    Files.writeString(root.resolve("uploads/logo"), "picture");
    Files.writeString(
        folder.resolve("holdfast.yaml"),
        """
        repositories:
          main:
            location: %s
            password-env: RESTIC_PASSWORD
          mirror:
            location: %s
            password-env: RESTIC_PASSWORD
        apps:
          shop:
            root: %s
            repository: main
            sources:
              tenants:
                path: tenants/{tenant}/app.db
              uploads:
                path: uploads
        """
            .formatted(folder.resolve("repository"), folder.resolve("mirror"), root));
    work.init(2);
    change("acmecorp", MARKER, 1);
    change("zeta", "stays", 1);
    backUp("--host", "one");
    change("acmecorp", MARKER, 2);
    change("zeta", "stays", 2);
    backUp("--host", "two");
  }

  @Test
  void nothingOfItIsInAnyObjectAndTheRestIsAsItWas() throws Exception {
    leaveAnUnindexedPack();
    copyRepository("older");
    work.beside("mirror").holdfast().init(2);
    copyFrom("repository", "mirror").succeeded();
    assertThat(StoredBytes.holding(work, MARKER)).isNotEmpty();
    String zeta = dump("zeta");
    assertThat(purge("--dry-run").succeeded().output()).contains("2 snapshots hold it");

    purge("--yes").succeeded();

    assertThat(StoredBytes.holding(work, MARKER)).isEmpty();
    assertThat(StoredBytes.holding(work, "acmecorp")).isEmpty();
    work.restic().checkClean();
    assertThat(dump("zeta")).isEqualTo(zeta);
    assertThat(work.holdfast().run("show", "latest", "--json").succeeded().output())
        .contains("zeta")
        .contains("4000")
        .doesNotContain("acmecorp");
    CommandResult report = purge("--report").succeeded();
    assertThat(report.output()).contains("repository: 0 snapshots", "mirror: 2 snapshots");
    assertThat(purge("--yes").succeeded().output()).contains("no snapshot holds it");

    anOlderCopyDoesNotBringItBack();
  }

  /// The repository as it was before, put back from a copy, with the ledger that was kept.
  private void anOlderCopyDoesNotBringItBack() throws IOException {
    CommandResult copied = copyFrom("older", "repository");
    assertThat(copied.exitCode()).isEqualTo(3);
    assertThat(copied.errors()).contains("is not copied", "was purged from the backups on");
    assertThat(StoredBytes.holding(work, MARKER)).isEmpty();

    Command.of(
            "cp",
            "-r",
            folder.resolve("repository/holdfast").toString(),
            folder.resolve("older").toString())
        .run()
        .succeeded();
    Path target = folder.resolve("recovered");
    CommandResult recovered =
        app(
                "-r",
                folder.resolve("older").toString(),
                "recover",
                "shop",
                "--host",
                "two",
                "--target",
                target.toString(),
                "--no-restore-point",
                "--yes")
            .run()
            .succeeded();
    assertThat(recovered.errors()).contains("was purged from the backups on", "left out");
    assertThat(target.resolve("tenants/zeta/app.db")).exists();
    assertThat(target.resolve("tenants/acmecorp")).doesNotExist();
    CommandResult path =
        app(
                "-r",
                folder.resolve("older").toString(),
                "recover",
                root.resolve("tenants/acmecorp/app.db").toString(),
                "--host",
                "two",
                "--yes")
            .run();
    assertThat(path.exitCode()).isEqualTo(1);
    assertThat(path.errors()).contains("was purged");
  }

  @Test
  void killedAtAnyMomentTheSamePurgeFinishesItAndBackupsLoseNothing() throws Exception {
    Killing killing = new Killing(PurgeTest.class);
    copyRepository("before");
    Command purge = app("purge", "shop", "--tenant", "acmecorp", "--yes");
    long whole = Killing.nanosOf(purge);
    for (int i = 0; i < KILLS; i++) {
      Killing.replace(folder.resolve("repository"), folder.resolve("before"));
      Path other = Files.writeString(folder.resolve("other" + i), "of another backup " + i);
      killing.kill(purge, whole, work.holdfast().command("backup", other.toString()));
      purge("--yes", "--retry-lock", "2m").succeeded();

      assertThat(StoredBytes.holding(work, MARKER)).as(killing.when()).isEmpty();
      killing.checkClean(work);
      assertThat(work.snapshotTexts()).as(killing.when()).hasSize(3);
    }
  }

  private void change(String tenant, String text, int round) throws IOException {
    Path database =
        Files.createDirectories(root.resolve("tenants").resolve(tenant)).resolve("app.db");
    Command.of(
            "sqlite3",
            database.toString(),
            """
            CREATE TABLE IF NOT EXISTS t(x);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<2000)
            INSERT INTO t SELECT '%s ' || i || ' %d' FROM n;
            """
                .formatted(text, round))
        .run()
        .succeeded();
  }

  private void backUp(String... more) {
    app("backup", "shop").with(more).run().succeeded();
  }

  private Command app(String... arguments) {
    return HoldfastProgram.launcher()
        .with("--config", folder.resolve("holdfast.yaml").toString())
        .with(arguments)
        .withEnvironment("XDG_STATE_HOME", folder.resolve("state").toString())
        .withEnvironment("RESTIC_PASSWORD", work.password());
  }

  private CommandResult purge(String... options) {
    return app("purge", "shop", "--tenant", "acmecorp").with(options).run();
  }

  private CommandResult copyFrom(String from, String to) {
    return app("-r", folder.resolve(to).toString(), "copy")
        .withEnvironment("RESTIC_FROM_REPOSITORY", folder.resolve(from).toString())
        .withEnvironment("RESTIC_FROM_PASSWORD", work.password())
        .run();
  }

  private String dump(String tenant) throws IOException {
    Path out = folder.resolve("dumped.db");
    app(
            "-r",
            work.restic().repository().toString(),
            "dump",
            "latest",
            root.resolve("tenants").resolve(tenant).resolve("app.db").toString(),
            "--target",
            out.toString())
        .run()
        .succeeded();
    return Command.of("sqlite3", out.toString(), "SELECT count(*), sum(length(x)) FROM t;")
        .run()
        .succeeded()
        .output();
  }

  /// A backup that was killed after its pack and before its index.
  private void leaveAnUnindexedPack() throws IOException {
    Path orphan = Files.writeString(folder.resolve("orphan"), "orphan of " + MARKER);
    String id =
        Workplace.savedSnapshot(
            work.holdfast().run("backup", orphan.toString()).succeeded().output());
    deleteNewest("index");
    try (Stream<Path> files = Files.list(work.restic().repository().resolve("snapshots"))) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().startsWith(id)) {
          Files.delete(file);
        }
      }
    }
  }

  private void deleteNewest(String kind) throws IOException {
    try (Stream<Path> files = Files.list(work.restic().repository().resolve(kind))) {
      Files.delete(
          files.max(Comparator.comparingLong(file -> file.toFile().lastModified())).orElseThrow());
    }
  }

  private void copyRepository(String name) {
    Command.of("cp", "-a", work.restic().repository().toString(), folder.resolve(name).toString())
        .run()
        .succeeded();
  }
}
