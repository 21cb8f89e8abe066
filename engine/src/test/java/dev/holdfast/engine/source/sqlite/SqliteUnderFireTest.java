package dev.holdfast.engine.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Images of databases that two other processes keep writing to, with every journal mode and page
/// size, checkpoints, vacuums and schema changes in between.
final class SqliteUnderFireTest {
  private static final int ROUNDS = 10;
  private static final int WRITERS = 2;
  private static final int THREADS = 2;
  private static final Duration QUIET = Duration.ofSeconds(2);

  @TempDir private Path directory;

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(strings = {"WAL", "DELETE", "TRUNCATE", "PERSIST", "MEMORY", "OFF"})
  void everyImageOfADatabaseUnderFireIsOneCommittedState(String journalMode) throws Exception {
    long seed = Long.getLong("holdfast.test.seed", System.nanoTime());
    System.out.println("seed of " + journalMode + " under fire: " + seed);
    List<Path> databases = new ArrayList<>();
    for (int pageSize = 512; pageSize <= 65_536; pageSize *= 2) {
      Path database = directory.resolve(pageSize + ".db");
      Bank.create(database, pageSize, journalMode);
      databases.add(database);
    }
    List<WriterProcess> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      writers.add(start(seed + 100L * i, journalMode, databases));
    }
    try {
      // The time is what is measured here, as it passes with nobody else at work.
      Thread.sleep(QUIET);
      tell(writers, "backup");
      Report report = takeImages(databases, new Random(seed));
      tell(writers, "quiet");
      Latencies.print(journalMode, writers);
      System.out.println(journalMode + ": " + report);
      for (Path database : databases) {
        assertThat(Bank.faults(database)).as("the live database").isEmpty();
      }
    } finally {
      writers.forEach(WriterProcess::close);
    }
  }

  private static WriterProcess start(long seed, String journalMode, List<Path> databases)
      throws IOException {
    List<Object> args = new ArrayList<>(List.of(seed, THREADS, journalMode));
    args.addAll(databases);
    return WriterProcess.start(BankWriter.class, args.toArray());
  }

  private static void tell(List<WriterProcess> writers, String phase) throws IOException {
    for (WriterProcess writer : writers) {
      writer.say(phase);
    }
  }

  private record Report(int images, Map<SqliteImage.Way, Integer> ways, Duration longestLock) {}

  private Report takeImages(List<Path> databases, Random random) throws Exception {
    Map<SqliteImage.Way, Integer> ways = new EnumMap<>(SqliteImage.Way.class);
    long[] sequences = new long[databases.size()];
    Duration longest = Duration.ZERO;
    Path scratch = Files.createDirectory(directory.resolve("scratch")).resolve("image.db");
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < databases.size(); i++) {
        String path = databases.get(i).toString();
        try (SqliteImage image = open(path, random)) {
          assertThat(Images.faults(image, scratch)).as(path).isEmpty();
          long sequence = Bank.sequence(scratch);
          assertThat(sequence)
              .as("no older than the image before")
              .isGreaterThanOrEqualTo(sequences[i]);
          sequences[i] = sequence;
          ways.merge(image.way(), 1, Integer::sum);
          longest = image.lockHeld().compareTo(longest) > 0 ? image.lockHeld() : longest;
        }
      }
    }
    return new Report(ROUNDS * databases.size(), ways, longest);
  }

  private static SqliteImage open(String path, Random random) {
    SqliteOptions options = SqliteOptions.defaults().withPatience(Duration.ofSeconds(60));
    return random.nextBoolean()
        ? SqliteSource.open(path, options)
        : SqliteSource.openAll(List.of(path), options).getFirst();
  }
}
