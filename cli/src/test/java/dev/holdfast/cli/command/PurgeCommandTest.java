package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import dev.holdfast.testkit.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which snapshots hold a tenant, and that it does not come back once it was purged.
class PurgeCommandTest {
  @TempDir Path scratch;

  @Test
  void tenantIsFoundWhereItsSourceHadNoPattern() throws Exception {
    Path file = scratch.resolve("holdfast.yaml");
    Run run = repositoryForTwoTenants(file);
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

  @Test
  void theOnlyNameOfAPatternIsTheTenantWhateverItIsCalled() throws Exception {
    Path file = scratch.resolve("holdfast.yaml");
    Run run = repositoryForTwoTenants(file);
    configure(file, "teams: {path: 'tenants/{team}/app.db'}", "");
    run.holdfast("backup", "shop").done();
    assertThat(run.holdfast("purge", "shop", "--tenant", "amce", "--yes").with(1).err())
        .contains("did you mean 'acme'? known are acme, zeta;");

    run.holdfast("purge", "shop", "--tenant", "acme", "--yes").done();

    assertThat(run.holdfast("find", "app.db").done().out())
        .contains("tenants/zeta/app.db")
        .doesNotContain("acme");
  }

  @Test
  void tenantThatNothingKnowsIsASlipAndLeavesNoRecord() throws Exception {
    Run run = shopOfTwoTenants();
    database("later");
    Path ledger = scratch.resolve("repository/holdfast");
    for (String option : List.of("--yes", "--dry-run", "--report")) {
      assertThat(run.holdfast("purge", "shop", "--tenant", "amce", option).with(1).err())
          .contains("there is no tenant 'amce' of 'shop'")
          .contains("did you mean 'acme'? known are acme, later, zeta; --force");
    }
    assertThat(run.holdfast("purge", "shop", "--tenant", "quite else", "--yes").with(1).err())
        .contains("hint: known are acme, later, zeta");
    assertThat(ledger).doesNotExist();
    run.holdfast("purge", "shop", "--tenant", "amce", "--report", "--force").done();
    assertThat(run.holdfast("purge", "shop", "--tenant", "later", "--report").done().out())
        .contains("0 snapshots hold it");

    run.holdfast("purge", "shop", "--tenant", "later", "--yes").done();
    run.holdfast("purge", "shop", "--tenant", "acme", "--yes").done();
    Command.of("rm", "-r", scratch.resolve("tenants/acme").toString()).run().succeeded();
    assertThat(run.holdfast("purge", "shop", "--tenant", "acme", "--yes").done().out())
        .contains("no snapshot holds it")
        .doesNotContain("holdfast ls");
    run.holdfast("purge", "shop", "--tenant", "amce", "--force", "--yes").done();
    run.holdfast("purge", "shop", "--tenant", "amce", "--yes").done();
    assertThat(run.holdfast("purge", "shop", "--path", "/not/there", "--dry-run").done().out())
        .contains("no snapshot holds it", "paths are those that 'holdfast ls' shows");
  }

  @Test
  void aFolderThatIsEmptyWithoutItIsNotNamedAnyMore() throws Exception {
    Path file = scratch.resolve("holdfast.yaml");
    Run run = repositoryForTwoTenants(file);
    configure(
        file, "tenants: {path: 'tenants/zeta/app.db'}", "faces: {path: 'faces/{person}/uploads'}");
    for (String person : List.of("ada", "grace")) {
      Path uploads = Files.createDirectories(scratch.resolve("faces").resolve(person + "/uploads"));
      Files.writeString(uploads.resolve("face.png"), person);
    }
    run.holdfast("backup", "shop").done();
    String face = scratch.resolve("faces/ada/uploads/face.png").toString();

    run.holdfast("purge", "shop", "--path", face, "--yes").done();

    assertThat(run.holdfast("ls", "latest", "--recursive").done().out())
        .contains("grace/uploads/face.png")
        .doesNotContain("ada");
    assertThat(run.holdfast("dump", "latest", "/.holdfast/manifest.json").done().out())
        .contains("faces/grace/uploads")
        .doesNotContain("ada");
  }

  @Test
  void reportTriesThePasswordOfTheEnvironmentElsewhereAndSaysWhatItCouldNotSearch()
      throws Exception {
    Run run = shopOfTwoTenants();
    run.holdfast("init", "--repo", scratch.resolve("mirror").toString()).done();
    run.set("RESTIC_PASSWORD", "another")
        .holdfast("init", "--repo", scratch.resolve("other").toString())
        .done();
    Path file = scratch.resolve("holdfast.yaml");
    Files.writeString(
        file,
        Files.readString(file).replace("  shop:", "  shop:\n    repository: main")
            + """
            repositories:
              main: {location: repository}
              mirror: {location: mirror}
              other: {location: other}
            """);

    Run.Ended text = run.holdfast("purge", "shop", "--tenant", "acme", "--report").with(3);
    assertThat(text.out())
        .contains("/repository: 1 snapshot holds it", "/mirror: 0 snapshots hold it");
    assertThat(text.err()).contains("/other could not be searched: wrong password");
    Run.Ended json =
        run.holdfast("purge", "shop", "--tenant", "acme", "--report", "--json").with(3);
    assertThat(json.out().lines())
        .allMatch(line -> line.startsWith("{") && line.endsWith("}"))
        .filteredOn(line -> line.startsWith("{\"message_type\":\"searched\""))
        .satisfiesExactly(
            line -> assertThat(line).contains("/repository\"", "\"snapshots\":1"),
            line -> assertThat(line).contains("/mirror\"", "\"snapshots\":0"));
    assertThat(json.err().lines())
        .singleElement()
        .satisfies(line -> assertThat(line).startsWith("{").contains("could not be searched"));
  }

  @Test
  @Tag("slow")
  void archivesFromBeforeThePurgeDoNotBringTheTenantBack() throws Exception {
    Run run = shopOfTwoTenants();
    Path ours = scratch.resolve("ours.tar.gz");
    run.holdfast("export", "latest", ours.toString(), "--app", "shop").done();
    Path theirs = tar("theirs.tar.gz", "tenants");
    Path renamed = Files.createDirectories(scratch.resolve("other")).resolve("db_acme-v2.sqlite");
    Files.copy(scratch.resolve("tenants/acme/app.db"), renamed);
    Path named = tar("named.tar", "other");
    Path innocent = tar("innocent.tar.gz", "tenants/zeta");
    run.holdfast("purge", "shop", "--tenant", "acme", "--yes").done();
    String before = run.holdfast("snapshots", "--json").done().out();

    for (Path archive : List.of(ours, theirs, named)) {
      for (List<String> more :
          List.of(
              List.<String>of(),
              List.of("--app", "shop"),
              List.of("--app", "shop", "--root", "/elsewhere"))) {
        assertThat(run.holdfast(words("import", archive, more)).with(1).err())
            .as(archive + " " + more)
            .contains("of the archive was purged from the backups on")
            .contains("take it out of the archive");
      }
    }
    assertThat(run.holdfast("import", ours.toString(), "--app", "elsewhere").with(1).err())
        .contains("was purged");
    assertThat(run.holdfast("import", renamed.toString(), "--app", "shop").with(1).err())
        .contains("was purged");
    assertThat(run.holdfast("snapshots", "--json").done().out()).isEqualTo(before);

    run.holdfast("import", innocent.toString(), "--app", "shop").done();
    assertThat(run.holdfast("find", "app.db").done().out())
        .contains("zeta/app.db")
        .doesNotContain("acme");
    aNewTenantOfThatNameIsAnotherOne(run);
  }

  private void aNewTenantOfThatNameIsAnotherOne(Run run) {
    run.holdfast("backup", "shop").done();
    Path archive = scratch.resolve("new.tar.gz");
    run.holdfast("export", "latest", archive.toString(), "--app", "shop").done();

    run.holdfast("import", archive.toString(), "--app", "shop").done();

    assertThat(run.holdfast("find", "--tag", "imported", "app.db").done().out())
        .contains("tenants/acme/app.db");
  }

  /// A repository put back from an older copy, beside the ledger that was kept.
  @Tag("slow")
  @Test
  void anOlderCopyOfTheRepositoryDoesNotBringTheTenantBack() throws Exception {
    Run run = shopOfTwoTenants();
    Path repository = scratch.resolve("repository");
    Path older = scratch.resolve("older");
    Command.of("cp", "-a", repository.toString(), older.toString()).run().succeeded();
    run.holdfast("purge", "shop", "--tenant", "acme", "--yes").done();
    Path ledger = scratch.resolve("ledger");
    Files.move(repository.resolve("holdfast"), ledger);
    Command.of("rm", "-r", repository.toString()).run().succeeded();
    Files.move(older, repository);
    Files.move(ledger, repository.resolve("holdfast"));
    assertThat(run.holdfast("find", "app.db").done().out()).contains("tenants/acme/app.db");
    Files.delete(scratch.resolve("tenants/acme/app.db"));

    Run.Ended recovered = run.holdfast("recover", "shop", "--no-restore-point", "--yes").done();

    assertThat(recovered.err()).contains("was purged from the backups on", "left out");
    assertThat(scratch.resolve("tenants/zeta/app.db")).exists();
    assertThat(scratch.resolve("tenants/acme/app.db")).doesNotExist();
    String path = scratch.resolve("tenants/acme/app.db").toString();
    assertThat(run.holdfast("recover", path, "--no-restore-point", "--yes").with(1).err())
        .contains("was purged from the backups on", "this snapshot holds it still");
    assertThat(scratch.resolve("tenants/acme/app.db")).doesNotExist();
  }

  private Run repositoryForTwoTenants(Path configuration) throws Exception {
    database("acme");
    database("zeta");
    Run run =
        Run.at(scratch)
            .set("HOLDFAST_CONFIG", configuration.toString())
            .set("RESTIC_REPOSITORY", scratch.resolve("repository").toString())
            .set("RESTIC_PASSWORD", "correct horse");
    run.holdfast("init").done();
    return run;
  }

  private Run shopOfTwoTenants() throws Exception {
    Path file = scratch.resolve("holdfast.yaml");
    Run run = repositoryForTwoTenants(file);
    configure(file, "tenants: {path: 'tenants/{tenant}/app.db'}");
    run.holdfast("backup", "shop").done();
    return run;
  }

  private Path tar(String name, String what) {
    Path archive = scratch.resolve(name);
    Command.of("tar", "-caf", archive.toString(), what).in(scratch).run().succeeded();
    return archive;
  }

  private static String[] words(String command, Path file, List<String> more) {
    List<String> words = new ArrayList<>(List.of(command, file.toString()));
    words.addAll(more);
    return words.toArray(String[]::new);
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
