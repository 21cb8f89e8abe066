package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is found out about a database only while it is stored is told by the backup itself.
class BackupWarningsTest {
  private static final int PAGE_BYTES = 4096;
  private static final int PAGES = 20;

  @TempDir Path scratch;

  @Test
  void aDatabaseWithDamageThatIsFoundWhileRowsAreCountedIsNotStoredAsOne() throws Exception {
    Path database = Files.createDirectory(scratch.toRealPath().resolve("app")).resolve("some.db");
    try (Connection open = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = open.createStatement()) {
      statement.execute("PRAGMA page_size = " + PAGE_BYTES);
      statement.execute("CREATE TABLE t(x)");
      statement.execute(
          "WITH RECURSIVE c(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM c LIMIT "
              + PAGES
              + ") INSERT INTO t SELECT zeroblob("
              + PAGE_BYTES / 2
              + ") FROM c");
    }
    try (RandomAccessFile file = new RandomAccessFile(database.toFile(), "rw")) {
      // The first leaf of the table: its root is the second page.
      file.seek(2 * PAGE_BYTES);
      file.write(0xff);
    }
    Run run = Run.on(scratch, scratch.resolve("repository"));
    run.holdfast("init").done();
    for (int i = 0; i < 2; i++) {
      assertThat(run.holdfast("backup", database.toString()).with(1).err())
          .contains(
              "database " + database + " is damaged: the rows of table t cannot be counted",
              "PRAGMA integrity_check");
    }
    assertThat(run.holdfast("snapshots", "--json").done().out().strip()).isEqualTo("[]");

    assertThat(run.holdfast("backup", database.getParent().toString()).with(3).err())
        .contains("cannot be counted", "it is stored as an ordinary file instead");
  }
}
