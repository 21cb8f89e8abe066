package dev.holdfast.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.source.sqlite.Bank;
import dev.holdfast.engine.source.sqlite.Holder;
import dev.holdfast.engine.source.sqlite.WriterProcess;
import dev.holdfast.repository.format.SnapshotSummary;
import dev.holdfast.repository.restore.RestoreOptions;
import dev.holdfast.repository.restore.Restorer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the snapshots of large databases store, and that what is stored is the database.
@Tag("slow")
final class SnapshotsOfLargeDatabasesTest {
  /// Each snapshot of databases has a manifest of its own.
  private static final long MANIFEST_BLOBS = 1;

  private static final int PAGE_BYTES = 4096;
  private static final int EXTENT_PAGES_MAX = 16;
  private static final int ROWS = 100_000;
  private static final int ROW_BYTES = 900;
  private static final int UPDATES = 20;

  /// What a tree stores of an extent: the 32 bytes of its id, which nothing can compress, and a
  /// little for the 35 characters around and within it that can be.
  private static final int TREE_BYTES_PER_EXTENT = 40;

  /// What else a snapshot of a small tree stores.
  private static final int OVERHEAD_BYTES = 32 * 1024;

  @TempDir private Path folder;
  private Path database;
  private TestRepository repository;
  private final WatchedSqlite engine = new WatchedSqlite(Duration.ofSeconds(10));

  @BeforeEach
  void create() throws Exception {
    Path source = Files.createDirectory(folder.resolve("source"));
    database = source.resolve("large.db");
    repository = TestRepository.create(folder.resolve("repository"), 2);
  }

  @AfterEach
  void close() {
    repository.close();
  }

  private BackupResult backUp() {
    RecordedEvents events = new RecordedEvents();
    List<String> paths = List.of(String.valueOf(database.getParent()));
    BackupResult result =
        new Archiver(repository.repository(), List.of(engine), Clock.system(ZoneOffset.UTC))
            .run(BackupTargets.ofPaths(paths), repository.optionsWithParent(paths), events);
    assertThat(events.problems()).isEmpty();
    return result;
  }

  private void assertRestored(BackupResult result) throws Exception {
    Path target = Files.createTempDirectory(folder, "restored");
    new Restorer(repository.repository())
        .restore(
            result.snapshot().tree(),
            target.toString(),
            RestoreOptions.DEFAULT.withSparse(true),
            event -> {});
    Path image = target.resolve(Path.of("/").relativize(database));
    assertThat(image.resolveSibling("large.db-wal")).doesNotExist();
    assertThat(Bank.faults(image)).isEmpty();
    assertThat(Bank.sequence(image)).isEqualTo(Bank.sequence(database));
    Files.delete(image);
  }

  @Test
  void nextSnapshotStoresTheExtentsThatChangedAndNoOthers() throws Exception {
    long seed = Long.getLong("holdfast.test.seed", System.nanoTime());
    System.out.println("seed of scattered updates: " + seed);
    Bank.create(database, 4096, "WAL");
    fill();
    BackupResult first = backUp();
    long pages = Files.size(database) / PAGE_BYTES;
    long extents = first.summary().dataBlobs() - MANIFEST_BLOBS;
    assertThat(extents).isBetween(pages / 64, pages / 2);

    try (Connection connection = Bank.connect(database);
        Statement statement = connection.createStatement()) {
      updateScattered(statement, new Random(seed));
      BackupResult second = backUp();
      SnapshotSummary changed = second.summary();
      // Each row lies in one page, and the counters of the mirror in another. What changes for the
      // first time is stored with its neighbours, in several pieces.
      assertThat(changed.dataBlobs()).isBetween(1L, (UPDATES + 2L) * EXTENT_PAGES_MAX);
      long bound =
          (UPDATES + 2L) * EXTENT_PAGES_MAX * PAGE_BYTES
              + (extents + changed.dataBlobs()) * TREE_BYTES_PER_EXTENT
              + OVERHEAD_BYTES;
      assertThat(changed.dataAddedPackedBytes()).isLessThan(bound);
      System.out.printf(
          "%d updates in a database of %d extents: %d data blobs, %d bytes stored (bound %d)%n",
          UPDATES, extents, changed.dataBlobs(), changed.dataAddedPackedBytes(), bound);
      assertRestored(second);
    }
    // The log is gone and its content in the file, whose times have changed; what it holds has not.
    assertThat(backUp().summary().dataBlobs()).isEqualTo(MANIFEST_BLOBS);
    assertThat(backUp().summary().dataBlobs()).isEqualTo(MANIFEST_BLOBS);
    vacuumAndBackUp(pages);
  }

