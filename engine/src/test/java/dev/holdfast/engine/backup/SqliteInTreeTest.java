package dev.holdfast.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.source.sqlite.Bank;
import dev.holdfast.engine.source.sqlite.Holder;
import dev.holdfast.engine.source.sqlite.WriterProcess;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.NodeType;
import dev.holdfast.repository.restore.RestoreOptions;
import dev.holdfast.repository.restore.Restorer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a backup makes of real SQLite databases where people keep them.
final class SqliteInTreeTest {
  /// The header of a write-ahead log of pages of 4096 bytes, as far as detection reads it.
  private static final byte[] LOG_HEAD = {
    0x37, 0x7f, 0x06, (byte) 0x82, 0x00, 0x2d, (byte) 0xe2, 0x18
  };

  private static final String DEPOSIT =
      "INSERT INTO document(account, body) VALUES(1, zeroblob(5000))";
  private static final String COUNT =
      "UPDATE mirror SET documents = documents + 1, bytes = bytes + 5000, sequence = sequence + 1";

  @TempDir private Path folder;
  private Path source;
  private TestRepository repository;
  private final WatchedSqlite engine = new WatchedSqlite(Duration.ofSeconds(3));
  private final RecordedEvents events = new RecordedEvents();
  private Clock clock = Clock.systemUTC();

  @BeforeEach
  void create() throws IOException {
    source = Files.createDirectory(folder.resolve("source"));
    repository = TestRepository.create(folder.resolve("repository"), 2);
  }

  @AfterEach
  void close() {
    repository.close();
    assertThat(engine.openContents()).isZero();
  }

  private BackupResult backUp(Path... targets) {
    List<String> paths = Arrays.stream(targets).map(Path::toString).toList();
    return new Archiver(repository.repository(), List.of(engine), clock)
        .run(BackupTargets.ofPaths(paths), repository.optionsWithParent(paths), events);
  }

  private Node stored(BackupResult result, Path path) {
    return StoredTrees.find(repository.repository(), result.snapshot().tree(), path.toString());
  }

  private List<String> storedNames(BackupResult result) {
    return repository.repository().loadTree(stored(result, source).subtree()).nodes().stream()
        .map(Node::name)
        .toList();
  }

  /// Restores everything; gives where the source is then.
  private Path restore(BackupResult result) throws IOException {
    Path target = Files.createTempDirectory(folder, "restored");
    assertThat(
            new Restorer(repository.repository())
                .restore(
                    result.snapshot().tree(),
                    target.toString(),
                    RestoreOptions.DEFAULT,
                    event -> {})
                .isComplete())
        .isTrue();
    return target.resolve(Path.of("/").relativize(source));
  }

  private static void write(Path database) throws Exception {
    try (Connection connection = Bank.connect(database);
        Statement statement = connection.createStatement()) {
      for (String sql : List.of("BEGIN", DEPOSIT, COUNT, "COMMIT")) {
        statement.execute(sql);
      }
    }
  }

  @Test
  void databasesInNestedDirectoriesAreImagesAndLinksToThemAreLinks() throws Exception {
    Path nested = Files.createDirectories(source.resolve("a/b/c"));
    Bank.create(nested.resolve("log.sqlite3"), 4096, "WAL");
    Bank.create(nested.resolve("journal"), 1024, "PERSIST");
    write(nested.resolve("journal"));
    Files.createSymbolicLink(source.resolve("link.db"), Path.of("a/b/c/log.sqlite3"));
    Files.createFile(source.resolve("empty.db"));
    Files.writeString(source.resolve("gone.db-wal"), "an ordinary file");
    BackupResult result;
    try (WriterProcess _ =
        WriterProcess.start(
            Holder.class, nested.resolve("log.sqlite3"), "BEGIN", DEPOSIT, COUNT, "COMMIT")) {
      result = backUp(source);
    }
    assertThat(events.problems()).isEmpty();
    Path restored = restore(result);
    assertThat(restored.resolve("a/b/c").toFile().list())
        .containsExactlyInAnyOrder("log.sqlite3", "journal");
    assertThat(Bank.faults(restored.resolve("a/b/c/log.sqlite3"))).isEmpty();
    assertThat(Bank.sequence(restored.resolve("a/b/c/log.sqlite3"))).isEqualTo(1);
    assertThat(Bank.faults(restored.resolve("a/b/c/journal"))).isEmpty();
    assertThat(stored(result, source.resolve("link.db")).type()).isEqualTo(NodeType.SYMLINK);
    assertThat(restored.resolve("empty.db")).isEmptyFile();
    assertThat(restored.resolve("gone.db-wal")).hasContent("an ordinary file");
  }

