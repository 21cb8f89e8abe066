package dev.holdfast.engine.recover;

import static dev.holdfast.engine.recover.Place.names;
import static dev.holdfast.engine.recover.Place.sqlite;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.recover.journal.Ending;
import dev.holdfast.engine.recover.plan.Plan;
import dev.holdfast.engine.recover.plan.Preview;
import dev.holdfast.engine.recover.plan.Step;
import dev.holdfast.engine.recover.plan.Target;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.TableRows;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.Posix;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import dev.holdfast.testkit.Command;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SQLite databases go back to a snapshot, or stay as they were.
class RecoverDatabaseTest {
  @TempDir Path folder;
  private Path data;
  private Path database;
  private Place place;
  private SnapshotView snapshot;

  @BeforeEach
  void aDatabaseWithOneRowInTheSnapshotAndTwoNow() throws IOException {
    data = Files.createDirectory(folder.resolve("data")).toRealPath();
    database = data.resolve("app.db");
    sqlite(database, "PRAGMA journal_mode=WAL; CREATE TABLE note(id INTEGER PRIMARY KEY);");
    sqlite(database, "INSERT INTO note VALUES(1)");
    place = Place.in(folder);
    snapshot = place.backUp(database);
    sqlite(database, "INSERT INTO note VALUES(2)");
  }

  @AfterEach
  void close() {
    place.close();
  }

  private static String rows(Path file) {
    return sqlite(file, "SELECT count(*) FROM note");
  }

  private Path safetyCopy() {
    return data.resolve(
        names(data).stream()
            .filter(name -> name.startsWith("app.db.pre-restore."))
            .filter(name -> !name.endsWith("-wal") && !name.endsWith("-shm"))
            .findFirst()
            .orElseThrow());
  }

  private void assertNothingHappened() {
    assertThat(rows(database)).isEqualTo("2");
    assertThat(names(data)).containsExactly("app.db");
    assertThat(place.open()).as("open journals").isEmpty();
  }

  @Test
  void theDatabaseIsAsInTheSnapshotAndTheSafetyCopyIsWhatItWas() throws IOException {
    Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("rw-r-----"));

    Outcome outcome = place.recover(snapshot, database);

