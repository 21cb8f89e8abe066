package dev.holdfast.engine.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.recover.journal.Ending;
import dev.holdfast.engine.recover.journal.JournalFolder;
import dev.holdfast.engine.recover.plan.Step;
import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.Mount;
import dev.holdfast.testkit.PostgresServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What goes wrong outside while a database of a server is recovered leaves the former one.
@Tag("slow")
final class RecoverPostgresFailuresTest {
  private static final String OURS = "application_name = 'holdfast' AND pid <> pg_backend_pid()";

  private static final String MAKES_THE_INDEX = "wait_event = 'PgSleep' AND " + OURS;

  /// Of an index that takes as long as one likes when a dump is loaded, and no time otherwise.
  private static final String SLOW =
      """
      CREATE FUNCTION slow(x int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$
        BEGIN
          IF current_setting('application_name') = 'holdfast' THEN PERFORM pg_sleep(600); END IF;
          RETURN x;
        END $$;
      CREATE INDEX slow ON t(slow(x));
      """;

  private static PostgresServerProcess server;

  @TempDir Path folder;
  private Path mount;
  private @Nullable Mount disk;
  private Place place;
  private DatabaseScene scene;
  private SnapshotView snapshot;

  @BeforeAll
  static void start() {
    server = PostgresServerProcess.start(15);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void nothingIsMounted() throws IOException {
    mount = Files.createDirectory(folder.resolve("mount"));
    place = Place.in(folder);
  }

  @AfterEach
  void clear() throws Exception {
    place.close();
    for (String name : scene == null ? List.<String>of() : scene.databases()) {
      server.sql("postgres", "DROP DATABASE " + name + " WITH (FORCE)");
    }
    server.sql("postgres", "DROP TABLESPACE IF EXISTS small");
    if (disk != null) {
      disk.close();
    }
  }

  private void aDatabaseWithABackup(String options, String more) {
    server.sql("postgres", "CREATE DATABASE shop " + options);
    server.sql("shop", "CREATE TABLE t(x int); INSERT INTO t SELECT generate_series(1, 3)");
    server.sql("shop", more);
    scene = new DatabaseScene(place, server, "shop").withoutRestorePoint();
    snapshot = scene.backUp();
    scene.sql("DELETE FROM t");
  }

  private void assertOld() {
    assertThat(scene.sql("SELECT count(*) FROM t")).isEqualTo("0");
    assertThat(scene.databases()).containsExactly("shop");
    assertThat(place.open()).isEmpty();
  }

  private static void endOurConnections() {
    end(OURS);
  }

  /// Only that which makes the index, and not one that takes it back already.
  private static void endTheLoad() {
    end(MAKES_THE_INDEX);
  }

  private static void end(String which) {
    server.sql(
        "postgres", "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE " + which);
  }

  @Test
  void aConnectionThatIsLostBetweenStepsIsMadeAnew() {
    aDatabaseWithABackup("", "");

    Outcome outcome =
        scene.recover(
            event -> {
              if (event instanceof RecoverEvent.Started) {
                endOurConnections();
              }
            },
            snapshot);

    assertThat(outcome.cause()).isEmpty();
    assertThat(scene.sql("SELECT count(*) FROM t")).isEqualTo("3");
    assertThat(scene.databases()).hasSize(2);
  }

  @Test
  void aPasswordThatIsNoLongerRightHalfWayLeavesTheFormerStateAndTheRestGoesWhenItIsRight()
      throws IOException {
    Path file = Files.writeString(folder.resolve("settings"), "new");
    aDatabaseWithABackup("", "");
    server.sql("postgres", "CREATE ROLE guest SUPERUSER LOGIN PASSWORD 'first secret'");
    try {
      scene.sql("INSERT INTO t SELECT generate_series(1, 3)");
      snapshot = scene.backUp(file);
      scene.sql("DELETE FROM t");
      Files.writeString(file, "old");
      place.withServerPassword("first secret");

      Outcome outcome =
          scene
              .as("guest")
              .overTcp()
              .recover(
                  event -> {
                    if (event instanceof RecoverEvent.Started started
                        && started.step() == Step.VERIFY) {
                      server.sql("postgres", "ALTER ROLE guest PASSWORD 'second secret'");
                      endOurConnections();
                    }
                  },
                  snapshot,
                  file);

      assertThat(outcome.cause().orElseThrow())
          .hasMessageContaining("password authentication failed for user \"guest\"")
          .hasMessageNotContaining("secret");
      assertThat(outcome.ending()).as("what was staged is still there").isEmpty();
      assertThat(Files.readString(file)).isEqualTo("old");
      assertThat(scene.sql("SELECT count(*) FROM t")).isEqualTo("0");
      place.withServerPassword("second secret");
      String id = place.open().getFirst().journal().plan().id();
      assertThat(place.recoveries().rollBack(id, place.means(RecoverObserver.NONE)).ending())
          .contains(Ending.UNCHANGED);
      assertThat(Files.readString(file)).isEqualTo("old");
      assertOld();
    } finally {
      server.sql("postgres", "DROP OWNED BY guest CASCADE; DROP ROLE guest");
    }
  }

  @Test
  void aPasswordIsInNoArgumentListWhileADumpIsLoaded() throws Exception {
    aDatabaseWithABackup("", SLOW);
    server.sql("postgres", "CREATE ROLE guest SUPERUSER LOGIN PASSWORD 'xq7'");
    try {
      place.withServerPassword("xq7");
      scene.as("guest").overTcp();
      List<String> arguments = new ArrayList<>();

      Outcome outcome =
          whenTheIndexIsMade(() -> {
            arguments.addAll(argumentLists());
            endTheLoad();
          });

      assertThat(outcome.ending()).as(() -> outcome.toString()).contains(Ending.UNCHANGED);
      assertThat(arguments)
          .anyMatch(each -> each.contains("pg_restore"))
          .noneMatch(each -> each.contains("xq7"));
      assertOld();
    } finally {
      server.sql("postgres", "DROP ROLE guest");
    }
  }

  /// Of every process.
  private static List<String> argumentLists() {
    List<String> lists = new ArrayList<>();
    ProcessHandle.allProcesses()
        .forEach(process -> {
          try {
            Path list = Path.of("/proc", Long.toString(process.pid()), "cmdline");
            lists.add(new String(Files.readAllBytes(list), StandardCharsets.ISO_8859_1));
          } catch (IOException e) {
            lists.add(""); // it has ended
          }
        });
    return lists;
  }

  @Test
  void aConnectionThatIsLostWhileADumpIsLoadedLeavesTheFormerDatabase() throws Exception {
    aDatabaseWithABackup("", SLOW);

    Outcome outcome = whenTheIndexIsMade(RecoverPostgresFailuresTest::endTheLoad);

    assertThat(outcome.cause().orElseThrow())
        .hasMessageContaining("pg_restore failed")
        .hasMessageContaining("_holdfast_");
    assertThat(outcome.ending()).contains(Ending.UNCHANGED);
    assertOld();
  }

  @Test
  void aServerThatIsRestartedWhileADumpIsLoadedHasTheFormerDatabaseAndTheRestGoesWithARollback()
      throws Exception {
    aDatabaseWithABackup("", SLOW);

    Outcome outcome = whenTheIndexIsMade(server::restart);

    assertThat(outcome.cause().orElseThrow()).hasMessageContaining("pg_restore failed");
    assertThat(scene.sql("SELECT count(*) FROM t")).isEqualTo("0");
    // Whether it could be taken back at once depends on how quickly the server is there again.
    for (JournalFolder.Listed open : place.open()) {
      String id = open.journal().plan().id();
      assertThat(place.recoveries().rollBack(id, place.means(RecoverObserver.NONE)).ending())
          .contains(Ending.UNCHANGED);
    }
    assertOld();
  }

  /// Does something while `pg_restore` is in the middle.
  private Outcome whenTheIndexIsMade(Runnable what) throws Exception {
    FutureTask<Outcome> recovery = new FutureTask<>(() -> scene.recover(snapshot));
    Thread.ofPlatform().start(recovery);
    String waiting = "SELECT count(*) FROM pg_stat_activity WHERE " + MAKES_THE_INDEX;
    while (server.sql("postgres", waiting).equals("0")) {
      assertThat(recovery.isDone()).isFalse();
    }
    what.run();
    return recovery.get();
  }

  @Test
  void aFullDiskOfTheServerLeavesTheFormerDatabase() throws Exception {
    mountDisk("32m");
    Path space = Files.createDirectory(mount.resolve("space"));
    server.own(space);
    Command.of("chmod", "a+rx", folder.toString()).run().succeeded();
    server.sql("postgres", "CREATE TABLESPACE small LOCATION '" + space + "'");
    aDatabaseWithABackup(
        "TABLESPACE small",
        "CREATE TABLE bulk AS SELECT repeat('x', 900) FROM generate_series(1, 17000)");

    server.sql("postgres", "CHECKPOINT"); // what is in memory alone would need room later

    Outcome outcome = scene.recover(snapshot);

    assertThat(outcome.cause().orElseThrow()).hasMessageContaining("No space left on device");
    assertThat(outcome.ending()).contains(Ending.UNCHANGED);
    assertOld();
  }

  @Test
  void aFullDiskUnderTheCopyOfTheDumpLeavesTheFormerDatabase() throws Exception {
    mountDisk("8m");
    aDatabaseWithABackup("", "");
    place.withTemporary(mount);

    Outcome outcome = scene.recover(snapshot);

    assertThat(outcome.cause().orElseThrow()).hasMessageContaining("no room for a copy");
    assertThat(outcome.ending()).contains(Ending.UNCHANGED);
    assertOld();
  }

  private void mountDisk(String size) {
    disk = Mount.smallDisk(mount, size).orElse(null);
    assumeTrue(disk != null, "a small disk can only be mounted by root");
  }
}
