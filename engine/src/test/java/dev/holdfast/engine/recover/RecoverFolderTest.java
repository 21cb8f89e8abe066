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
import dev.holdfast.engine.recover.plan.Replacement;
import dev.holdfast.engine.recover.plan.Target;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.testkit.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Folders, other file systems, and disks that become full.
class RecoverFolderTest {
  private static final int NOISE_BYTES = 12 << 20;

  @TempDir Path folder;
  @TempDir Path aroundMount;
  private Path mount;
  private Path data;
  private Place place;
  private SnapshotView snapshot;
  private @Nullable Mount disk;

  @BeforeEach
  void aFolderWithADatabaseAndFiles() throws IOException {
    mount = Files.createDirectory(aroundMount.resolve("mount"));
    data = Files.createDirectory(folder.resolve("data")).toRealPath();
    fill(data);
    place = Place.in(folder);
    snapshot = place.backUp(data);
    spoil(data);
  }

  private static void fill(Path where) throws IOException {
    sqlite(where.resolve("app.db"), "PRAGMA journal_mode=WAL; CREATE TABLE t(x);");
    Files.createDirectories(where.resolve("maps/a"));
    Files.writeString(where.resolve("maps/a/1.map"), "one");
    Files.writeString(where.resolve("settings"), "old");
  }

  private static void spoil(Path where) throws IOException {
    sqlite(where.resolve("app.db"), "INSERT INTO t VALUES(1)");
    Files.writeString(where.resolve("maps/a/2.map"), "two");
    Files.delete(where.resolve("maps/a/1.map"));
    Files.writeString(where.resolve("settings"), "new");
    Files.writeString(where.resolve("surplus"), "surplus");
  }

  @AfterEach
  void unmount() throws Exception {
    place.close();
    if (disk != null) {
      disk.close();
    }
  }

  @Test
  void otherNamesOfAFileAreToldOfBecauseTheyKeepThePresentState() throws IOException {
    Path settings = data.resolve("settings");
    Path other = Files.createLink(folder.resolve("other"), settings);

    assertThat(place.preview(snapshot, settings).warnings())
        .contains(settings + " has 2 names: the others keep the present state");
    assertThat(place.recover(snapshot, settings).isRecovered()).isTrue();
    assertThat(Files.readString(settings)).isEqualTo("old");
    assertThat(Files.readString(other)).isEqualTo("new");

    Files.delete(other);
    assertThat(place.preview(snapshot, settings, data.resolve("app.db")).warnings())
        .noneMatch(warning -> warning.contains(" names: "));
  }

  private void mountDisk(String size) {
    disk = Mount.smallDisk(mount, size).orElse(null);
    assumeTrue(disk != null, "a small disk can only be mounted by root");
  }

  private static void assertFilled(Path where) throws IOException {
    assertThat(names(where)).contains("app.db", "maps", "settings").doesNotContain("surplus");
    assertThat(names(where.resolve("maps/a"))).containsExactly("1.map");
    assertThat(Files.readString(where.resolve("settings"))).isEqualTo("old");
    assertThat(sqlite(where.resolve("app.db"), "SELECT count(*) FROM t")).isEqualTo("0");
  }

  private static void assertSpoilt(Path where) throws IOException {
    assertThat(names(where)).containsExactly("app.db", "maps", "settings", "surplus");
    assertThat(names(where.resolve("maps/a"))).containsExactly("2.map");
    assertThat(Files.readString(where.resolve("settings"))).isEqualTo("new");
    assertThat(sqlite(where.resolve("app.db"), "SELECT count(*) FROM t")).isEqualTo("1");
  }

  @Test
  void aFolderIsReplacedAsAWholeAndNotMergedWithWhatIsThere() throws IOException {
    assertThat(place.recover(snapshot, data).isRecovered()).isTrue();

    assertFilled(data);
    List<String> copies =
        names(data.getParent()).stream().filter(name -> name.contains(".pre-restore.")).toList();
    assertThat(copies).hasSize(1);
    assertSpoilt(data.resolveSibling(copies.getFirst()));
  }

