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

/// What commands that were killed left unencrypted goes with the next of their kind.
class KilledRemainsTest {
  @TempDir Path scratch;

  private Path temporary = Path.of("");
  private Path database = Path.of("");
  private Run run = Run.at(Path.of(""));

  @BeforeEach
  void backUp() throws Exception {
    temporary = Files.createDirectory(scratch.resolve("temporary"));
    database = scratch.resolve("app.db");
    run = Run.on(scratch, scratch.resolve("repository")).set("TMPDIR", temporary.toString());
    run.holdfast("init").done();
    Command.of("sqlite3", database.toString(), "CREATE TABLE t AS SELECT 7 AS a").run().succeeded();
    run.holdfast("backup", database.toString()).done();
  }

  /// As a process leaves it that was killed: unpacked data, and a lock that nobody holds.
  private void remain(String name) throws IOException {
    Path folder = Files.createDirectories(temporary.resolve(name).resolve("unpacked"));
    Files.writeString(folder.resolve("app.db"), "secret");
    Files.createFile(temporary.resolve(name + ".lock"));
  }

  @Test
  void remainsOfAnImportGoWithTheNext() throws IOException {
    remain("holdfast-archive-1");
    run.holdfast("import", database.toString(), "--dry-run").done();
    assertThat(temporary).isEmptyDirectory();
  }
}