    assertThat(outcome.isRecovered()).isTrue();
    assertThat(rows(database)).isEqualTo("1");
    assertThat(rows(safetyCopy())).isEqualTo("2");
    assertThat(names(data)).hasSize(2);
    assertThat(Files.getPosixFilePermissions(database))
        .isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
    assertThat(place.open()).isEmpty();
    assertThat(place.events()).hasAtLeastOneElementOfType(RecoverEvent.RestorePointMade.class);
  }

  @Test
  void ownersAndAttributesOfTodayAreKept() throws IOException {
    assumeTrue(Posix.geteuid() == 0, "only root gives files away");
    Posix.fchownat(OpenFlag.AT_FDCWD, database.toString(), 1234, 2345, 0);
    Posix.setXattr(database.toString(), "user.note", new byte[] {7});

    assertThat(place.recover(snapshot, database).isRecovered()).isTrue();

    assertThat(Posix.lstat(database.toString()).uid()).isEqualTo(1234);
    assertThat(Posix.lstat(database.toString()).gid()).isEqualTo(2345);
    assertThat(Posix.getXattr(database.toString(), "user.note")).containsExactly(7);
  }

  @Test
  void latestIsNeverTheRestorePointThoughThatIsNewer() {
    place.recover(snapshot, database);
    SnapshotChoice latest =
        new SnapshotChoice("latest", Optional.empty(), Optional.of(Place.HOST), List.of());

    SnapshotView found = latest.find(place.repository(), List.of(database.toString()));

    assertThat(place.repository().snapshots()).hasSize(2);
    assertThat(found.id()).isEqualTo(snapshot.id());
  }

  @Test
  void theNewestAtOrBeforeATimeIsChosen() {
    SnapshotView second = place.backUp(database);
    Instant between = second.time().toInstant().minusNanos(1);
    SnapshotChoice choice =
        new SnapshotChoice("latest", Optional.of(between), Optional.empty(), List.of());

    assertThat(choice.find(place.repository(), List.of(database.toString())).id())
        .isEqualTo(snapshot.id());
  }

  @Test
  void nothingIsLatestWhereASnapshotIsDamagedButAnIdCounts() {
    place
        .repository()
        .store()
        .put(new ObjectKey(ObjectType.SNAPSHOT, new Hash(0, 0, 0, 1)), ByteBuffer.allocate(0));
    SnapshotChoice latest =
        new SnapshotChoice("latest", Optional.empty(), Optional.empty(), List.of());
    SnapshotChoice named =
        new SnapshotChoice(snapshot.id(), Optional.empty(), Optional.empty(), List.of());

    assertThatThrownBy(() -> latest.find(place.repository(), List.of(database.toString())))
        .isInstanceOf(HoldfastException.Corrupt.class)
        .hasMessageContaining("latest");
    assertThat(named.find(place.repository(), List.of(database.toString())).id())
        .isEqualTo(snapshot.id());
  }

  @Test
  void aSnapshotOfAnotherHostIsNotLatestAndTheHintNamesIt() {
    SnapshotChoice choice =
        new SnapshotChoice("latest", Optional.empty(), Optional.of("elsewhere"), List.of());

    assertThatThrownBy(() -> choice.find(place.repository(), List.of(database.toString())))
        .isInstanceOf(HoldfastException.NotFound.class)
        .satisfies(e -> assertThat(((HoldfastException) e).hint()).contains(Place.HOST));
  }

  @Test
  void aStaleWalBesideALostDatabaseIsPutAside() throws IOException {
    Path other = folder.resolve("other.db");
    byte[] wal;
    Process writer = holding(other, "PRAGMA journal_mode=WAL; CREATE TABLE x(y);");
    try {
      wal = Files.readAllBytes(folder.resolve("other.db-wal"));
    } finally {
      end(writer);
    }
    assertThat(wal).isNotEmpty();
    Files.delete(database);
    Files.write(data.resolve("app.db-wal"), wal);

    assertThat(place.recover(snapshot, database).isRecovered()).isTrue();

    assertThat(names(data)).noneMatch(name -> name.equals("app.db-wal"));
    assertThat(names(data)).anyMatch(name -> name.matches("app\\.db\\.pre-restore\\..*-wal"));
    assertThat(sqlite(database, "PRAGMA integrity_check")).isEqualTo("ok");
    assertThat(rows(database)).isEqualTo("1");
  }

  /// A sqlite3 that has run `sql` and stays.
  private static Process holding(Path file, String sql) throws IOException {
    Process process = Command.of("sqlite3", file.toString()).start();
    process.getOutputStream().write((sql + "\n.print ready\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
    StringBuilder output = new StringBuilder();
    while (!output.toString().contains("ready")) {
      int next = process.getInputStream().read();
      assertThat(next).as("output of sqlite3: %s", output).isNotNegative();
      output.append((char) next);
    }
    return process;
  }

  private static void end(Process process) {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Test
  void aTenantMissingFromTheSnapshotIsNeverPassedOver() {
    Path tenant = data.resolve("tenant.db");

    assertThatThrownBy(() -> place.preview(snapshot, database, tenant))
        .isInstanceOf(HoldfastException.NotFound.class)
        .hasMessageContaining(tenant + " is not in snapshot " + snapshot.shortId());
    assertNothingHappened();
  }

  @Test
  void whatWasBackedUpByARelativePathIsFoundByItsPlace() throws IOException {
    Path here = Files.createTempDirectory(Path.of("target"), "relative");
    Path named = here.resolve("app.db");
    sqlite(named, "CREATE TABLE note(id)");
    SnapshotView relative = place.backUp(named);

    Path absolute = named.toRealPath();
    Plan plan = place.preview(relative, absolute).plan();
    Files.delete(named);
    Files.delete(here);

    assertThat(plan.replacements().getFirst().from()).isEqualTo("/" + named);
    assertThat(plan.replacements().getFirst().live()).isEqualTo(absolute.toString());
  }

  @Test
  void aRunningServerIsNamedAndNothingChanges() throws IOException {
    Process server = holding(database, "SELECT count(*) FROM note;");
    try {
      Outcome outcome = place.recover(snapshot, database);

      assertThat(outcome.ending()).contains(Ending.UNCHANGED);
      assertThat(outcome.cause().orElseThrow())
          .isInstanceOf(HoldfastException.Locked.class)
          .hasMessageContaining("process " + server.pid() + " (sqlite3)");
    } finally {
      end(server);
    }
    Command.of("sqlite3", database.toString(), "PRAGMA wal_checkpoint(TRUNCATE)").run();
    assertNothingHappened();
  }

  @Test
  void aSecondRecoveryMeanwhileIsRefused() {
    Plan second = place.preview(snapshot, database).plan();
    RecoverObserver tryAgain =
        event -> {
          if (event instanceof RecoverEvent.Started started && started.step() == Step.STAGE) {
            assertThatThrownBy(
                    () -> place.recoveries().run(second, place.means(RecoverObserver.NONE)))
                .isInstanceOf(HoldfastException.Locked.class)
                .hasMessageContaining("process " + Posix.getpid());
            assertThatThrownBy(() -> place.recoveries().refuseBusy(List.of(data.toString())))
                .isInstanceOf(HoldfastException.Locked.class);
          }
        };

    assertThat(place.recover(tryAgain, snapshot, database).isRecovered()).isTrue();
    place.recoveries().refuseBusy(List.of(data.toString()));
  }

  @Test
  void aSymbolicLinkIsFollowedAndStays() throws IOException {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere")).toRealPath();
    Path real = elsewhere.resolve("real.db");
    Files.move(database, real);
    Files.createSymbolicLink(database, Path.of("../elsewhere/real.db"));

    assertThat(place.recover(snapshot, database).isRecovered()).isTrue();

    assertThat(Files.isSymbolicLink(database)).isTrue();
    assertThat(rows(database)).isEqualTo("1");
    assertThat(names(data)).containsExactly("app.db");
    assertThat(names(elsewhere)).hasSize(2);
  }

  @Test
  void foldersThatAreGoneAreMadeAgain() throws IOException {
    Files.delete(database);
    Files.delete(data);

    assertThat(place.recover(snapshot, database).isRecovered()).isTrue();

    assertThat(rows(database)).isEqualTo("1");
    assertThat(names(data)).containsExactly("app.db");
  }

  @Test
  void rowsThatAreNotThoseOfTheManifestEndItBeforeAnythingIsTouched() {
    SourceFacts wrong =
        new SourceFacts(
            "",
            Instant.EPOCH,
            List.of(new TableRows("note", 5, true)),
            Optional.empty(),
            Map.of(),
            List.of());
    place.expecting(Map.of(database.toString(), wrong));

    Outcome outcome = place.recover(snapshot, database);

    assertThat(outcome.ending()).contains(Ending.UNCHANGED);
    assertThat(outcome.cause().orElseThrow())
        .isInstanceOf(HoldfastException.Corrupt.class)
        .hasMessageContaining("table note")
        .hasMessageContaining("has 1 rows");
    assertNothingHappened();
  }

  @Test
  void thePlanSaysWhatIsLost() {
    SourceFacts then =
        new SourceFacts(
            "",
            Instant.EPOCH,
            List.of(new TableRows("note", 1, true), new TableRows("old", 4, true)),
            Optional.empty(),
            Map.of(),
            List.of());
    Preview preview =
        place.expecting(Map.of(database.toString(), then)).preview(snapshot, database);

    assertThat(preview.counted()).isTrue();
    assertThat(preview.changes())
        .containsExactly(
            new Preview.TableChange(
                database.toString(), "note", OptionalLong.of(2), OptionalLong.of(1)),
            new Preview.TableChange(
                database.toString(), "old", OptionalLong.empty(), OptionalLong.of(4)));
    assertNothingHappened();
  }

  @Test
  void aDatabaseDamagedBeyondABackupIsRecoveredWithoutARestorePointOnly() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(database.toFile(), "rw")) {
      file.setLength(4096);
    }

    Outcome refused = place.recover(snapshot, database);

    assertThat(refused.ending()).contains(Ending.UNCHANGED);
    assertThat(((HoldfastException) refused.cause().orElseThrow()).hint())
        .contains("--no-restore-point");
    assertThat(Files.size(database)).isEqualTo(4096);

    assertThat(place.withoutRestorePoint().recover(snapshot, database).isRecovered()).isTrue();
    assertThat(rows(database)).isEqualTo("1");
    assertThat(Files.size(safetyCopy())).isEqualTo(4096);
  }

  @Test
  void anUndoBringsBackWhatWasAndCanItselfBeUndone() {
    place.recover(snapshot, database);
    String first = place.recoveries().list().getFirst().journal().plan().id();

    Plan undo = place.recoveries().planUndo(first);
    assertThat(place.recoveries().undo(undo, RecoverObserver.NONE).isRecovered()).isTrue();

    assertThat(rows(database)).isEqualTo("2");
    assertThat(names(data)).hasSize(2);

    Plan again = place.recoveries().planUndo(undo.id());
    assertThat(place.recoveries().undo(again, RecoverObserver.NONE).isRecovered()).isTrue();
    assertThat(rows(database)).isEqualTo("1");
    assertThat(names(data)).hasSize(2);
  }

  @Test
  void anUndoWithoutItsSafetyCopySaysWhatElseThereIs() throws IOException {
    place.recover(snapshot, database);
    Files.delete(safetyCopy());
    String id = place.recoveries().list().getFirst().journal().plan().id();

    assertThatThrownBy(() -> place.recoveries().planUndo(id))
        .isInstanceOf(HoldfastException.NotFound.class)
        .satisfies(e -> assertThat(((HoldfastException) e).hint()).contains("pre-restore"));
  }

  @Test
  void anotherDatabaseIsClonedFromTheSnapshotOfThisOne() {
    Path demo = data.resolve("demo.db");
    sqlite(demo, "CREATE TABLE note(id INTEGER PRIMARY KEY)");
    Plan plan =
        place.preview(snapshot, List.of(new Target(database.toString(), demo.toString()))).plan();

    assertThat(place.recoveries().run(plan, place.means(RecoverObserver.NONE)).isRecovered())
        .isTrue();

    assertThat(rows(demo)).isEqualTo("1");
    assertThat(rows(database)).isEqualTo("2");
  }
}