  @Test
  void aDatabaseOfAFolderIsRecoveredAlone() throws IOException {
    Path database = data.resolve("app.db");

    assertThat(place.recover(snapshot, database).isRecovered()).isTrue();

    assertThat(sqlite(database, "SELECT count(*) FROM t")).isEqualTo("0");
    assertThat(Files.readString(data.resolve("settings"))).isEqualTo("new");
  }

  @Test
  void anotherFileSystemIsStagedOnItself() throws Exception {
    mountDisk("50m");
    Path target = mount.toRealPath().resolve("data");
    Files.createDirectory(target);
    fill(target);
    spoil(target);

    Plan plan = plan(target);
    assertThat(place.recoveries().run(plan, place.means(RecoverObserver.NONE)).isRecovered())
        .isTrue();

    assertThat(plan.replacements().getFirst().stageFolder()).startsWith(mount.toRealPath() + "/");
    assertFilled(target);
  }

  private Plan plan(Path target) {
    return place.preview(snapshot, List.of(new Target(data.toString(), target.toString()))).plan();
  }

  @Test
  void aMountPointKeepsItsNameAndWhatIsInItIsReplacedOrPutAside() throws Exception {
    mountDisk("50m");
    Path target = mount.toRealPath();
    fill(target);
    spoil(target);

    Plan plan = plan(target);
    assertThat(place.recoveries().run(plan, place.means(RecoverObserver.NONE)).isRecovered())
        .isTrue();

    assertThat(plan.replacements())
        .extracting(Replacement::live)
        .containsExactly(
            target + "/app.db", target + "/maps", target + "/settings", target + "/surplus");
    assertFilled(target);
    Plan undo = place.recoveries().planUndo(plan.id());
    assertThat(place.recoveries().undo(undo, RecoverObserver.NONE).isRecovered()).isTrue();
    assertThat(Files.readString(target.resolve("surplus"))).isEqualTo("surplus");
    assertThat(sqlite(target.resolve("app.db"), "SELECT count(*) FROM t")).isEqualTo("1");
  }

  @Test
  void aFileThatIsMountedByItselfIsRefusedAndTheFolderItLiesInIsNamed() throws Exception {
    Path database = data.resolve("app.db");
    Path outside = Files.copy(database, folder.resolve("outside.db"));
    Optional<Mount> bound = Mount.bind(outside, database);
    assumeTrue(bound.isPresent(), "files can only be mounted by root");
    try (Mount _ = bound.get()) {
      assertThatThrownBy(() -> place.preview(snapshot, database))
          .isInstanceOfSatisfying(
              HoldfastException.Rejected.class,
              refused -> assertThat(refused.hint()).contains("mount the folder that it lies in"))
          .hasMessageContaining(database + " is mounted there by itself");
    }
    assertThat(sqlite(database, "SELECT count(*) FROM t")).isEqualTo("1");
  }

  @Test
  void aFolderAroundAMountPointIsRefused() throws Exception {
    mountDisk("1m");
    Path around = aroundMount.toRealPath();

    assertThatThrownBy(() -> plan(around))
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining(mount.toRealPath() + " is mounted inside of " + around);
  }

  @Test
  void tooLittleSpaceIsSaidBeforeAnythingIsDone() throws Exception {
    mountDisk("4m");
    Path target = mount.toRealPath().resolve("data");
    Preview preview =
        place.preview(snapshot, List.of(new Target(data.toString(), target.toString())));

    assertThatThrownBy(preview::requireSpace)
        .isInstanceOf(HoldfastException.InputOutput.class)
        .hasMessageMatching(
            ".* has \\d+\\.\\d{3} [KMG]iB left, and the new state needs \\d+\\.\\d{3} [KMG]iB .*");
  }

