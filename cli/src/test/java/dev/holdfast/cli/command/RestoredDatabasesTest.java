package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Databases that are restored to where databases are, and the logs of both.
class RestoredDatabasesTest {
  @TempDir Path scratch;

  private Path data = Path.of("");
  private Path database = data;
  private Path log = data;
  private Run run = Run.at(data);

  @BeforeEach
  void aDatabaseThatWasBackedUpAndWentOn() throws Exception {
    data = Files.createDirectories(scratch.toRealPath().resolve("data"));
    database = data.resolve("app.db");
    log = data.resolve("app.db-wal");
    run = Run.on(scratch, scratch.resolve("repository"));
    run.holdfast("init").done();
    sqlite("PRAGMA journal_mode=WAL", "CREATE TABLE t(x)", "INSERT INTO t VALUES (1)");
    run.holdfast("backup", data.toString()).done();
  }

  /// Leaves the log behind as a crash does.
  private void goOnAndCrash() throws Exception {
    Path kept = scratch.resolve("kept");
    try (Connection open = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = open.createStatement()) {
      statement.execute("PRAGMA wal_autocheckpoint = 0");
      statement.execute("INSERT INTO t VALUES (2)");
      Files.copy(log, kept);
    }
    Files.move(kept, log);
  }

  private void sqlite(String... statements) throws Exception {
    try (Connection open = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = open.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private Run.Ended restore(Path target, String... more) {
    String[] arguments = new String[more.length + 4];
    System.arraycopy(
        new String[] {"restore", "latest:" + data, "--target", target.toString()},
        0,
        arguments,
        0,
        4);
    System.arraycopy(more, 0, arguments, 4, more.length);
    return run.holdfast(arguments);
  }

  private String rows() throws Exception {
    try (Connection open = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = open.createStatement()) {
      return statement.executeQuery("SELECT group_concat(x) FROM t").getString(1);
    }
  }

  @Test
  void aDatabaseIsNotPutBesideTheLogOfAnother() throws Exception {
    goOnAndCrash();
    byte[] before = Files.readAllBytes(database);
    for (String way : new String[] {"always", "if-changed"}) {
      assertThat(restore(data, "--overwrite", way).with(1).err())
          .contains(log + " is the log of a database that is there now")
          .contains("hint: put live data back with 'holdfast recover'");
    }
    restore(data, "--dry-run").with(1);
    assertThat(Files.readAllBytes(database)).isEqualTo(before);
    assertThat(rows()).isEqualTo("1,2");
  }

  @Test
  void aLogWhoseDatabaseIsGoneIsInTheWayAsWell() throws Exception {
    goOnAndCrash();
    Files.delete(database);
    restore(data, "--overwrite", "never").with(1);
    assertThat(database).doesNotExist();
    assertThat(log).exists();
  }

  @Test
  void aDatabaseThatStaysKeepsItsLog() throws Exception {
    goOnAndCrash();
    restore(data, "--overwrite", "never").done();
    restore(data, "--include", "nothing").done();
    assertThat(rows()).isEqualTo("1,2");
  }

  @Test
  void aLogThatIsRemovedIsNotInTheWay() throws Exception {
    goOnAndCrash();
    restore(data, "--delete", "--include", "app.db").done();
    assertThat(log).doesNotExist();
    assertThat(rows()).isEqualTo("1");
  }

  @Test
  void filesBesideThatHoldNoStateAreNotInTheWay() throws Exception {
    Files.write(log, new byte[0]);
    Files.write(data.resolve("app.db-shm"), new byte[] {1});
    Files.write(data.resolve("app.db-journal"), new byte[512]);
    restore(data).done();
    assertThat(rows()).isEqualTo("1");
  }

  @Test
  void theLogOfADatabaseGoesWithIt() throws Exception {
    Path hits = data.resolve("hits.duckdb");
    try (Connection open = DriverManager.getConnection("jdbc:duckdb:" + hits);
        Statement statement = open.createStatement()) {
      statement.execute("PRAGMA disable_checkpoint_on_shutdown");
      statement.execute("CREATE TABLE t(x INTEGER)");
    }
    run.holdfast("backup", data.toString()).done();
    Path chosen = scratch.resolve("chosen");
    restore(chosen, "--include", "hits.duckdb").done();
    assertThat(chosen.resolve("hits.duckdb.wal")).isNotEmptyFile();
    assertThat(chosen.resolve("app.db")).doesNotExist();
    Path rest = scratch.resolve("rest");
    restore(rest, "--exclude", "*.wal").done();
    assertThat(rest.resolve("hits.duckdb.wal")).isNotEmptyFile();
    Path other = scratch.resolve("other");
    restore(other, "--exclude", "hits.duckdb", "--exclude", "*.wal").done();
    assertThat(other.resolve("hits.duckdb.wal")).doesNotExist();
  }

  @Test
  void aManifestThatIsLostKeepsNobodyFromARestore() throws Exception {
    byte[] noise = new byte[64 * 1024];
    new Random(1).nextBytes(noise);
    Files.write(data.resolve("noise"), noise);
    run.holdfast("backup", data.toString()).done();
    try (Stream<Path> packs = Files.walk(scratch.resolve("repository/data"))) {
      Files.delete(
          packs
              .filter(Files::isRegularFile)
              .max(Comparator.comparingLong(pack -> pack.toFile().length()))
              .orElseThrow());
    }
    Path rest = scratch.resolve("rest");
    assertThat(restore(rest).with(1).err())
        .contains("noise: not restored", "the restore is not complete");
    assertThat(rest.resolve("app.db")).exists();
  }
}
