package dev.holdfast.engine.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SqliteDetectorTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(ints = {512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536})
  void aDatabaseIsRecognizedWithItsPageSizeAndMode(int pageSize) throws Exception {
    Path wal = directory.resolve("wal");
    Bank.create(wal, pageSize, "WAL");
    Path delete = directory.resolve("delete");
    Bank.create(delete, pageSize, "DELETE");
    assertThat(detect(wal)).isInstanceOf(Detection.Database.class);
    assertThat(header(wal).pageSizeBytes()).isEqualTo(pageSize);
    assertThat(header(wal).writeAheadLog()).isTrue();
    assertThat(header(delete).writeAheadLog()).isFalse();
    assertThat(header(delete).pageCount()).isEqualTo(Files.size(delete) / pageSize);
  }

  @Test
  void emptyFilesTextAndFoldersAreOrdinary() throws IOException {
    Path empty = Files.createFile(directory.resolve("empty.db"));
    Path text = Files.writeString(directory.resolve("text.db"), "SQLite format 4\0 and more");
    Path brief = Files.writeString(directory.resolve("brief.db"), "SQLite");
    assertThat(detect(empty)).isInstanceOf(Detection.OrdinaryFile.class);
    assertThat(detect(text)).isInstanceOf(Detection.OrdinaryFile.class);
    assertThat(detect(brief)).isInstanceOf(Detection.OrdinaryFile.class);
    assertThat(detect(directory)).isInstanceOf(Detection.OrdinaryFile.class);
  }

  @ParameterizedTest
  @CsvSource({"16, 3, page size is 786", "19, 9, read version is 9", "21, 1, payload fractions"})
  void aHeaderThatCannotBeIsRefusedNamingTheField(int offset, int value, String reason)
      throws Exception {
    Path database = directory.resolve("bank.db");
    Bank.create(database, 4096, "DELETE");
    byte[] bytes = Files.readAllBytes(database);
    bytes[offset] = (byte) value;
    bytes[17] = offset == 16 ? (byte) 18 : bytes[17];
    Files.write(database, bytes);
    assertThat(detect(database))
        .isInstanceOfSatisfying(
            Detection.Refused.class, refused -> assertThat(refused.reason()).contains(reason));
  }

  @Test
  void aFileThatEndsWithinItsHeaderIsRefused() throws IOException {
    Path stump = directory.resolve("stump.db");
    Files.writeString(stump, "SQLite format 3\0" + "x".repeat(20));
    assertThat(detect(stump)).isInstanceOf(Detection.Refused.class);
  }

  @Test
  void aFileWithoutHeaderBesideALogOrAJournalIsRefusedAsEncrypted() throws IOException {
    byte[] noise = new byte[8192];
    new Random(1).nextBytes(noise);
    Path logged = Files.write(directory.resolve("a"), noise);
    Files.write(
        directory.resolve("a-wal"),
        ByteBuffer.allocate(32).putInt(0x377f0683).putInt(3_007_000).array());
    Path journalled = Files.write(directory.resolve("b"), noise);
    Files.write(
        directory.resolve("b-journal"),
        ByteBuffer.allocate(512).putLong(0xd9d505f920a163d7L).array());
    Path plain = Files.write(directory.resolve("c"), noise);
    Files.writeString(directory.resolve("c-wal"), "a file of somebody else's");
    assertThat(detect(logged)).isInstanceOf(Detection.Refused.class);
    assertThat(detect(journalled)).isInstanceOf(Detection.Refused.class);
    assertThat(detect(plain)).isInstanceOf(Detection.OrdinaryFile.class);
  }

  @Test
  void aDatabaseIsRecognizedWhateverItsNameIs() throws Exception {
    Path plain = directory.resolve("plain");
    Bank.create(plain, 4096, "DELETE");
    byte[] odd = (directory + "/").getBytes(StandardCharsets.UTF_8);
    byte[] name =
        ByteBuffer.allocate(odd.length + 2).put(odd).put((byte) 0xff).put((byte) '%').array();
    String path = OsString.decode(name);
    Posix.renameat(OpenFlag.AT_FDCWD, plain.toString(), OpenFlag.AT_FDCWD, path);
    assertThat(SqliteDetector.detect(path)).isInstanceOf(Detection.Database.class);
    Posix.unlinkat(OpenFlag.AT_FDCWD, path, 0);
  }

  @Test
  void sidecarsAreKnownByTheirNames() {
    assertThat(Sidecars.databaseOf("x.db-wal")).contains("x.db");
    assertThat(Sidecars.databaseOf("x.db-shm")).contains("x.db");
    assertThat(Sidecars.databaseOf("x.db-journal")).contains("x.db");
    assertThat(Sidecars.databaseOf("-wal")).isEmpty();
    assertThat(Sidecars.databaseOf("x.db-wall")).isEmpty();
  }

  private SqliteHeader header(Path path) throws IOException {
    return ((Detection.Database) detect(path)).header();
  }

  private static Detection detect(Path path) throws IOException {
    return SqliteDetector.detect(path.toString());
  }
}