  /// A vacuum may move every page, so all that is known is that no more than all is stored.
  private void vacuumAndBackUp(long pages) throws Exception {
    try (Connection connection = Bank.connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM document WHERE id < 50");
      statement.execute(
          "UPDATE mirror SET documents = (SELECT count(*) FROM document), bytes = (SELECT"
              + " sum(length(body)) FROM document), sequence = sequence + 1");
      statement.execute("VACUUM");
      BackupResult result = backUp();
      assertThat(result.summary().dataBlobs()).isBetween(1L, pages + MANIFEST_BLOBS);
      System.out.printf("after a vacuum: %d data blobs%n", result.summary().dataBlobs());
      assertRestored(result);
    }
    assertThat(backUp().summary().dataBlobs()).isEqualTo(MANIFEST_BLOBS);
  }

  private void fill() throws SQLException {
    try (Connection connection = Bank.connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA synchronous = OFF");
      statement.execute("BEGIN");
      statement.execute(
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) INSERT INTO"
                  .formatted(ROWS)
              + " document(account, body) SELECT 1, randomblob(%d) FROM n".formatted(ROW_BYTES));
      statement.execute(
          "UPDATE mirror SET documents = %d, bytes = %d".formatted(ROWS, (long) ROWS * ROW_BYTES));
      statement.execute("COMMIT");
    }
  }

  private static void updateScattered(Statement statement, Random random) throws SQLException {
    statement.execute("BEGIN");
    for (int i = 0; i < UPDATES; i++) {
      statement.execute(
          "UPDATE document SET body = randomblob(%d) WHERE id = %d"
              .formatted(ROW_BYTES, 1 + random.nextInt(ROWS)));
    }
    statement.execute("UPDATE mirror SET sequence = sequence + 1");
    statement.execute("COMMIT");
  }

  @Test
  void databasePastOneGibibyteIsWholeInItsSnapshot() throws Exception {
    Bank.create(database, 65_536, "OFF");
    growPastTheLockPage();
    assertThat(Files.size(database)).isGreaterThan((1L << 30) + 2 * 65_536);
    try (WriterProcess _ =
        WriterProcess.start(
            Holder.class,
            database,
            "BEGIN",
            "INSERT INTO document(account, body) VALUES(1, zeroblob(5000))",
            "UPDATE mirror SET documents = documents + 1, bytes = bytes + 5000, sequence = 1",
            "COMMIT")) {
      long start = System.nanoTime();
      BackupResult result = backUp();
      System.out.printf(
          "past 1 GiB: backup in %d ms, %d bytes stored%n",
          (System.nanoTime() - start) / 1_000_000, result.summary().dataAddedPackedBytes());
      assertRestored(result);
    }
  }

  private void growPastTheLockPage() throws SQLException {
    try (Connection connection = Bank.connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA synchronous = OFF");
      statement.execute("BEGIN");
      for (int i = 0; i < 11; i++) {
        statement.execute("INSERT INTO document(account, body) VALUES(2, zeroblob(100000000))");
      }
      statement.execute("UPDATE mirror SET documents = 11, bytes = 1100000000");
      statement.execute("COMMIT");
      statement.execute("PRAGMA journal_mode = WAL");
    }
  }
}
