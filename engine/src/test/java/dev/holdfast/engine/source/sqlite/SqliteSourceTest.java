package dev.holdfast.engine.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.testkit.Command;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SqliteSourceTest {
  private static final SqliteOptions IMPATIENT =
      SqliteOptions.defaults().withPatience(Duration.ofMillis(300));
  private static final String DEPOSIT =
      "INSERT INTO document(account, body) VALUES(1, zeroblob(5000))";
  private static final String COUNT =
      "UPDATE mirror SET documents = documents + 1, bytes = bytes + 5000, sequence = sequence + 1";

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"WAL", "DELETE", "TRUNCATE", "PERSIST"})
  void aDatabaseThatNobodyHasOpenIsTakenAndNoFileIsLeftBesideIt(String mode) throws Exception {
    Path database = bank("bank.db", mode);
    Map<String, Long> before = files();
    try (SqliteImage image = open(database)) {
      assertThat(faultsOf(image)).isEmpty();
      assertThat(image.lengthBytes()).isEqualTo(Files.size(database));
    }
    assertThat(files()).isEqualTo(before);
    assertThat(Bank.faults(database)).isEmpty();
  }

  @Test
  void theLogOfAKilledWriterIsReadAndLeftAsItIs() throws Exception {
    Path database = killedInLogMode();
    Map<String, Long> before = files();
    byte[] file = Files.readAllBytes(database);
    byte[] log = Files.readAllBytes(sidecar(database, "-wal"));
    try (SqliteImage image = open(database)) {
      assertThat(faultsOf(image)).isEmpty();
      assertThat(image.way()).isEqualTo(SqliteImage.Way.LOG_WITHOUT_LOCK);
    }
    assertThat(sequenceOfImage()).isEqualTo(1);
    assertThat(files().keySet()).isEqualTo(before.keySet());
    assertThat(Files.readAllBytes(database)).isEqualTo(file);
    assertThat(Files.readAllBytes(sidecar(database, "-wal"))).isEqualTo(log);
  }

  @Test
  void aLogThatLostItsIndexIsReadAsRecoveryWould() throws Exception {
    Path database = killedInLogMode();
    Files.delete(sidecar(database, "-shm"));
    Map<String, Long> before = files();
    try (SqliteImage image = open(database)) {
      assertThat(faultsOf(image)).isEmpty();
      assertThat(image.way()).isEqualTo(SqliteImage.Way.COPY_AT_REST);
    }
    assertThat(sequenceOfImage()).isEqualTo(1);
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void aDamagedEndOfALogIsLeftOutAsRecoveryWould() throws Exception {
    Path database = killedInLogMode();
    Files.delete(sidecar(database, "-shm"));
    Path log = sidecar(database, "-wal");
    byte[] bytes = Files.readAllBytes(log);
    bytes[bytes.length - 100] ^= 1;
    Files.write(log, bytes);
    try (SqliteImage image = open(database)) {
      assertThat(faultsOf(image)).isEmpty();
    }
    assertThat(sequenceOfImage()).isZero();
  }

  @Test
  void aHotJournalOfAKilledWriterIsRolledBack() throws Exception {
    Path database = bank("bank.db", "DELETE");
    killMidTransaction(database);
    assertThat(sidecar(database, "-journal")).isNotEmptyFile();
    try (SqliteImage image = open(database)) {
      assertThat(faultsOf(image)).isEmpty();
    }
    assertThat(sequenceOfImage()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"WAL", "DELETE"})
  void exclusiveLockingIsRefusedNamingTheHolder(String mode) throws Exception {
    Path database = bank("bank.db", mode);
    try (WriterProcess holder =
        WriterProcess.start(
            Holder.class, database, "PRAGMA locking_mode = EXCLUSIVE", DEPOSIT, COUNT)) {
      assertThatThrownBy(() -> SqliteSource.open(database.toString(), IMPATIENT))
          .isInstanceOf(HoldfastException.Rejected.class)
          .hasMessageContaining(database + " is locked by process " + holder.pid() + " (java)");
    }
  }

  @Test
  void anOpenWriteTransactionInLogModeDoesNotStandInTheWay() throws Exception {
    Path database = bank("bank.db", "WAL");
    try (WriterProcess holder =
            WriterProcess.start(
                Holder.class, database, "BEGIN IMMEDIATE", DEPOSIT, "PRAGMA cache_size = 1");
        SqliteImage image = SqliteSource.open(database.toString(), IMPATIENT)) {
      assertThat(holder.pid()).isPositive();
      assertThat(image.way()).isEqualTo(SqliteImage.Way.LOG_WITHOUT_LOCK);
      assertThat(faultsOf(image)).isEmpty();
    }
    assertThat(sequenceOfImage()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"WAL", "DELETE"})
  void theImageStaysWhenTheDatabaseIsReplacedAndDeleted(String mode) throws Exception {
    Path database = bank("bank.db", mode);
    Path other = bank("other.db", mode);
    try (SqliteImage image = open(database)) {
      Files.move(other, database, StandardCopyOption.REPLACE_EXISTING);
      assertThat(faultsOf(image)).isEmpty();
      Files.delete(database);
      assertThat(faultsOf(image)).isEmpty();
    }
  }

  @Test
  void aSymbolicLinkLeadsToTheDatabaseAndItsLog() throws Exception {
    Path database = bank("bank.db", "WAL");
    Path link = Files.createSymbolicLink(directory.resolve("link"), database);
    try (WriterProcess _ = writer(database);
        SqliteImage image = open(link)) {
      assertThat(faultsOf(image)).isEmpty();
    }
    assertThat(sequenceOfImage()).isEqualTo(1);
    assertThat(directory.resolve("link-wal")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"WAL", "DELETE"})
  void anyNameReachesSqliteByteForByte(String mode) throws Exception {
    byte[] odd = " ?a=b&mode=ro#%41'\"\\\n;\u00e9.db".getBytes(StandardCharsets.UTF_8);
    byte[] parent = (directory + "/").getBytes(StandardCharsets.UTF_8);
    String path =
        OsString.decode(
            ByteBuffer.allocate(parent.length + odd.length + 1)
                .put(parent)
                .put((byte) 0xfe)
                .put(odd)
                .array());
    Path plain = bank("plain.db", mode);
    Posix.renameat(OpenFlag.AT_FDCWD, plain.toString(), OpenFlag.AT_FDCWD, path);
    try (SqliteImage image = SqliteSource.open(path, IMPATIENT)) {
      assertThat(faultsOf(image)).isEmpty();
    }
    Posix.renameat(OpenFlag.AT_FDCWD, path, OpenFlag.AT_FDCWD, plain.toString());
    assertThat(files().keySet()).containsExactly("plain.db");
  }

  @Test
  void oneDatabaseIsReadByOneBackupAtATime() throws Exception {
    Path database = bank("bank.db", "WAL");
    Path link = Files.createLink(directory.resolve("hard-link.db"), database);
    try (SqliteImage image = open(database)) {
      assertThatThrownBy(() -> SqliteSource.open(link.toString(), IMPATIENT))
          .isInstanceOf(HoldfastException.Rejected.class)
          .hasMessageContaining("is being backed up already");
      assertThat(SqliteDetector.detect(link.toString())).isInstanceOf(Detection.Database.class);
      assertThat(faultsOf(image)).isEmpty();
    }
    open(link).close();
  }

  @Test
  void readsBeyondTheEndAreRefused() throws Exception {
    try (SqliteImage image = open(bank("bank.db", "WAL"))) {
      byte[] target = new byte[10];
      long end = image.lengthBytes();
      image.read(end - 10, target, 0, 10);
      assertThatThrownBy(() -> image.read(end - 9, target, 0, 10)).isInstanceOf(EOFException.class);
      assertThatThrownBy(() -> image.read(-1, target, 0, 1)).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void checkpointsOfAnyKindDoNotReachAnImageThatIsOpen() throws Exception {
    Path database = bank("bank.db", "WAL");
    try (WriterProcess _ = writer(database);
        SqliteImage image = open(database)) {
      for (String kind : List.of("PASSIVE", "FULL", "RESTART", "TRUNCATE")) {
        try (WriterProcess _ =
            WriterProcess.start(
                Holder.class,
                database,
                "PRAGMA busy_timeout = 0",
                DEPOSIT,
                COUNT,
                "PRAGMA wal_checkpoint(" + kind + ")",
                DEPOSIT,
                COUNT)) {
          assertThat(faultsOf(image)).isEmpty();
          assertThat(sequenceOfImage()).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void databasesOpenedTogetherAreOfOneInstant() throws Exception {
    Path first = bank("first.db", "WAL");
    Path second = bank("second.db", "DELETE");
    Path third = bank("third.db", "WAL");
    try (WriterProcess writer = WriterProcess.start(InTurn.class, third, second, first)) {
      for (int i = 0; i < 20; i++) {
        List<SqliteImage> images =
            SqliteSource.openAll(
                List.of(second.toString(), first.toString(), third.toString()),
                SqliteOptions.defaults());
        long[] sequences = new long[images.size()];
        for (int j = 0; j < images.size(); j++) {
          try (SqliteImage image = images.get(j)) {
            assertThat(faultsOf(image)).isEmpty();
            sequences[j] = sequenceOfImage();
          }
        }
        assertThat(sequences[2] - sequences[0]).as("third before second").isBetween(0L, 1L);
        assertThat(sequences[0] - sequences[1]).as("second before first").isBetween(0L, 1L);
        assertThat(sequences[2] - sequences[1]).as("third before first").isBetween(0L, 1L);
      }
      assertThat(writer.pid()).isPositive();
    }
  }

  @Test
  void aDatabaseThatNobodyWritesIsCopiedBeforeItsLockIsTaken() throws Exception {
    Path database = bank("bank.db", "DELETE");
    SqliteOptions options = IMPATIENT.withLeftAlone(Duration.ZERO);
    try (SqliteImage image = SqliteSource.open(database.toString(), options)) {
      assertThat(image.way()).isEqualTo(SqliteImage.Way.COPY_BEFORE_LOCK);
      assertThat(faultsOf(image)).isEmpty();
    }
  }

  @Test
  void aCopyThatWasMadeTooEarlyIsMadeAgainUnderTheLock() throws Exception {
    Path database = bank("bank.db", "DELETE");
    SqliteOptions options = IMPATIENT.withLeftAlone(Duration.ZERO);
    try (DatabaseHandle handle = DatabaseHandle.open(database.toString(), options.patience())) {
      LiveDatabase live = LiveDatabase.open(handle, options).orElseThrow();
      writer(database).close();
      live.pin();
      SqliteImage image = live.image();
      assertThat(image.way()).isEqualTo(SqliteImage.Way.COPY_UNDER_LOCK);
      assertThat(faultsOf(image)).isEmpty();
      assertThat(sequenceOfImage()).isEqualTo(1);
    }
  }

  @Test
  void aCopyThatSomebodyWroteIntoWithoutALockIsNotTaken() throws Exception {
    Path database = bank("bank.db", "DELETE");
    try (DatabaseHandle handle = DatabaseHandle.open(database.toString(), Duration.ZERO)) {
      LiveDatabase live = LiveDatabase.open(handle, IMPATIENT).orElseThrow();
      live.pin();
      Command.of("cp", bank("other.db", "DELETE").toString(), database.toString())
          .run()
          .succeeded();
      assertThatThrownBy(live::image)
          .isInstanceOf(MovedOnException.class)
          .hasMessageContaining("by somebody who does not respect its locks");
    }
  }

  @Test
  void aCopyThatFindsNoRoomSaysHowMuchItNeeds() {
    Staging staging = Staging.beside(directory.resolve("bank.db").toString(), IMPATIENT);
    assertThatThrownBy(() -> staging.create("bank.db", 1L << 60))
        .isInstanceOf(HoldfastException.InputOutput.class)
        .hasMessageContaining("no room for a copy of database bank.db, 1099511627776 MiB")
        .hasMessageContaining("MiB free");
  }

  /// Writes one database after the other, in this order, over and over.
  static final class InTurn {
    private InTurn() {}

    public static void main(String[] args) throws Exception {
      System.out.println("ready");
      Connection[] connections = new Connection[args.length];
      for (int i = 0; i < args.length; i++) {
        connections[i] = Bank.connect(Path.of(args[i]));
      }
      while (System.in.available() == 0) {
        for (Connection connection : connections) {
          try (Statement statement = connection.createStatement()) {
            statement.execute("UPDATE mirror SET sequence = sequence + 1");
          }
        }
      }
    }
  }

  /// One deposit in the log, and the writer gone before it could be checkpointed.
  private Path killedInLogMode() throws Exception {
    Path database = bank("bank.db", "WAL");
    try (WriterProcess writer = writer(database)) {
      writer.kill();
    }
    assertThat(sidecar(database, "-wal")).isNotEmptyFile();
    return database;
  }

  private static WriterProcess writer(Path database) throws IOException {
    return WriterProcess.start(Holder.class, database, "BEGIN", DEPOSIT, COUNT, "COMMIT");
  }

  static void killMidTransaction(Path database) throws Exception {
    try (WriterProcess writer =
        WriterProcess.start(
            Holder.class,
            database,
            "PRAGMA cache_size = 1",
            "BEGIN",
            DEPOSIT,
            DEPOSIT,
            DEPOSIT,
            "UPDATE account SET balance = balance - 1",
            DEPOSIT)) {
      writer.kill();
    }
  }

  private Path bank(String name, String mode) throws Exception {
    Path database = directory.resolve(name);
    Bank.create(database, 4096, mode);
    return database;
  }

  private static SqliteImage open(Path database) {
    return SqliteSource.open(database.toString(), SqliteOptions.defaults());
  }

  private Path imageFile() {
    return directory.resolve("image.db");
  }

  private List<String> faultsOf(SqliteImage image) throws Exception {
    return Images.faults(image, imageFile());
  }

  private long sequenceOfImage() throws Exception {
    return Bank.sequence(imageFile());
  }

  private static Path sidecar(Path database, String suffix) {
    return Path.of(database + suffix);
  }

  /// The files beside the database, with their sizes.
  private Map<String, Long> files() throws IOException {
    Map<String, Long> sizes = new TreeMap<>();
    try (Stream<Path> list = Files.list(directory)) {
      for (Path file :
          list.filter(path -> !path.getFileName().toString().startsWith("image")).toList()) {
        sizes.put(file.getFileName().toString(), Files.size(file));
      }
    }
    return sizes;
  }
}
