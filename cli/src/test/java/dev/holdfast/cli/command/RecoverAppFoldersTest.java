package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import dev.holdfast.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Apps whose sources are folders, whatever is in these.
class RecoverAppFoldersTest {
  @TempDir Path folder;
  private Path home;
  private Path app;
  private Run run;

  @BeforeEach
  void anApp() throws IOException {
    home = folder.toRealPath();
    app = Files.createDirectories(home.resolve("app"));
    Path config = home.resolve("holdfast.yaml");
    Files.writeString(
        config,
        """
        apps:
          shop:
            root: %s
            sources:
              data: {path: data}
              older: {path: data-old, required: false}
              uploads: {path: uploads, required: false}
        """
            .formatted(app));
    run = Run.on(home, home.resolve("repository")).set("HOLDFAST_CONFIG", config.toString());
    run.holdfast("init").done();
    Files.createDirectory(app.resolve("data"));
    sqlite("CREATE TABLE t(id); INSERT INTO t VALUES(1);");
  }

  private String sqlite(String sql) {
    return Command.of("sqlite3", app.resolve("data/shop.db").toString(), sql)
        .run()
        .succeeded()
        .output()
        .strip();
  }

  @Test
  void aFolderWithNothingInItButADatabaseIsReplacedAsAWhole() throws IOException {
    run.holdfast("backup", "shop").done();
    sqlite("INSERT INTO t VALUES(2)");
    Files.writeString(app.resolve("data/later"), "x");

    run.holdfast("recover", "shop", "--yes").done();

    assertThat(sqlite("SELECT count(*) FROM t")).isEqualTo("1");
    assertThat(app.resolve("data/later")).doesNotExist();
  }

  @Test
  void databasesThatAreAllThatAFolderHasAreMaskedWhereNothingTakesItsPlace() throws IOException {
    Path demo = Files.createDirectory(home.resolve("demo"));
    Path mask = Files.writeString(home.resolve("mask.sql"), "UPDATE t SET id = 77");
    Path config = home.resolve("holdfast.yaml");
    Files.writeString(
        config,
        Files.readString(config)
            + """
              demo:
                root: %s
                sources: {data: {path: data}}
                recover: {masks: {data: %s}}
            """
                .formatted(demo, mask)
                .indent(0));
    Files.createDirectory(app.resolve("data/sub"));
    Path other = Files.copy(app.resolve("data/shop.db"), app.resolve("data/sub/other.db"));
    run.holdfast("backup", "shop").done();

    run.holdfast("recover", "demo", "--from", "shop", "--yes").done();

    for (Path path : List.of(app.resolve("data/shop.db"), other)) {
      Path cloned = demo.resolve(app.relativize(path));
      assertThat(Command.of("sqlite3", cloned.toString(), "SELECT id FROM t").run().output())
          .isEqualTo("77\n");
    }
    assertThat(run.holdfast("recover", "demo", "--from", "shop", "--yes").with(1).err())
        .contains(
            "inside of a folder",
            "hint: if that has nothing else in it, move away what is at its place, "
                + demo.resolve("data")
                + "; or");
    Files.writeString(app.resolve("data/note"), "x");
    run.holdfast("backup", "shop").done();
    assertThat(run.holdfast("recover", "demo", "--from", "shop", "--yes").with(1).err())
        .contains("shop.db is to be masked, and would come unmasked inside of a folder")
        .contains("name the database by a pattern of its own");
  }

  @Test
  void aFolderThatWasEmptyBecomesEmptyAgain() throws IOException {
    Path uploads = Files.createDirectory(app.resolve("uploads"));
    run.holdfast("backup", "shop").done();
    Files.writeString(uploads.resolve("later"), "x");

    run.holdfast("recover", "shop", "--yes").done();

    assertThat(uploads).isEmptyDirectory();
    assertThat(run.holdfast("show", "latest").done().out()).contains(uploads + " ", "0 files");
  }

  @Test
  void aSnapshotWithNothingButFoldersThatAPurgeEmptiedIsRemoved() {
    run.holdfast("backup", "shop").done();

    run.holdfast("purge", "shop", "--path", app.resolve("data/shop.db").toString(), "--yes").done();

    assertThat(run.holdfast("snapshots", "--json").done().out()).isEqualTo("[]\n");
  }

  @Test
  void aFolderCoversWhatIsInItAlsoIfAnothersNameComesBetween() throws IOException {
    Files.writeString(app.resolve("data/note"), "x");
    Files.writeString(Files.createDirectory(app.resolve("data-old")).resolve("note"), "x");

    run.holdfast("backup", "shop").done();
    sqlite("INSERT INTO t VALUES(2)");
    run.holdfast("recover", "shop", "--yes").done();

    assertThat(sqlite("SELECT count(*) FROM t")).isEqualTo("1");
  }
}
