package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import dev.holdfast.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
