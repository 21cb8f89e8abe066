package dev.holdfast.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.source.sqlite.Bank;
import dev.holdfast.engine.source.sqlite.BankWriter;
import dev.holdfast.engine.source.sqlite.Latencies;
import dev.holdfast.engine.source.sqlite.SqliteEngine;
import dev.holdfast.engine.source.sqlite.SqliteOptions;
import dev.holdfast.engine.source.sqlite.WriterProcess;
import dev.holdfast.repository.restore.RestoreOptions;
import dev.holdfast.repository.restore.RestoreResult;
import dev.holdfast.repository.restore.Restorer;
import dev.holdfast.testkit.ResticProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whole snapshots of a tree whose databases other processes keep writing to, with every journal
/// mode and page size, checkpoints, vacuums and schema changes in between. Each snapshot is
/// restored, and what it holds must be committed states no older than the snapshot.
@Tag("slow")
final class SnapshotsUnderFireTest {
  private static final int SNAPSHOTS = 50;
  private static final int WRITERS = 2;
  private static final int THREADS = 1;
  private static final Duration QUIET = Duration.ofSeconds(1);
  private static final List<String> FOLDERS = List.of(".", "one", "one/two", "one/two/three");

  @TempDir private Path folder;
  private Path tree;
  private TestRepository repository;
  private final List<Path> databases = new ArrayList<>();
  private final List<Taken> snapshots = new ArrayList<>();

  /// A snapshot, and the state of each database that had been committed before it was begun.
  private record Taken(BackupResult result, List<Long> sequences) {}

  @BeforeEach
  void create() throws IOException {
    tree = Files.createDirectory(folder.resolve("tree"));
    repository = TestRepository.create(folder.resolve("repository"), 2);
  }

  @AfterEach
  void close() {
    repository.close();
  }

  @ParameterizedTest
  @CsvSource({
    "WAL, true",
    "DELETE, false",
    "TRUNCATE, false",
    "PERSIST, false",
    "MEMORY, false",
    "OFF, false"
  })
  void everySnapshotUnderFireHoldsCommittedStates(String journalMode, boolean withRestic)
      throws Exception {
    long seed = Long.getLong("holdfast.test.seed", System.nanoTime());
    System.out.println("seed of snapshots in " + journalMode + " under fire: " + seed);
    createTree(journalMode);
    List<WriterProcess> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      writers.add(start(seed + 100L * i, journalMode));
    }
    try {
      // The time is what is measured here, as it passes with nobody else at work.
      Thread.sleep(QUIET);
      long start = System.nanoTime();
      for (int i = 0; i < SNAPSHOTS; i++) {
        back(writers, i);
      }
      System.out.printf(
          "%s: %d snapshots in %d ms%n",
          journalMode, SNAPSHOTS, (System.nanoTime() - start) / 1_000_000);
      Latencies.print("whole snapshots, " + journalMode, writers);
    } finally {
      writers.forEach(WriterProcess::close);
    }
    for (Path database : databases) {
      assertThat(Bank.faults(database)).as("the live database").isEmpty();
    }
    for (int i = 0; i < SNAPSHOTS; i++) {
      restoreAndCheck(i);
    }
    if (withRestic) {
      restoreAllWithRestic();
    }
  }

  private void createTree(String journalMode) throws Exception {
    int next = 0;
    for (int pageSize = 512; pageSize <= 65_536; pageSize *= 2) {
      Path place = tree.resolve(FOLDERS.get(next++ % FOLDERS.size()));
      Files.createDirectories(place);
      Path database = place.resolve("bank " + pageSize + ".data").normalize();
      Bank.create(database, pageSize, journalMode);
      databases.add(database);
      Files.writeString(place.resolve("notes.txt"), "beside a database");
    }
    Files.createDirectory(tree.resolve("empty"));
    Files.createSymbolicLink(tree.resolve("link"), databases.getFirst());
  }

  private WriterProcess start(long seed, String journalMode) throws IOException {
    List<Object> args = new ArrayList<>(List.of(seed, THREADS, journalMode));
    args.addAll(databases);
    return WriterProcess.start(BankWriter.class, args.toArray());
  }

  private void back(List<WriterProcess> writers, int number) throws Exception {
    Files.writeString(tree.resolve("number"), Integer.toString(number));
    List<Long> sequences = sequences(databases);
    for (WriterProcess writer : writers) {
      writer.say("backup");
    }
    List<String> paths = List.of(tree.toString());
    RecordedEvents events = new RecordedEvents();
    SqliteEngine engine =
        new SqliteEngine(SqliteOptions.defaults().withPatience(Duration.ofSeconds(60)));
    BackupResult result =
        new Archiver(repository.repository(), List.of(engine), Clock.system(ZoneOffset.UTC))
            .run(BackupTargets.ofPaths(paths), repository.optionsWithParent(paths), events);
    for (WriterProcess writer : writers) {
      writer.say("quiet");
    }
    assertThat(events.problems()).isEmpty();
    snapshots.add(new Taken(result, sequences));
  }

  private static List<Long> sequences(List<Path> databases) throws Exception {
    List<Long> sequences = new ArrayList<>();
    for (Path database : databases) {
      sequences.add(Bank.sequence(database));
    }
    return sequences;
  }

  private void restoreAndCheck(int number) throws Exception {
    Path target = folder.resolve("restored-" + number);
    RestoreResult result =
        new Restorer(repository.repository())
            .restore(
                snapshots.get(number).result().snapshot().tree(),
                target.toString(),
                RestoreOptions.DEFAULT,
                event -> {});
    assertThat(result.isComplete()).isTrue();
    assertThat(result.warnings()).isZero();
    check(target, number);
    delete(target);
  }

  /// Restores from a repository with its index loaded by the other program, one process for each
  /// snapshot.
  private void restoreAllWithRestic() throws Exception {
    ResticProgram restic = new ResticProgram(repository.folder(), TestRepository.PASSWORD);
    restic.checkClean();
    for (int i = 0; i < SNAPSHOTS; i++) {
      Path target = folder.resolve("restic-" + i);
      String id = snapshots.get(i).result().id().orElseThrow().hash().toHex();
      restic.run("restore", id, "--target", target.toString()).succeeded();
      check(target, i);
      delete(target);
    }
  }

  private void check(Path target, int number) throws Exception {
    Path root = target.resolve(Path.of("/").relativize(tree));
    try (Stream<Path> files = Files.walk(root)) {
      assertThat(files.map(file -> String.valueOf(file.getFileName())))
          .as("names in snapshot " + number)
          .noneMatch(name -> name.endsWith("-wal") || name.endsWith("-shm"))
          .noneMatch(name -> name.endsWith("-journal"))
          .contains("empty", "link", "notes.txt");
    }
    assertThat(root.resolve("number")).hasContent(Integer.toString(number));
    assertThat(root.resolve("link")).isSymbolicLink();
    Taken taken = snapshots.get(number);
    for (int i = 0; i < databases.size(); i++) {
      Path image = root.resolve(tree.relativize(databases.get(i)));
      String what = image.getFileName() + " of snapshot " + number;
      assertThat(Bank.faults(image)).as(what).isEmpty();
      long next =
          number + 1 < snapshots.size()
              ? snapshots.get(number + 1).sequences().get(i)
              : Long.MAX_VALUE;
      assertThat(Bank.sequence(image)).as(what).isBetween(taken.sequences().get(i), next);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted((left, right) -> right.compareTo(left)).toList()) {
        Files.delete(file);
      }
    }
  }
}
