package dev.holdfast.engine.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.source.TableRows;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.PostgresServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A dump that was written to a pipe becomes one that can be jumped in; one that was cut off never
/// becomes one.
@Tag("slow")
final class SeekableDumpTest {
  private static final int CUTS = 40;

  @TempDir private Path folder;

  @Test
  void streamedDumpIsRestoredByTwoProcessesAndACutOneIsRefused() throws IOException {
    try (PostgresServerProcess process = PostgresServerProcess.start(15)) {
      process.sql("postgres", "CREATE DATABASE shop");
      process.sql(
          "shop",
          "CREATE TABLE a AS SELECT g, 'x' || g AS t FROM generate_series(1, 3000) g;"
              + " CREATE TABLE b AS TABLE a; SELECT lo_from_bytea(0, 'abc')");
      Path file = folder.resolve("shop.dump");
      try (PostgresServer server = Dumps.connect(process.address("shop"))) {
        Dumps.write(server.pin("shop"), file);
      }
      byte[] whole = Files.readAllBytes(file);
      try (SeekableDump dump = copy(whole, whole.length)) {
        assertThat(dump.tables().orElseThrow())
            .containsExactly(
                new TableRows("public.a", 3000, true), new TableRows("public.b", 3000, true));
        process.sql("postgres", "CREATE DATABASE again");
        Command.of("pg_restore", "--jobs=2", "--exit-on-error")
            .with("--dbname=" + process.address("again"), dump.path())
            .run()
            .succeeded();
      }
      assertThat(Dumps.checksum(process, "again", "b"))
          .isEqualTo(Dumps.checksum(process, "shop", "b"));
      for (int i = 0; i < CUTS; i++) {
        int length = (int) ((long) whole.length * i / CUTS);
        assertThatThrownBy(() -> copy(whole, length)).isInstanceOf(HoldfastException.Corrupt.class);
      }
      compressed(process);
    }
  }

  private void compressed(PostgresServerProcess process) throws IOException {
    Path file = folder.resolve("compressed.dump");
    Command.of("pg_dump", "--format=custom", "--file=" + file, process.address("shop"))
        .run()
        .succeeded();
    byte[] whole = Files.readAllBytes(file);
    try (SeekableDump dump = copy(whole, whole.length)) {
      assertThat(dump.tables()).isEmpty();
      process.sql("postgres", "CREATE DATABASE third");
      Command.of("pg_restore", "--jobs=2", "--exit-on-error")
          .with("--dbname=" + process.address("third"), dump.path())
          .run()
          .succeeded();
    }
    assertThat(Dumps.checksum(process, "third", "a"))
        .isEqualTo(Dumps.checksum(process, "shop", "a"));
  }

  private SeekableDump copy(byte[] whole, int length) {
    return SeekableDump.of(
        "a dump", List.of(folder.toString()), length, output -> output.write(whole, 0, length));
  }
}
