package dev.holdfast.engine.recover;

import static dev.holdfast.engine.recover.Place.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.recover.journal.Ending;
import dev.holdfast.engine.recover.plan.Plan;
import dev.holdfast.engine.recover.plan.Preview;
import dev.holdfast.engine.recover.plan.Step;
import dev.holdfast.engine.recover.plan.Target;
import dev.holdfast.engine.source.duckdb.DuckProcess;
import dev.holdfast.engine.source.duckdb.Images;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// DuckDB databases go back to a snapshot, or stay as they were.
class RecoverDuckDbTest {
  @TempDir Path folder;
  private Path data;
  private Path database;
  private Place place;
  private SnapshotView snapshot;

  /// The snapshot's second row is in its log alone, as an application that runs leaves it.
  @BeforeEach
  void aDatabaseWithTwoRowsInTheSnapshotAndThreeNow() throws Exception {
    data = Files.createDirectory(folder.resolve("data")).toRealPath();
    database = data.resolve("app.duckdb");
    place = Place.in(folder);
    try (Connection open = Images.connect(database, folder);
        Statement statement = open.createStatement()) {
      statement.execute("CREATE TABLE note(id INTEGER PRIMARY KEY, text VARCHAR)");
      statement.execute("INSERT INTO note VALUES (1, 'one')");
      statement.execute("CHECKPOINT");
      statement.execute("INSERT INTO note VALUES (2, 'two')");
      snapshot = place.backUp(database);
      statement.execute("INSERT INTO note VALUES (3, 'three')");
    }
    place.expectingManifestOf(snapshot);
  }

  @AfterEach
  void close() {
    place.close();
  }

  private long rows(Path file) {
    try (Connection open = Images.connect(file, folder);
        Statement statement = open.createStatement();
        ResultSet result = statement.executeQuery("SELECT count(*) FROM note")) {
      result.next();
      return result.getLong(1);
    } catch (SQLException | IOException e) {
      throw new AssertionError(file.toString(), e);
    }
  }

  private Path safetyCopy() {
    return data.resolve(
        names(data).stream()
            .filter(name -> name.matches("app\\.duckdb\\.pre-restore\\.[^.]*"))
            .findFirst()
            .orElseThrow());
  }

  private void assertNothingHappened() {
    assertThat(names(data)).containsExactly("app.duckdb");
    assertThat(rows(database)).isEqualTo(3);
    assertThat(place.open()).as("open journals").isEmpty();
  }

  @Test
  void theDatabaseIsAsInTheSnapshotWithItsLogBroughtIn() throws IOException {
    assertThat(database.resolveSibling("app.duckdb.wal")).doesNotExist();
    Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("rw-r-----"));

    Outcome outcome = place.recover(snapshot, database);