  @Test
  void databaseWhoseNameIsNotUtf8IsStoredUnderThatName() throws Exception {
    Path plain = source.resolve("plain.db");
    Bank.create(plain, 4096, "WAL");
    write(plain);
    String name = OsString.decode(new byte[] {'b', (byte) 0xff, '?', '%', '.', 'd', 'b'});
    rename(plain.toString(), source + "/" + name);
    BackupResult result = backUp(source);
    assertThat(events.problems()).isEmpty();
    assertThat(storedNames(result)).containsExactly(name);
    assertThat(engine.opened()).isEqualTo(1);
    Path restored = restore(result);
    rename(restored + "/" + name, restored + "/plain.db");
    assertThat(Bank.faults(restored.resolve("plain.db"))).isEmpty();
    assertThat(Bank.sequence(restored.resolve("plain.db"))).isEqualTo(1);
  }

  private static void rename(String from, String to) throws IOException {
    Posix.renameat(OpenFlag.AT_FDCWD, from, OpenFlag.AT_FDCWD, to);
  }

  @Test
  void databaseWithTwoNamesIsReadOnceAndBothHoldOneState() throws Exception {
    Path database = source.resolve("first.db");
    Bank.create(database, 4096, "DELETE");
    Files.createLink(source.resolve("second.db"), database);
    BackupResult result = backUp(source);
    assertThat(events.problems()).isEmpty();
    assertThat(engine.opened()).isEqualTo(1);
    assertThat(stored(result, source.resolve("second.db")).content())
        .isEqualTo(stored(result, database).content());
    Path restored = restore(result);
    assertThat(Bank.faults(restored.resolve("second.db"))).isEmpty();
    assertThat(Files.isSameFile(restored.resolve("first.db"), restored.resolve("second.db")))
        .isTrue();
  }

  @Test
  void databaseInUseUnderOneOfItsNamesShowsThatStateUnderAll() throws Exception {
    Path database = source.resolve("a.db");
    Bank.create(database, 4096, "WAL");
    Files.createLink(source.resolve("b.db"), database);
    Files.createLink(source.resolve("0.db"), database);
    BackupResult result;
    try (WriterProcess _ =
        WriterProcess.start(Holder.class, database, "BEGIN", DEPOSIT, COUNT, "COMMIT")) {
      result = backUp(source);
    }
    // Whichever name is met first: those without a log beside them wait for the one that has it.
    assertThat(events.problems()).isEmpty();
    assertThat(storedNames(result)).containsExactly("0.db", "a.db", "b.db");
    Path restored = restore(result);
    assertThat(Bank.sequence(restored.resolve("0.db"))).isEqualTo(1);
    assertThat(Bank.sequence(restored.resolve("b.db"))).isEqualTo(1);
  }

  @Test
  void databaseReachedThroughTwoDirectoriesAtOnceKeepsItsLocks() throws Exception {
    Path database = source.resolve("large.db");
    Bank.create(database, 4096, "WAL");
    try (Connection connection = Bank.connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO document(account, body) VALUES(1, randomblob(20000000))");
      statement.execute("UPDATE mirror SET documents = 1, bytes = 20000000");
    }
    Path link = Files.createSymbolicLink(folder.resolve("link"), source);
    engine.onRead(() -> assertThat(locksOn(database)).as("locks of this process").isPositive());
    BackupResult result = backUp(database, link.resolve("large.db"));
    assertThat(events.problems()).isEmpty();
    assertThat(stored(result, link.resolve("large.db")).content())
        .isEqualTo(stored(result, database).content());
    assertThat(Bank.faults(restore(result).resolve("large.db"))).isEmpty();
  }

