package dev.holdfast.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.TableRows;
import dev.holdfast.engine.source.sqlite.SqliteEngine;
import dev.holdfast.engine.source.sqlite.SqliteOptions;
import dev.holdfast.engine.source.sqlite.WriterProcess;
import dev.holdfast.repository.restore.RestoreOptions;
import dev.holdfast.repository.restore.Restorer;
import dev.holdfast.testkit.ResticProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// One instant across the databases of an app: a transfer from one to another is never seen half
/// done, in hundreds of snapshots taken while another process makes hundreds of transfers a second.
@Tag("slow")
final class TransferAcrossDatabasesTest {
  private static final int RESTIC_EVERY = 40;
  private static final int CONTROLS = 20;

  @TempDir private Path folder;
  private Path source;
  private TestRepository repository;

  @BeforeEach
  void create() throws Exception {
    source = Files.createDirectory(folder.resolve("source"));
    repository = TestRepository.create(folder.resolve("repository"), 2);
  }

  @AfterEach
  void close() {
    repository.close();
  }

  @ParameterizedTest
  @CsvSource({"WAL, WAL, 200, 0", "WAL, DELETE, 40, 0", "WAL, WAL, 4, 300"})
  void transferIsNeverSeenHalfDone(String mode, String otherMode, int snapshots, int between)
      throws Exception {
    long seed = Long.getLong("holdfast.test.seed", System.nanoTime());
    System.out.println("seed of transfers: " + seed);
    List<Path> databases = List.of(source.resolve("a.db"), source.resolve("z/b.db"));
    Files.createDirectories(databases.getLast().getParent());
    TransferWriter.create(databases.getFirst(), mode);
    TransferWriter.create(databases.getLast(), otherMode);
    for (int i = 0; i < between; i++) {
      TransferWriter.create(source.resolve("m" + i + ".db"), mode);
    }
    List<BackupResult> taken = new ArrayList<>();
    try (WriterProcess _ =
        WriterProcess.start(
            TransferWriter.class, seed, databases.getFirst(), databases.getLast())) {
      for (int i = 0; i < snapshots; i++) {
        taken.add(backUp());
      }
    }
    long last = 0;
    for (int i = 0; i < snapshots; i++) {
      Path restored = restore(taken.get(i));
      last = check(restored, taken.get(i), last);
      Deletion.of(restored);
    }
    System.out.printf(
        "%s and %s, %d between: %d snapshots, %d transfers%n",
        mode, otherMode, between, snapshots, last);
    assertThat(last).as("transfers in the last snapshot").isPositive();
    checkWithRestic(taken);
  }

  /// What makes the difference: opened one after the other, the same databases show halves.
  @Test
  void transferIsSeenHalfDoneByWhoeverLooksAtOneDatabaseAfterTheOther() throws Exception {
    long seed = Long.getLong("holdfast.test.seed", System.nanoTime());
    System.out.println("seed of transfers: " + seed);
    List<Path> databases = List.of(source.resolve("a.db"), source.resolve("b.db"));
    for (Path database : databases) {
      TransferWriter.create(database, "WAL");
    }
    int halves = 0;
    try (WriterProcess _ =
        WriterProcess.start(
            TransferWriter.class, seed, databases.getFirst(), databases.getLast())) {
      for (int i = 0; i < CONTROLS; i++) {
        Path restored = restore(backUp(new WatchedSqlite(Duration.ofSeconds(60))));
        Path root = restored.resolve(Path.of("/").relativize(source));
        long[] one = TransferWriter.state(root.resolve("a.db"));
        halves += one[1] == TransferWriter.state(root.resolve("b.db"))[1] ? 0 : 1;
        Deletion.of(restored);
      }
    }
    System.out.printf("without one instant: %d of %d show a half%n", halves, CONTROLS);
    assertThat(halves).isPositive();
  }

  private BackupResult backUp() {
    return backUp(new SqliteEngine(SqliteOptions.defaults().withPatience(Duration.ofSeconds(60))));
  }

  private BackupResult backUp(DatabaseEngine engine) {
    BackupSubject subject = Subjects.app(BackupSubject.OnFailure.FAIL, source);
    return new Archiver(repository.repository(), List.of(engine), Clock.system(ZoneOffset.UTC))
        .run(
            BackupTargets.ofPaths(List.of(source.toString())),
            repository.optionsWithParent(List.of(source.toString())).withSubject(subject),
            BackupObserver.NONE);
  }

  private Path restore(BackupResult result) {
    Path target = folder.resolve("restored");
    new Restorer(repository.repository())
        .restore(result.snapshot().tree(), target.toString(), RestoreOptions.DEFAULT, event -> {});
    return target;
  }

  /// Sees that the two halves agree, with each other and with the manifest; gives how many
  /// transfers there were.
  private long check(Path restored, BackupResult result, long before) throws Exception {
    Path root = restored.resolve(Path.of("/").relativize(source));
    long[] one = TransferWriter.state(root.resolve("a.db"));
    long[] other = TransferWriter.state(root.resolve("z/b.db"));
    assertThat(one[0] + other[0]).isEqualTo(2L * TransferWriter.OPENING_BALANCE);
    assertThat(one[1]).isEqualTo(other[1]).isGreaterThanOrEqualTo(before);
    Manifest manifest = result.manifest().orElseThrow();
    assertThat(rows(manifest, "/a.db")).containsEntry("history", one[2]);
    assertThat(rows(manifest, "/z/b.db")).containsEntry("history", other[2]);
    assertThat(manifest.sources())
        .extracting(ManifestSource::skew)
        .as("the skew of databases that show one instant")
        .containsOnly(Duration.ZERO);
    return one[1];
  }

  private Map<String, Long> rows(Manifest manifest, String path) {
    return manifest.source(source + path).orElseThrow().facts().tables().stream()
        .collect(Collectors.toMap(TableRows::name, TableRows::rows));
  }

  private void checkWithRestic(List<BackupResult> taken) throws Exception {
    ResticProgram restic = new ResticProgram(repository.folder(), TestRepository.PASSWORD);
    restic.checkClean();
    for (int i = 0; i < taken.size(); i += RESTIC_EVERY) {
      Path target = folder.resolve("by-restic");
      String id = taken.get(i).id().orElseThrow().hash().toHex();
      restic.run("restore", id, "--target", target.toString()).succeeded();
      check(target, taken.get(i), 0);
      assertThat(target.resolve(".holdfast/manifest.json")).isNotEmptyFile();
      Deletion.of(target);
    }
  }
}
