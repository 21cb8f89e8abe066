package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import dev.holdfast.cli.setup.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Apps of a configuration on the command line, from the backup to what is said of it afterwards.
class AppCommandsTest {
  @TempDir Path scratch;

  private Path root = Path.of("");
  private Path file = Path.of("");
  private Run run = Run.at(root);

  @BeforeEach
  void makeAppAndRepository() throws Exception {
    root = Files.createDirectories(scratch.resolve("srv/shop"));
    database(tenant("acme"), 3);
    database(tenant("zeta"), 5);
    Files.createDirectories(root.resolve("uploads"));
    Files.writeString(root.resolve("uploads/logo.png"), "picture");
    Files.writeString(root.resolve("uploads/skip.tmp"), "not wanted");
    Files.writeString(root.resolve("forgotten.txt"), "in no source");
    file = scratch.resolve("holdfast.yaml");
    configure("fail", "");
    run =
        Run.at(scratch)
            .set("HOLDFAST_CONFIG", file.toString())
            .set("THE_PASSWORD", "correct horse");
    run.set("RESTIC_PASSWORD", "correct horse")
        .holdfast("init", "-r", scratch.resolve("repository").toString())
        .done();
  }

  private void configure(String onError, String more) throws Exception {
    Files.writeString(
        file,
        """
        repositories:
          main:
            location: %s
            password-env: THE_PASSWORD
        apps:
          shop:
            root: %s
            on-error: %s
            tags: [nightly]
            sources:
              tenants:
                path: tenants/{tenant}/app.db
              uploads:
                path: uploads
                excludes: ["*.tmp"]
        %s
        """
            .formatted(scratch.resolve("repository"), root, onError, more.indent(4)));
  }

  private Path tenant(String name) throws Exception {
    return Files.createDirectories(root.resolve("tenants").resolve(name)).resolve("app.db");
  }