    assertThat(outcome.isRecovered()).isTrue();
    assertThat(names(data)).hasSize(2).noneMatch(name -> name.contains(".wal"));
    assertThat(rows(database)).isEqualTo(2);
    assertThat(rows(safetyCopy())).isEqualTo(3);
    assertThat(Files.getPosixFilePermissions(database))
        .isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
    assertThat(place.events()).hasAtLeastOneElementOfType(RecoverEvent.RestorePointMade.class);
  }

  @Test
  void theLogOfADatabaseWhoseApplicationWasKilledIsInTheSafetyCopy() throws Exception {
    Files.delete(database);
    DuckProcess.run(
        DuckProcess.CURRENT,
        "run",
        database.toString(),
        "CREATE TABLE note(id INTEGER)",
        "CHECKPOINT",
        "INSERT INTO note VALUES (1), (2), (3), (4)");
    assertThat(data.resolve("app.duckdb.wal")).isNotEmptyFile();

    assertThat(place.recover(snapshot, database).isRecovered()).isTrue();

    assertThat(names(data)).hasSize(2);
    assertThat(rows(database)).isEqualTo(2);
    assertThat(rows(safetyCopy())).isEqualTo(4);
  }

  @Test
  void aLogThatCannotBeBroughtInGoesAwayWithTheFile() throws Exception {
    Files.write(database, new byte[100]);
    Files.writeString(data.resolve("app.duckdb.wal"), "stale");

    assertThat(place.withoutRestorePoint().recover(snapshot, database).isRecovered()).isTrue();

    assertThat(names(data))
        .hasSize(3)
        .contains(safetyCopy().getFileName() + ".wal")
        .doesNotContain("app.duckdb.wal");
    assertThat(rows(database)).isEqualTo(2);
  }

  @Test
  void aStaleLogBesideALostDatabaseIsPutAside() throws IOException {
    Files.delete(database);
    Files.writeString(data.resolve("app.duckdb.wal"), "stale");

    assertThat(place.recover(snapshot, database).isRecovered()).isTrue();

    assertThat(names(data)).hasSize(2).contains("app.duckdb").doesNotContain("app.duckdb.wal");
    assertThat(rows(database)).isEqualTo(2);
  }

  @Test
  void aRunningApplicationIsNamedAndNothingChanges() throws Exception {
    Path bank = data.resolve("bank.duckdb");
    DuckProcess.run(DuckProcess.CURRENT, "make", bank.toString());
    SnapshotView withBank = place.backUp(bank);
    try (DuckProcess ignored =
        DuckProcess.start(DuckProcess.CURRENT, "write", bank.toString(), "1", "t").awaitReady()) {
      Outcome outcome = place.recover(withBank, bank);

      assertThat(outcome.ending()).contains(Ending.UNCHANGED);
      assertThat(outcome.cause().orElseThrow())
          .isInstanceOf(HoldfastException.Locked.class)
          .hasMessageMatching(".*bank.duckdb is in use by process \\d+ \\(java\\)");
      assertThat(ignored.isAlive()).isTrue();
    }
    assertThat(names(data)).noneMatch(name -> name.contains("pre-restore"));
    assertThat(Images.audit(bank, folder)).startsWith("ok ");
  }

  @Test
  void theDatabaseOfATreeIsBroughtIntoOneFileToo() throws Exception {
    SnapshotView tree;
    try (Connection open = Images.connect(database, folder);
        Statement statement = open.createStatement()) {
      statement.execute("INSERT INTO note VALUES (4, 'four')");
      tree = place.backUp(data);
    }
    Files.delete(database);

    Outcome outcome = place.expectingManifestOf(tree).recover(tree, data);

    assertThat(outcome.cause()).isEmpty();
    assertThat(names(data)).containsExactly("app.duckdb");
    assertThat(rows(database)).isEqualTo(4);
  }

  @Test
  void aSnapshotInANewerFormatIsRefusedBeforeAnythingIsDone() throws Exception {
    Path newer = folder.resolve("newer");
    Files.write(newer, Images.inStorageVersion(Files.readAllBytes(database), 70));
    SnapshotView stored = place.backUpAsFiles(newer);
    List<Target> targets = List.of(new Target(newer.toString(), database.toString()));

    assertThatThrownBy(() -> place.preview(stored, targets))
        .isInstanceOf(HoldfastException.Unsupported.class)
        .hasMessageContaining("storage version 70");
    assertNothingHappened();
  }

  @Test
  void anImageThatIsDamagedIsRefusedBeforeAnythingIsTouched() throws Exception {
    byte[] bytes = Files.readAllBytes(database);
    Arrays.fill(bytes, bytes.length / 2, bytes.length, (byte) 0);
    Path damaged = folder.resolve("damaged");
    Files.write(damaged, bytes);
    SnapshotView stored = place.backUpAsFiles(damaged);
    List<Target> targets = List.of(new Target(damaged.toString(), database.toString()));

    Outcome outcome =
        place
            .recoveries()
            .run(place.preview(stored, targets).plan(), place.means(RecoverObserver.NONE));

    assertThat(outcome.ending()).contains(Ending.UNCHANGED);
    assertThat(outcome.cause().orElseThrow()).isInstanceOf(HoldfastException.Corrupt.class);
    assertNothingHappened();
  }

  @Test
  void thePlanSaysHowManyRowsAreLost() {
    Preview preview = place.preview(snapshot, database);

    assertThat(preview.counted()).isTrue();
    assertThat(preview.changes())
        .containsExactly(
            new Preview.TableChange(
                database.toString(), "note", OptionalLong.of(3), OptionalLong.of(2)));
    assertNothingHappened();
  }

  @ParameterizedTest
  @EnumSource(Step.class)
  void failingBeforeAStepLeavesTheOldStateAndFailingAfterItToo(Step step) {
    List<Boolean> both = List.of(true, false);
    for (boolean before : both) {
      RecoverObserver failing =
          event -> {
            boolean now =
                before
                    ? event instanceof RecoverEvent.Started started && started.step() == step
                    : event instanceof RecoverEvent.Done done && done.step() == step;
            if (now) {
              throw new HoldfastException.InputOutput("injected at " + step, "", null);
            }
          };

      Outcome outcome = place.recover(failing, snapshot, database);

      if (step == Step.COMMIT && !before) {
        assertThat(outcome.isRecovered()).isTrue();
        assertThat(rows(database)).isEqualTo(2);
      } else {
        assertThat(outcome.isRecovered()).isFalse();
        assertNothingHappened();
      }
    }
  }

  @Test
  void anUndoBringsBackWhatWas() {
    place.recover(snapshot, database);
    String first = place.recoveries().list().getFirst().journal().plan().id();

    Plan undo = place.recoveries().planUndo(first);
    assertThat(place.recoveries().undo(undo, RecoverObserver.NONE).isRecovered()).isTrue();

    assertThat(rows(database)).isEqualTo(3);
    assertThat(names(data)).hasSize(2);
  }

  @Test
  void allTenantsAreRecoveredTogetherOrNoneIs() throws Exception {
    List<Path> tenants = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      Path tenant = Files.createDirectories(data.resolve("tenants/t" + i)).resolve("app.duckdb");
      Files.copy(database, tenant);
      tenants.add(tenant);
    }
    Path[] all = tenants.toArray(Path[]::new);
    SnapshotView before = place.backUp(all);
    for (Path tenant : tenants) {
      Files.write(tenant, new byte[10]);
    }
    place.expectingManifestOf(before).withoutRestorePoint();
    RecoverObserver failing =
        event -> {
          if (event instanceof RecoverEvent.Done done && done.step() == Step.SWAP) {
            throw new HoldfastException.InputOutput("injected", "", null);
          }
        };

    assertThat(place.recover(failing, before, all).ending()).contains(Ending.ROLLED_BACK);
    assertThat(tenants).allSatisfy(tenant -> assertThat(tenant).hasSize(10));
    assertThat(place.recover(before, all).isRecovered()).isTrue();

    assertThat(rows(tenants.getFirst())).isEqualTo(3);
    assertThat(rows(tenants.getLast())).isEqualTo(3);
  }

  @Test
  void aLogBesideALinkToTheDatabaseIsRefused() throws IOException {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere")).toRealPath();
    Path real = elsewhere.resolve("real.duckdb");
    Files.move(database, real);
    Files.createSymbolicLink(database, real);
    Files.writeString(data.resolve("app.duckdb.wal"), "of the application");

    assertThatThrownBy(() -> place.preview(snapshot, database))
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining("app.duckdb.wal lies beside a link");

    Files.delete(data.resolve("app.duckdb.wal"));
    assertThat(place.recover(snapshot, database).isRecovered()).isTrue();
    assertThat(rows(real)).isEqualTo(2);
  }
}
