package dev.holdfast.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.engine.source.sqlite.Bank;
import dev.holdfast.engine.source.sqlite.SqliteEngine;
import dev.holdfast.engine.source.sqlite.SqliteOptions;
import dev.holdfast.repository.restore.RestoreOptions;
import dev.holdfast.repository.restore.Restorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which SQLite databases are read again, shown with real ones: those that changed in any way, and
/// no others.
final class UnchangedSqliteTest {
  /// An hour ahead, every file has rested long enough for its times to be trusted.
  private static final InstantSource LATER = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));

  @TempDir private Path folder;
  private Path source;
  private Path database;
  private TestRepository repository;

  @BeforeEach
  void create() throws Exception {
    source = Files.createDirectory(folder.resolve("source"));
    database = source.resolve("app.db");
    repository = TestRepository.create(folder.resolve("repository"), 2);
    Bank.create(database, 4096, "WAL");
    deposit();
    assertThat(backUp().wasRead()).isTrue();
  }

  @AfterEach
  void close() {
    repository.close();
  }

  /// Makes a backup, sees that what it stored is what the database holds, and gives what the
  /// manifest says of it.
  private ManifestSource backUp() throws Exception {
    SqliteOptions defaults = SqliteOptions.defaults();
    SqliteOptions options =
        new SqliteOptions(
            defaults.patience(), defaults.leftAlone(), defaults.stagingDirectories(), LATER);
    List<String> paths = List.of(source.toString());
    BackupResult result =
        new Archiver(
                repository.repository(),
                List.of(new SqliteEngine(options)),
                Clock.system(ZoneOffset.UTC))
            .run(
                BackupTargets.ofPaths(paths),
                repository.optionsWithParent(paths),
                BackupObserver.NONE);
    Path target = Files.createTempDirectory(folder, "restored");
    new Restorer(repository.repository())
        .restore(result.snapshot().tree(), target.toString(), RestoreOptions.DEFAULT, _ -> {});
    Path image = target.resolve(Path.of("/").relativize(database));
    assertThat(Bank.faults(image)).isEmpty();
    ManifestSource stored =
        result.manifest().orElseThrow().source(database.toString()).orElseThrow();
    assertThat(stored.rows()).hasValue(rows(image));
    return stored;
  }

  private static long rows(Path image) throws SQLException {
    try (Connection connection = Bank.connect(image);
        Statement statement = connection.createStatement()) {
      return Long.parseLong(
          Bank.text(
              statement,
              "SELECT (SELECT count(*) FROM account) + (SELECT count(*) FROM entry) + (SELECT count(*)"
                  + " FROM document) + (SELECT count(*) FROM mirror)"));
    }
  }

  private void deposit() throws SQLException {
    run(
        "BEGIN",
        "INSERT INTO document(account, body) VALUES(1, zeroblob(500))",
        "UPDATE mirror SET documents = documents + 1, bytes = bytes + 500, sequence = sequence + 1",
        "COMMIT");
  }

  private void run(String... statements) throws SQLException {
    try (Connection connection = Bank.connect(database);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private long sequenceOfLatest() throws Exception {
    return Bank.sequence(database);
  }

  @Test
  void databaseThatRestedIsNotReadAndKeepsItsRows() throws Exception {
    ManifestSource second = backUp();
    assertThat(second.wasRead()).isFalse();
    assertThat(second.facts().schemaFingerprint()).isPresent();
    assertThat(backUp().wasRead()).isFalse();
  }

  @Test
  void commitIsReadWhetherItLiesInTheLogOrInTheFile() throws Exception {
    try (Connection connection = Bank.connect(database);
        Statement statement = connection.createStatement()) {
      // As long as this one has read something, whoever leaves leaves the log there.
      Bank.text(statement, "SELECT count(*) FROM mirror");
      deposit();
      assertThat(Files.size(source.resolve("app.db-wal"))).isPositive();
      assertThat(backUp().wasRead()).as("after a commit into the log").isTrue();
      statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
      assertThat(backUp().wasRead()).as("after a checkpoint").isTrue();
      deposit();
      assertThat(backUp().wasRead()).as("after another commit").isTrue();
    }
    backUp();
    assertThat(backUp().wasRead()).as("when everybody has left").isFalse();
  }

  @Test
  void databaseThatWasReplacedOrSetBackInPlaceIsRead() throws Exception {
    run("PRAGMA journal_mode = DELETE");
    backUp();
    assertThat(backUp().wasRead()).isFalse();
    Path older = Files.copy(database, folder.resolve("older"));
    deposit();
    assertThat(backUp().wasRead()).isTrue();
    long before = sequenceOfLatest();
    overwrite(older);
    assertThat(sequenceOfLatest()).isLessThan(before);
    assertThat(backUp().wasRead()).as("after an older copy was written over it").isTrue();
    Path other = Files.copy(older, folder.resolve("other"));
    Files.move(other, database, StandardCopyOption.REPLACE_EXISTING);
    assertThat(backUp().wasRead()).as("after another file took its place").isTrue();
    assertThat(backUp().wasRead()).isFalse();
  }

  /// As `cp` does: the file stays the same, with other bytes.
  private void overwrite(Path from) throws IOException {
    Files.write(database, Files.readAllBytes(from));
  }
}
