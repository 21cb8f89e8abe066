package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import dev.holdfast.cli.setup.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A database whose file is something else now: overwritten, encrypted by somebody, emptied.
class OverwrittenDatabasesTest {
  private static final String WAS_ONE =
      "was a sqlite database in the snapshot before, and is none now";

  @TempDir Path scratch;
  private Path database;
  private Run run;

  @BeforeEach
  void anAppThatWasBackedUp() throws IOException, SQLException {
    Path root = Files.createDirectories(scratch.toRealPath().resolve("shop"));
    database = root.resolve("shop.db");
    make(database);
    Files.createDirectory(root.resolve("cache"));
    make(root.resolve("cache/some.db"));
    Path config = scratch.resolve("holdfast.yaml");
    Files.writeString(
        config,
        """
        apps:
          shop:
            root: %s
            sources:
              main: {path: shop.db}
              cache: {path: cache}
        """
            .formatted(root));
    run = Run.on(scratch, scratch.resolve("repository")).set("HOLDFAST_CONFIG", config.toString());
    run.holdfast("init").done();
    run.holdfast("backup", "shop").done();
  }

  private static void make(Path file) throws SQLException {
    try (Connection open = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = open.createStatement()) {
      statement.execute("CREATE TABLE t(x)");
      statement.execute("INSERT INTO t VALUES (1)");
    }
  }

  private int snapshots() {
    return run.holdfast("snapshots", "--json").done().out().split("\"short_id\"", -1).length - 1;
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "your files are encrypted"})
  void noSnapshotOfTheAppIsMadeWithItAndRecoveryBringsItBack(String content)
      throws IOException, SQLException {
    Files.writeString(database, content);

    assertThat(run.holdfast("backup", "shop").with(ExitCode.FAILED).err())
        .contains(database + ": " + WAS_ONE, "--force");

    assertThat(snapshots()).isEqualTo(1);
    run.holdfast("recover", "shop", "--yes").done();
    try (Connection open = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = open.createStatement()) {
      assertThat(statement.executeQuery("SELECT x FROM t").getInt(1)).isEqualTo(1);
    }
  }

  @Test
  void whoeverMeansItSaysSoOnceAndForAll() throws IOException {
    Files.writeString(database, "{}");

    run.holdfast("backup", "shop", "--force").done();

    assertThat(run.holdfast("backup", "shop").done().err()).doesNotContain(WAS_ONE);
    assertThat(snapshots()).isEqualTo(3);
  }

  @Test
  void oneInsideOfAFolderOrOfNoAppIsOnlyWarnedOf() throws IOException {
    Files.writeString(database.resolveSibling("cache/some.db"), "{}");
    assertThat(run.holdfast("backup", "shop").done().err())
        .contains("warning: " + database.resolveSibling("cache/some.db") + ": " + WAS_ONE);

    run.holdfast("backup", database.toString()).done();
    Files.writeString(database, "{}");
    assertThat(run.holdfast("backup", database.toString()).done().err())
        .contains("warning: " + database + ": " + WAS_ONE);
  }
}
