package dev.holdfast.engine.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StateMarkTest {
  private static final String COMMIT = "UPDATE mirror SET sequence = sequence + 1";

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"WAL", "DELETE", "PERSIST"})
  void aDatabaseThatWasOnlyReadAndBackedUpKeepsItsMark(String mode) throws Exception {
    Path database = bank(mode);
    String before = mark(database);
    assertThat(Bank.faults(database)).isEmpty();
    SqliteSource.open(database.toString(), SqliteOptions.defaults()).close();
    assertThat(mark(database)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"WAL", "DELETE", "PERSIST", "TRUNCATE"})
  void aCommitChangesTheMark(String mode) throws Exception {
    Path database = bank(mode);
    String before = mark(database);
    execute(database, COMMIT);
    assertThat(mark(database)).isNotEqualTo(before);
  }

  @Test
  void aCommitThatIsOnlyInTheLogChangesTheMark() throws Exception {
    Path database = bank("WAL");
    try (Connection connection = Bank.connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(COMMIT);
      String before = mark(database);
      FileTime file = Files.getLastModifiedTime(database);
      statement.execute(COMMIT);
      assertThat(Files.getLastModifiedTime(database)).isEqualTo(file);
      assertThat(mark(database)).isNotEqualTo(before);
    }
  }

  @Test
  void anOlderCopyPutInPlaceWithAsManyCommitsHasAnotherMark() throws Exception {
    Path database = bank("DELETE");
    Path copy = Files.copy(database, directory.resolve("copy.db"));
    execute(database, COMMIT);
    String before = mark(database);
    byte[] counters = counters(database);
    try (OutputStream out = Files.newOutputStream(database)) { // in place, as cp does it
      Files.copy(copy, out);
    }
    execute(database, "UPDATE mirror SET sequence = 77");
    assertThat(counters(database)).isEqualTo(counters);
    assertThat(mark(database)).isNotEqualTo(before);
  }

  @Test
  void aDatabaseThatWasReplacedHasAnotherMark() throws Exception {
    Path database = bank("DELETE");
    Path copy = Files.copy(database, directory.resolve("copy.db"));
    Files.setLastModifiedTime(copy, Files.getLastModifiedTime(database));
    String before = mark(database);
    Files.move(copy, database, StandardCopyOption.REPLACE_EXISTING);
    assertThat(mark(database)).isNotEqualTo(before);
  }

  @Test
  void whatWasWrittenAMomentAgoHasNoMark() throws Exception {
    Path database = bank("DELETE");
    Instant written = ((FileTime) Files.getAttribute(database, "unix:ctime")).toInstant();
    assertThat(markAt(database, written.plusMillis(50))).isEmpty();
    assertThat(markAt(database, written.plusMillis(150))).isPresent();
  }

  @Test
  void aDatabaseThatNeedsARollbackHasNoMark() throws Exception {
    Path database = bank("DELETE");
    try (WriterProcess writer =
        WriterProcess.start(
            Holder.class,
            database,
            "PRAGMA cache_size = 1",
            "BEGIN",
            COMMIT,
            "UPDATE account SET balance = 0",
            "INSERT INTO document(account, body) VALUES(1, zeroblob(500000))")) {
      assertThat(writer.pid()).isPositive();
      assertThat(markAt(database, Instant.now().plus(Duration.ofHours(1)))).isEmpty();
    }
  }

  @Test
  void aDatabaseThatIsBeingBackedUpHereHasNoMark() throws Exception {
    Path database = bank("WAL");
    try (SqliteImage image = SqliteSource.open(database.toString(), SqliteOptions.defaults())) {
      assertThat(image.pageCount()).isPositive();
      assertThat(markAt(database, Instant.now().plus(Duration.ofHours(1)))).isEmpty();
    }
  }

  private Path bank(String mode) throws Exception {
    Path database = directory.resolve("bank.db");
    Bank.create(database, 4096, mode);
    return database;
  }

  private static void execute(Path database, String sql) throws Exception {
    try (Connection connection = Bank.connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static byte[] counters(Path database) throws Exception {
    byte[] file = Files.readAllBytes(database);
    return Arrays.copyOfRange(file, 24, 28);
  }

  private static String mark(Path database) {
    return markAt(database, Instant.now().plus(Duration.ofHours(1))).orElseThrow();
  }

  private static Optional<String> markAt(Path database, Instant now) {
    return StateMark.of(database.toString(), InstantSource.fixed(now));
  }
}