  /// The locks that this process has on a file, as the system sees them.
  private static long locksOn(Path file) {
    try {
      String owner = " " + Posix.getpid() + " ";
      String inode = ":" + Posix.stat(file.toString()).inode() + " ";
      return Files.readAllLines(Path.of("/proc/locks"), StandardCharsets.UTF_8).stream()
          .filter(line -> line.contains(owner) && line.contains(inode))
          .count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void encryptedAndDamagedDatabasesAreReportedAndStoredAsFiles() throws Exception {
    byte[] noise = new byte[40_000];
    new Random(7).nextBytes(noise);
    Files.write(source.resolve("secret.db"), noise);
    Files.write(source.resolve("secret.db-wal"), LOG_HEAD);
    byte[] damaged = noise.clone();
    byte[] magic = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(magic, 0, damaged, 0, magic.length);
    Files.write(source.resolve("damaged.db"), damaged);
    Path cut = source.resolve("cut.db");
    Bank.create(cut, 4096, "DELETE");
    byte[] whole = Files.readAllBytes(cut);
    Files.write(cut, Arrays.copyOf(whole, 5000));
    BackupResult result = backUp(source);
    assertThat(result.isIncomplete()).isTrue();
    assertThat(events.problems())
        .hasSize(3)
        .allSatisfy(problem -> assertThat(problem.message()).contains("as an ordinary file"));
    Path restored = restore(result);
    assertThat(restored.resolve("secret.db")).hasBinaryContent(noise);
    assertThat(restored.resolve("secret.db-wal")).hasBinaryContent(LOG_HEAD);
    assertThat(restored.resolve("damaged.db")).hasBinaryContent(damaged);
    assertThat(restored.resolve("cut.db")).hasBinaryContent(Arrays.copyOf(whole, 5000));
    assertThatThrownBy(() -> backUp(source.resolve("secret.db")))
        .isInstanceOf(HoldfastException.class)
        .hasMessageContaining("encrypted or damaged");
  }

  @Test
  void databaseThatIsLockedForGoodIsReportedAndFailsWhenNamed() throws Exception {
    Path database = source.resolve("held.db");
    Bank.create(database, 4096, "DELETE");
    Files.writeString(source.resolve("other"), "stored");
    try (WriterProcess holder =
        WriterProcess.start(
            Holder.class, database, "PRAGMA locking_mode = EXCLUSIVE", DEPOSIT, COUNT)) {
      BackupResult result = backUp(source);
      assertThat(result.isIncomplete()).isTrue();
      assertThat(events.problems())
          .singleElement()
          .satisfies(problem ->
              assertThat(problem.message())
                  .contains("held.db")
                  .contains("locked by process " + holder.pid()));
      assertThat(storedNames(result)).containsExactly("other");
      int before = repository.repository().snapshots().size();
      assertThatThrownBy(() -> backUp(database))
          .isInstanceOf(HoldfastException.class)
          .hasMessageContaining("locked by process " + holder.pid());
      assertThat(repository.repository().snapshots()).hasSize(before);
    }
  }

  @Test
  void databaseThatVanishesIsReportedAndTheRestIsStored() throws Exception {
    Path database = source.resolve("gone.db");
    Bank.create(database, 4096, "DELETE");
    Files.writeString(source.resolve("other"), "stored");
    engine.beforeOpen(() -> Files.delete(database));
    BackupResult result = backUp(source);
    assertThat(events.problems()).hasSize(1);
    assertThat(storedNames(result)).containsExactly("other");
  }

  @Test
  void whatIsCommittedDuringABackupIsInTheNextOne() throws Exception {
    Path database = source.resolve("app.db");
    Bank.create(database, 4096, "DELETE");
    long length = Files.size(database);
    engine.afterOpen(() -> touch(database));
    BackupResult first = backUp(source);
    assertThat(Bank.sequence(restore(first).resolve("app.db"))).isZero();
    assertThat(database).as("nothing but the times tells").hasSize(length);
    BackupResult second = backUp(source);
    assertThat(events.problems()).isEmpty();
    assertThat(Bank.sequence(restore(second).resolve("app.db"))).isEqualTo(1);
  }

  /// Changes the state, and not the length of the file.
  private static void touch(Path database) throws Exception {
    try (Connection connection = Bank.connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute("UPDATE mirror SET sequence = sequence + 1");
    }
  }

  @Test
  void databaseWrittenAMomentAgoIsReadAgainAndOneThatRestedIsNot() throws Exception {
    Bank.create(source.resolve("app.db"), 4096, "DELETE");
    // An hour back: the file is from the future, so nobody knows what its times mean.
    clock = Clock.offset(Clock.systemUTC(), Duration.ofHours(-1));
    backUp(source);
    backUp(source);
    assertThat(engine.opened()).isEqualTo(2);
    clock = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));
    backUp(source);
    assertThat(engine.opened()).isEqualTo(3);
    assertThat(backUp(source).summary().filesUnmodified()).isEqualTo(1);
    assertThat(engine.opened()).isEqualTo(3);
  }
}
