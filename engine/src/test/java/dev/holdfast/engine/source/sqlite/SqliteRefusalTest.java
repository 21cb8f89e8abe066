package dev.holdfast.engine.source.sqlite;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.error.HoldfastException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

final class SqliteRefusalTest {
  @TempDir private Path directory;

  @Test
  void encryptedDamagedAndTruncatedFilesAreRefusedWithAReason() throws Exception {
    Path noise = Files.write(directory.resolve("noise.db"), new byte[8192]);
    assertThatThrownBy(() -> open(noise))
        .isInstanceOf(HoldfastException.Unsupported.class)
        .hasMessageContaining("encrypted or damaged");

    Path truncated = bank("truncated.db", "DELETE");
    byte[] bytes = Files.readAllBytes(truncated);
    Files.write(truncated, Arrays.copyOf(bytes, bytes.length - 4096));
    assertThatThrownBy(() -> open(truncated))
        .isInstanceOf(HoldfastException.Corrupt.class)
        .hasMessageContaining("is damaged");

    Path logged = bank("logged.db", "WAL");
    byte[] whole = Files.readAllBytes(logged);
    Files.write(logged, Arrays.copyOf(whole, whole.length - 4096));
    assertThatThrownBy(() -> open(logged))
        .isInstanceOf(HoldfastException.Corrupt.class)
        .hasMessageContaining("is damaged");

    Path schema = bank("schema.db", "DELETE");
    byte[] scrambled = Files.readAllBytes(schema);
    Arrays.fill(scrambled, 100, 4096, (byte) 0x77);
    Files.write(schema, scrambled);
    assertThatThrownBy(() -> open(schema))
        .isInstanceOf(HoldfastException.Corrupt.class)
        .hasMessageContaining("is damaged");

    assertThatThrownBy(() -> open(directory.resolve("nothing.db")))
        .isInstanceOf(HoldfastException.NotFound.class);
    assertThatThrownBy(() -> open(directory)).isInstanceOf(HoldfastException.Rejected.class);
  }

  /// A reader that comes between the commit of a writer and its unlocking finds the index
  /// unfinished and the lock free, and is told that it may not recover it.
  @Test
  void aLogThatOnlyAWriterMayRecoverIsTriedAgain() throws Exception {
    SQLiteException failure =
        new SQLiteException("attempt to write", SQLiteErrorCode.SQLITE_READONLY_RECOVERY);
    Path database = bank("bank.db", "WAL");
    try (DatabaseHandle handle = DatabaseHandle.open(database.toString(), Duration.ZERO)) {
      assertThatThrownBy(() -> Failures.of(handle, failure))
          .isInstanceOf(MovedOnException.class)
          .hasMessage("has a log that only those who write it can recover");
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
}