  @Test
  void aDiskThatBecomesFullWhileStagingLeavesTheOldState() throws Exception {
    SnapshotView large = withNoise();
    mountDisk("8m");
    Path target = mount.toRealPath().resolve("data");
    Files.createDirectory(target);
    fill(target);
    spoil(target);
    Plan plan =
        place.preview(large, List.of(new Target(data.toString(), target.toString()))).plan();

    Outcome outcome = place.recoveries().run(plan, place.means(RecoverObserver.NONE));

    assertThat(outcome.ending()).contains(Ending.UNCHANGED);
    assertThat(outcome.cause().orElseThrow()).isInstanceOf(HoldfastException.InputOutput.class);
    assertSpoilt(target);
    assertThat(names(mount)).containsExactly("data");
    assertThat(place.open()).isEmpty();
  }

  @Test
  void aDiskThatBecomesFullWhileADuckDbDatabaseIsStagedLeavesTheOldState() throws Exception {
    Path hits = data.resolve("hits.duckdb");
    duckDb(hits, "CREATE TABLE t AS SELECT uuid() AS u FROM range(600000)");
    assertThat(Files.size(hits)).isGreaterThan(8 << 20);
    SnapshotView large = place.backUp(data);
    mountDisk("8m");
    Path target = Files.createDirectory(mount.toRealPath().resolve("data")).resolve("hits.duckdb");
    duckDb(target, "CREATE TABLE t AS SELECT 1 AS old");
    Plan plan =
        place.preview(large, List.of(new Target(hits.toString(), target.toString()))).plan();

    Outcome outcome = place.recoveries().run(plan, place.means(RecoverObserver.NONE));

    assertThat(outcome.ending()).contains(Ending.UNCHANGED);
    assertThat(outcome.cause().orElseThrow())
        .isInstanceOf(HoldfastException.InputOutput.class)
        .hasMessageContaining("no space left on device");
    assertThat(names(target.getParent())).containsExactly("hits.duckdb");
    duckDb(target, "SELECT old FROM t");
    assertThat(place.open()).isEmpty();
  }

  private static void duckDb(Path database, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private SnapshotView withNoise() throws IOException {
    byte[] noise = new byte[NOISE_BYTES];
    new SplittableRandom(7).nextBytes(noise);
    Files.write(data.resolve("noise"), noise);
    SnapshotView large = place.backUp(data);
    Files.delete(data.resolve("noise"));
    return large;
  }

  @Test
  void aRepositoryWithoutRoomForTheRestorePointLeavesTheOldState() throws Exception {
    mountDisk("8m");
    try (Place full = Place.in(Files.createDirectory(mount.resolve("place")))) {
      SnapshotView small = full.backUp(data.resolve("settings"));
      byte[] noise = new byte[NOISE_BYTES];
      new SplittableRandom(8).nextBytes(noise);
      Files.write(data.resolve("settings"), noise);

      Outcome outcome = full.recover(small, data.resolve("settings"));

      assertThat(outcome.ending()).contains(Ending.UNCHANGED);
      assertThat(outcome.cause().orElseThrow()).isInstanceOf(HoldfastException.InputOutput.class);
      assertThat(Files.size(data.resolve("settings"))).isEqualTo(NOISE_BYTES);
    }
  }

  private static void fillUp(Path filler) throws IOException {
    byte[] page = new byte[4096];
    try (java.io.OutputStream out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(page);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }

  @Test
  void aFullDiskUnderTheJournalsLeavesTheOldState() throws Exception {
    mountDisk("300k");
    Path state = mount.resolve("state");
    Plan plan = place.preview(snapshot, data).plan();
    fillUp(mount.resolve("filler"));
    Recoveries cramped =
        new Recoveries(
            state,
            new dev.holdfast.engine.recover.files.PosixFiles(),
            Place.engines(),
            java.time.Clock.systemUTC(),
            new SplittableRandom(),
            dev.holdfast.engine.recover.service.Outside.ofProcess(),
            place.servers());

    assertThatThrownBy(() -> cramped.run(plan, place.means(RecoverObserver.NONE)))
        .isInstanceOf(HoldfastException.InputOutput.class);

    assertSpoilt(data);
  }
}
