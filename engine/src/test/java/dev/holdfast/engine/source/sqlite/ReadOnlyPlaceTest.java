package dev.holdfast.engine.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.posix.Posix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Databases in a directory that the backup may read and not write. Root without its capabilities
/// is bound by permissions as everybody else is.
final class ReadOnlyPlaceTest {
  private static final List<String> WITHOUT_CAPABILITIES =
      Posix.geteuid() == 0
          ? List.of("setpriv", "--inh-caps=-all", "--bounding-set=-all")
          : List.of();
  private static final String DEPOSIT =
      "INSERT INTO document(account, body) VALUES(1, zeroblob(5000))";
  private static final String COUNT =
      "UPDATE mirror SET documents = documents + 1, bytes = bytes + 5000, sequence = sequence + 1";

  @TempDir private Path scratch;
  private Path place;
  private Path database;
  private Path image;

  @BeforeEach
  void makeThePlace() throws Exception {
    place = Files.createDirectory(scratch.resolve("place"));
    database = place.resolve("bank.db");
    image = scratch.resolve("image.db");
  }

  @AfterEach
  void openThePlace() throws Exception {
    permit("rwxr-xr-x");
  }

  @Test
  void aRollbackDatabaseIsCopied() throws Exception {
    Bank.create(database, 4096, "DELETE");
    assertThat(take()).isEqualTo("COPY_UNDER_LOCK");
    assertThat(Bank.sequence(image)).isZero();
  }

  @Test
  void aHotJournalIsRefusedWithTheReason() throws Exception {
    Bank.create(database, 4096, "DELETE");
    SqliteSourceTest.killMidTransaction(database);
    assertThat(take()).contains("rolled back").contains("bank.db");
  }

  @Test
  void aDatabaseInLogModeWithoutLogIsCopiedAtRest() throws Exception {
    Bank.create(database, 4096, "WAL");
    assertThat(take()).isEqualTo("COPY_AT_REST");
    assertThat(Bank.sequence(image)).isZero();
  }

  @Test
  void theLogOfAKilledWriterIsReadAtRest() throws Exception {
    Bank.create(database, 4096, "WAL");
    try (WriterProcess writer =
        WriterProcess.start(Holder.class, database, "BEGIN", DEPOSIT, COUNT, "COMMIT")) {
      writer.kill();
    }
    assertThat(take()).isEqualTo("COPY_AT_REST");
    assertThat(Bank.sequence(image)).isEqualTo(1);
  }

  @Test
  void theLogOfAWriterAtWorkIsReadThroughItsIndex() throws Exception {
    Bank.create(database, 4096, "WAL");
    try (WriterProcess writer =
        WriterProcess.start(Holder.class, database, "BEGIN", DEPOSIT, COUNT, "COMMIT")) {
      assertThat(take()).isEqualTo("LOG_WITHOUT_LOCK");
      assertThat(writer.pid()).isPositive();
    }
    assertThat(Bank.sequence(image)).isEqualTo(1);
  }

  /// Its log and its index could not be removed, and would be of the wrong owner.
  @Test
  void nothingIsMadeBesideADatabaseThatMayNotBeWritten() throws Exception {
    Bank.create(database, 4096, "WAL");
    permitFiles("r--r--r--");
    assertThat(takeAsItIs(database, image)).isEqualTo("COPY_AT_REST");
    assertThat(place)
        .isDirectoryContaining("glob:**/bank.db")
        .isDirectoryNotContaining("glob:**-*");
  }

  /// Without the right to write, SQLite begins to read where it was told to lock.
  @Test
  void databasesInLogModeAreNotSaidToBeOfOneInstantWithoutTheirLocks() throws Exception {
    Path second = place.resolve("second.db");
    Bank.create(database, 4096, "WAL");
    Bank.create(second, 4096, "WAL");
    try (WriterProcess _ = WriterProcess.start(Holder.class, database, DEPOSIT, COUNT);
        WriterProcess _ = WriterProcess.start(Holder.class, second, DEPOSIT, COUNT)) {
      permitFiles("r--r--r--");
      assertThat(takeAsItIs(database, image, second, scratch.resolve("second-image")))
          .endsWith("bank.db cannot be locked from here, so not together with others");
      assertThat(takeAsItIs(second, image)).isEqualTo("LOG_WITHOUT_LOCK");
    }
  }

  /// Takes the image as somebody who may not write; says how, or why not.
  private String take() throws Exception {
    permit("r-xr-xr-x");
    return takeAsItIs(database, image);
  }

  private String takeAsItIs(Object... arguments) throws Exception {
    try (WriterProcess taker =
        WriterProcess.start(WITHOUT_CAPABILITIES, ImageTaker.class, arguments)) {
      String said = taker.readLine();
      if (Files.exists(image)) {
        assertThat(Bank.faults(image)).isEmpty();
      }
      return said;
    }
  }

  private void permit(String directory) throws Exception {
    permitFiles(directory.charAt(1) == 'w' ? "rw-r--r--" : "r--r--r--");
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString(directory));
  }

  private void permitFiles(String permissions) throws Exception {
    try (Stream<Path> files = Files.list(place)) {
      for (Path file : files.toList()) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
      }
    }
  }
}
