package dev.holdfast.engine.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.source.TableRows;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.testkit.PostgresServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A dump that `pg_dump` wrote, cut off, cut to pieces and damaged.
final class ArchiveCheckTest {
  private static final List<TableRows> ROWS =
      List.of(
          new TableRows("public.a", 300, true),
          new TableRows("public.b", 0, true),
          new TableRows("public.c", 5, true));

  @TempDir private static Path folder;
  private static byte[] dump;

  @BeforeAll
  static void dump() throws IOException {
    try (PostgresServerProcess process = PostgresServerProcess.start(15)) {
      process.sql(
          "postgres",
          """
          CREATE TABLE a AS SELECT g AS id, repeat('x', g) AS text FROM generate_series(1, 300) g;
          CREATE TABLE b(id int);
          CREATE TABLE c AS SELECT E'\\n\\\\.\\n' || g AS text FROM generate_series(1, 5) g;
          SELECT lo_from_bytea(0, decode(repeat('5c2e0a0a0a', 5000), 'hex')) FROM generate_series(1, 3);
          """);
      try (PostgresServer server = Dumps.connect(process.address("postgres"))) {
        Dumps.write(server.pin("postgres"), folder.resolve("dump"));
      }
    }
    dump = Files.readAllBytes(folder.resolve("dump"));
  }

  @Test
  void wholeDumpIsCompleteHoweverItArrives() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int most : new int[] {1, 3, 10, 1000, dump.length}) {
      ArchiveCheck check = new ArchiveCheck();
      int at = 0;
      while (at < dump.length) {
        int length = Math.min(dump.length - at, 1 + random.nextInt(most));
        check.accept(dump, at, length);
        at += length;
      }
      assertThat(check.isComplete()).isTrue();
      assertThat(check.tables()).isEqualTo(ROWS);
      assertThat(check.largeObjects()).isEqualTo(3);
      assertThat(check.programVersion()).startsWith("15.");
    }
  }

  @Test
  void dumpThatWasCutOffAnywhereIsNotComplete() {
    ArchiveCheck check = new ArchiveCheck();
    for (int at = 0; at < dump.length; at++) {
      assertThat(check.isComplete()).as("%d of %d bytes", at, dump.length).isFalse();
      assertThat(check.missing()).isNotEmpty();
      check.accept(dump, at, 1);
    }
    assertThat(check.isComplete()).isTrue();
  }

  @Test
  void damageIsNeverAnythingButAnExpectedFailure() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 2000; round++) {
      byte[] damaged = dump.clone();
      int head = Math.min(damaged.length, 20_000);
      for (int i = 0; i <= random.nextInt(3); i++) {
        damaged[random.nextInt(head)] = (byte) random.nextInt(256);
      }
      ArchiveCheck check = new ArchiveCheck();
      try {
        check.accept(damaged, 0, damaged.length);
        assertThat(check.missing()).isNotNull();
      } catch (HoldfastException.Corrupt | HoldfastException.Unsupported e) {
        assertThat(e).hasMessageContaining("dump");
      }
    }
  }

  @Test
  void bytesBehindTheEndAreDamage() {
    ArchiveCheck check = new ArchiveCheck();
    check.accept(dump, 0, dump.length);
    assertThatThrownBy(() -> check.accept(new byte[] {7}, 0, 1))
        .isInstanceOf(HoldfastException.Corrupt.class);
  }
}