  private static void database(Path path, int rows) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("CREATE TABLE IF NOT EXISTS item(id INTEGER PRIMARY KEY, name TEXT)");
      for (int i = 0; i < rows; i++) {
        statement.execute("INSERT INTO item(name) VALUES('thing')");
      }
    }
  }

  @Test
  void appIsBackedUpAndShowSaysWhatIsInside() throws Exception {
    String first = run.holdfast("backup", "shop").done().out();
    assertThat(first)
        .contains("app shop: 3 sources", "outside of the boundary, not backed up: ")
        .contains("forgotten.txt");
    database(tenant("acme"), 4);
    database(tenant("newcomer"), 1);
    Files.delete(tenant("zeta"));
    String second = run.holdfast("backup", "shop", "--kind", "scheduled").done().out();
    assertThat(second)
        .contains("using parent snapshot", "new since the snapshot before: ", "newcomer")
        .contains("no longer there: ")
        .contains("zeta");
    String shown = run.holdfast("show").done().out();
    assertThat(shown)
        .contains("of app shop", "scheduled", "nightly")
        .contains("tenants (tenant=acme)", "transactional", "7 (+4)", "item 7 (+4)")
        .contains("new: " + root.resolve("tenants/newcomer/app.db"))
        .contains("no longer there: " + root.resolve("tenants/zeta/app.db"))
        .contains("outside of the boundary: ")
        .contains("1 file ");
    String json = run.holdfast("show", "latest", "--json").done().out();
    assertThat(json)
        .contains("\"app\":\"shop\"", "\"tenant\":\"newcomer\"", "\"difference\":{\"added\":[");
  }

  @Test
  void filterByAppChoosesItsSnapshots() throws Exception {
    run.holdfast("backup", "shop").done();
    Files.writeString(scratch.resolve("other"), "a file");
    run.holdfast("backup", scratch.resolve("other").toString()).done();
    assertThat(run.holdfast("snapshots", "--app", "shop").done().out()).contains("1 snapshots");
    assertThat(run.holdfast("ls", "latest", "--app", "shop").done().out()).contains("app.db");
    assertThat(run.holdfast("ls", "latest").done().out()).doesNotContain("app.db");
    assertThat(run.holdfast("show", "--app", "shop").done().out()).contains("of app shop");
    assertThat(run.holdfast("show", "latest").with(ExitCode.FAILED).err())
        .contains("has no manifest");
  }

  @Test
  void appNamesItsRepositoryAmongSeveral() throws Exception {
    run.holdfast("backup", "shop").done();
    Files.writeString(
        file,
        Files.readString(file)
            .replace("repositories:\n", "repositories:\n  other: {location: /nowhere}\n")
            .replace("root: ", "repository: main\n    root: "));
    assertThat(run.holdfast("snapshots").with(ExitCode.FAILED).err())
        .contains("has several repositories");
    assertThat(run.holdfast("snapshots", "--app", "shop").done().out()).contains("1 snapshots");
    run.holdfast("tag", "--add", "good", "--app", "shop").done();
    assertThat(run.holdfast("show", "--app", "shop").done().out()).contains("good");
    run.holdfast("show", "--app", "shop", "-r", "other").with(ExitCode.NO_REPOSITORY);
  }

  @Test
  void nameThatIsNearlyAnAppIsASlip() {
    for (String command : List.of("backup", "recover")) {
      assertThat(run.holdfast(command, "shpo").with(ExitCode.FAILED).err())
          .contains("neither an app nor a path 'shpo'", "did you mean the app 'shop'?");
    }
    assertThat(run.holdfast("backup", "./shpo").with(ExitCode.FAILED).err())
        .doesNotContain("did you mean");
  }

  @Test
  void nameThatIsAnAppAndAPathIsRefused() throws Exception {
    // The tests run in a folder that has a 'src'.
    Files.writeString(file, Files.readString(file).replace("  shop:", "  src:"));
    assertThat(run.holdfast("backup", "src").with(ExitCode.FAILED).err())
        .contains("'src' is an app of the configuration and a path of this folder")
        .contains("'./src'");
  }

  @Test
  void nameThatIsAnAppAndItsOwnFolderIsTheApp() throws Exception {
    String text =
        Files.readString(file)
            .replace("  shop:", "  src:")
            .replace("root: " + root, "root: " + Path.of("src").toAbsolutePath())
            .replace("path: uploads", "path: main/dist");
    Files.writeString(file, text);
    assertThat(run.holdfast("backup", "src").done().out()).contains("app src: 1 source,");
  }

  @Test
  void missingSourceFailsUnlessAPartWillDo() throws Exception {
    String more = "  database:\n    path: data/main.db\n    required: true";
    configure("fail", more);
    assertThat(run.holdfast("backup", "shop").with(ExitCode.FAILED).err()).contains("database");
    assertThat(run.holdfast("snapshots", "--json").done().out()).contains("[]");
    configure("partial", more);
    run.holdfast("backup", "shop").with(ExitCode.DONE_IN_PART);
    assertThat(run.holdfast("snapshots", "--json").done().out()).contains("\"partial\"");
    run.holdfast("ls", "latest").with(ExitCode.FAILED);
  }

  @Test
  void hooksRunAroundTheBackup() throws Exception {
    Path log = scratch.resolve("log");
    Files.writeString(
        file,
        Files.readString(file)
            .replace(
                "    tags: [nightly]",
                """
                    hooks:
                      before:
                        - run: echo before >> %s
                      after:
                        - run: echo after $HOLDFAST_SNAPSHOT >> %s
                      on-error:
                        - run: echo error >> %s
                """
                    .formatted(log, log, log)
                    .stripTrailing()));
    run.holdfast("backup", "shop").done();
    assertThat(Files.readString(log)).matches("before\\nafter [0-9a-f]{64}\\n");
    run.holdfast("backup", "shop", "--dry-run").done();
    assertThat(Files.readString(log)).matches("before\\nafter [0-9a-f]{64}\\n");
  }

  @Test
  void hookThatFailsAfterTheBackupMakesItPartlyDone() throws Exception {
    Files.writeString(
        file,
        Files.readString(file)
            .replace(
                "    tags: [nightly]",
                "    hooks: {after: [{run: 'exit 1'}], on-error: [{run: 'true'}]}"));
    Run.Ended ended = run.holdfast("backup", "shop").with(ExitCode.DONE_IN_PART);
    assertThat(ended.err())
        .contains("warning: the hook 'after' of app 'shop' failed with status 1");
    assertThat(run.holdfast("snapshots", "--json").done().out()).contains("app:shop");
  }
}
