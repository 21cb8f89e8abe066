package dev.holdfast.engine.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Databases of more than 1 GiB, which have a page that SQLite never writes: that of its locks. One
/// in WAL mode goes through a whole snapshot in the tests of the backup.
final class BeyondTheLockPageTest {
  private static final long LOCK_BYTES_START = 1L << 30;

  @TempDir private Path directory;

  @Tag("slow")
  @ParameterizedTest
  @CsvSource("DELETE, 4096")
  void theImageOfADatabasePastOneGibibyteIsWhole(String mode, int pageSize) throws Exception {
    Path database = directory.resolve("large.db");
    Bank.create(database, pageSize, "DELETE");
    grow(database);
    assertThat(Files.size(database)).isGreaterThan(LOCK_BYTES_START + 2L * pageSize);
    try (Connection connection = Bank.connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = " + mode);
    }
    try (WriterProcess _ =
            WriterProcess.start(
                Holder.class,
                database,
                "BEGIN",
                "INSERT INTO document(account, body) VALUES(1, zeroblob(5000))",
                "UPDATE mirror SET documents = documents + 1, bytes = bytes + 5000",
                "COMMIT");
        SqliteImage image = SqliteSource.open(database.toString(), SqliteOptions.defaults())) {
      assertThat(image.pageSizeBytes()).isEqualTo(pageSize);
      Path copy = writeSparsely(image, directory.resolve("image.db"));
      assertThat(Bank.faults(copy)).isEmpty();
    }
  }

  /// Appends zeros without a journal until the lock page is well inside.
  private static void grow(Path database) throws Exception {
    try (Connection connection = Bank.connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = OFF");
      statement.execute("PRAGMA synchronous = OFF");
      statement.execute("BEGIN");
      for (int i = 0; i < 11; i++) {
        statement.execute("INSERT INTO document(account, body) VALUES(2, zeroblob(100000000))");
      }
      statement.execute("UPDATE mirror SET documents = 11, bytes = 1100000000");
      statement.execute("COMMIT");
    }
  }

  private static Path writeSparsely(SqliteImage image, Path target) throws IOException {
    byte[] buffer = new byte[65_536];
    byte[] zeros = new byte[buffer.length];
    try (RandomAccessFile out = new RandomAccessFile(target.toFile(), "rw")) {
      for (long at = 0; at < image.lengthBytes(); at += buffer.length) {
        int part = (int) Math.min(buffer.length, image.lengthBytes() - at);
        image.read(at, buffer, 0, part);
        if (!Arrays.equals(buffer, 0, part, zeros, 0, part)) {
          out.seek(at);
          out.write(buffer, 0, part);
        }
      }
      out.setLength(image.lengthBytes());
    }
    return target;
  }
}
