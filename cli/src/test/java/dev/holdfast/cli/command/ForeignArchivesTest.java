package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.Mount;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is in archives that other programs make of folders as they find them.
class ForeignArchivesTest extends ArchiveOfAFolderTest {
  private Path archive = Path.of("");

  @BeforeEach
  void nameArchive() {
    archive = scratch.resolve("app.tar");
  }

  private void sqlite(String database, String... statements) throws Exception {
    Command.of("sqlite3", app.resolve(database).toString()).with(statements).run().succeeded();
  }

  private void tar(String... words) throws Exception {
    Command.of("tar", "-cf", archive.toString(), "-C", app.toString())
        .with(words)
        .run()
        .succeeded();
  }

  private Path restored() {
    run.holdfast("import", archive.toString(), "--root", "/srv/app").done();
    run.holdfast("restore", "latest:/srv/app", "--target", scratch.resolve("out").toString())
        .done();
    return scratch.resolve("out");
  }

  @Test
  void logsBesideDatabasesAreBroughtIntoThemWhereverTheyStandInTheArchive() throws Exception {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      String name = "d" + i + ".db";
      sqlite(
          name,
          ".dbconfig no_ckpt_on_close on",
          "PRAGMA journal_mode = wal",
          "CREATE TABLE t(a)",
          "INSERT INTO t VALUES (1), (2)");
      assertThat(app.resolve(name + "-wal")).isNotEmptyFile();
      names.add(i % 2 == 0 ? name : name + "-wal");
      names.add(i % 2 == 0 ? name + "-wal" : name);
    }
    tar(names.toArray(String[]::new));
    Path out = restored();
    for (int i = 0; i < 6; i++) {
      Path database = out.resolve("d" + i + ".db");
      assertThat(Command.of("sqlite3", database.toString(), "SELECT sum(a) FROM t").run().output())
          .isEqualTo("3\n");
    }
    assertThat(out).isDirectoryNotContaining("glob:**-wal");
  }

  @ParameterizedTest
  @CsvSource({"gnu, 1965-07-01T12:00:00Z", "pax, 1965-07-01T12:00:00.250Z"})
  void filesFromBeforeTheSystemsClocksKeepTheirTime(String format, Instant time) throws Exception {
    sqlite("app.db", "CREATE TABLE t(a)");
    Path old = Files.writeString(app.resolve("old"), "x");
    // Java rounds such times up to 1970.
    Command.of("touch", "-d", time.toString(), old.toString()).run().succeeded();
    tar("--format=" + format, ".");
    assertThat(Files.getLastModifiedTime(restored().resolve("old")).toInstant()).isEqualTo(time);
  }

  @Test
  void fullPlaceToUnpackInIsToldFromAnArchiveThatCannotBeRead() throws Exception {
    Path small = Files.createDirectory(scratch.resolve("small"));
    Optional<Mount> disk = Mount.smallDisk(small, "4m");
    assumeThat(disk).as("mounting takes root").isPresent();
    try (Mount mounted = disk.orElseThrow()) {
      sqlite("app.db", "CREATE TABLE t(a)", "INSERT INTO t VALUES (randomblob(6000000))");
      tar(".");
      assertThat(
              run.holdfast("import", archive.toString(), "--scratch", small.toString())
                  .with(1)
                  .err())
          .contains("there is no room in '" + small + "'", "--scratch");
      assertThat(mounted).isNotNull();
      assertThat(small).isEmptyDirectory();
    }
  }

  @Test
  void folderWhoseNameIsNoTimeIsNoExport() throws Exception {
    Path stray = Files.createDirectories(app.resolve("shared/2026-13-40T000000Z"));
    Files.writeString(stray.resolve("schema.sql"), "");
    Files.writeString(stray.resolve("load.sql"), "");
    assertThat(run.holdfast("import", app.toString()).with(1).err())
        .contains("is no folder of exports");
  }

  @Test
  void linksThatLeadOutByWayOfOthersAreRefused() throws Exception {
    sqlite("app.db", "CREATE TABLE t(a)");
    Files.createDirectories(app.resolve("a/b"));
    Files.createSymbolicLink(app.resolve("a/b/top"), Path.of("../.."));
    Files.createSymbolicLink(app.resolve("winding"), Path.of("a/b/../b/top/a/../app.db"));
    Files.createSymbolicLink(app.resolve("ring"), Path.of("a/../ring"));
    tar(".");
    run.holdfast("import", "--dry-run", archive.toString()).done();
    Files.createSymbolicLink(app.resolve("secret"), Path.of("a/b/top/../etc/shadow"));
    tar(".");
    assertThat(run.holdfast("import", archive.toString()).with(1).err())
        .contains("'secret' leads out of it, by way of other links");
  }

  @Test
  void sparseFilesOfOursComeBackWhenTheirSizeIsAllowed() throws Exception {
    sqlite("app.db", "CREATE TABLE t(a)");
    try (RandomAccessFile sparse = new RandomAccessFile(app.resolve("sparse").toFile(), "rw")) {
      sparse.setLength(300L << 20);
    }
    run.holdfast("backup", app.toString()).done();
    archive = scratch.resolve("app.tar.zst");
    run.holdfast("export", "latest", archive.toString()).done();
    assertThat(run.holdfast("import", "--dry-run", archive.toString()).with(1).err())
        .contains("400 times as large as itself", "allow it with --max-size");
    run.holdfast("import", "--dry-run", "--max-size", "1G", archive.toString()).done();
  }
}
