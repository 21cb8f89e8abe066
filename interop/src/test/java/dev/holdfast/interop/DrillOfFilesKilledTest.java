package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SIGKILL at random moments of drills of an app with a SQLite and a DuckDB database and a folder:
/// nothing is changed, nothing is recorded, and whatever is left is gone after the next drill.
@Tag("slow")
class DrillOfFilesKilledTest {
  private static final int KILLS = 8;
  private static final int POLL_MILLIS = 2;
  private static final int POLLS_MAX = 30_000;

  private final long seed = System.nanoTime();
  private final SplittableRandom random = new SplittableRandom(seed);

  @TempDir Path temporary;
  private Path folder;
  private Path data;
  private Path scratch;
  private Path temporaries;
  private Workplace work;

  @Test
  void whatADrillHasLeftThatWasKilledAtAnyMomentIsGoneAfterTheNext() throws Exception {
    System.out.println("DrillOfFilesKilledTest seed " + seed);
    prepare();
    drill().run().succeeded();
    assertNothingIsLeft("a drill that was not killed");
    long begin = System.nanoTime();
    Process whole = drill().start();
    awaitScratch(whole);
    long begun = System.nanoTime();
    assertThat(whole.waitFor()).isZero();
    long inside = System.nanoTime() - begun;
    long all = System.nanoTime() - begin;
    List<String> live = live();
    int left = 0;
    for (int kill = 1; kill <= KILLS; kill++) {
      Process process = drill().start();
      if (kill % 4 == 0) {
        process.waitFor(random.nextLong(all), TimeUnit.NANOSECONDS);
      } else {
        awaitScratch(process);
        if (kill > 1) { // the first is killed as soon as there is something to leave
          process.waitFor(random.nextLong(inside), TimeUnit.NANOSECONDS);
        }
      }
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
      left += folders().isEmpty() ? 0 : 1;
    }
    System.out.println(left + " of " + KILLS + " drills left a folder");
    assertThat(left).as("seed %d: drills that were killed in their midst", seed).isPositive();
    assertThat(folders().size())
        .as("seed %d: each drill removes what the one before left", seed)
        .isLessThanOrEqualTo(2);

    drill().run().succeeded();

    assertNothingIsLeft("seed " + seed);
    assertThat(live()).isEqualTo(live);
    work.restic().checkClean();
  }

  private void prepare() throws IOException, SQLException {
    folder = temporary.toRealPath();
    data = Files.createDirectory(folder.resolve("data"));
    scratch = folder.resolve("scratch/holdfast-drills");
    temporaries = Files.createDirectory(folder.resolve("tmp"));
    work = Workplace.in(folder);
    work.init(2);
    Command.of(
            "sqlite3",
            data.resolve("users.db").toString(),
            "CREATE TABLE t(x); INSERT INTO t VALUES(1);"
                + "CREATE TABLE bulk(b); INSERT INTO bulk VALUES(randomblob(3000000));")
        .run()
        .succeeded();
    Files.writeString(Files.createDirectory(data.resolve("files")).resolve("one"), "one");
    try (Connection open =
            DriverManager.getConnection("jdbc:duckdb:" + data.resolve("hits.duckdb"));
        Statement statement = open.createStatement()) {
      statement.execute("PRAGMA disable_checkpoint_on_shutdown");
      statement.execute("CREATE TABLE t AS SELECT range AS x FROM range(200000)");
      statement.execute("CHECKPOINT");
      statement.execute("INSERT INTO t VALUES (1)"); // in the log alone
    }
    Files.writeString(
        folder.resolve("holdfast.yaml"),
        """
        apps:
          shop:
            root: %s
            sources:
              users: {path: users.db}
              hits: {path: hits.duckdb}
              files: {path: files}
            checks:
              hits: {sql: SELECT count(*) FROM t, source: hits, equals: '200001'}
              users: {sql: SELECT count(*) FROM t, source: users, at-least: 1}
            drill: {scratch: %s}
        """
            .formatted(data, folder.resolve("scratch")));
    holdfast("backup", "shop").run().succeeded();
  }

  private Command drill() {
    return holdfast("drill", "shop");
  }

  private Command holdfast(String... arguments) {
    return work.holdfast()
        .command(arguments)
        .withEnvironment("HOLDFAST_CONFIG", folder.resolve("holdfast.yaml").toString())
        .withEnvironment("TMPDIR", temporaries.toString());
  }

  /// Waits until the drill has its folder, or has ended.
  private void awaitScratch(Process drill) throws Exception {
    List<Path> before = folders();
    for (int poll = 0; poll < POLLS_MAX; poll++) {
      if (!before.containsAll(folders()) || drill.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        return;
      }
    }
    throw new AssertionError("seed " + seed + ": a drill neither begins nor ends");
  }

  private List<Path> folders() throws IOException {
    if (!Files.isDirectory(scratch)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(scratch)) {
      return all.filter(Files::isDirectory).toList();
    }
  }

  private void assertNothingIsLeft(String when) throws IOException {
    assertThat(folders()).as(when).isEmpty();
    assertThat(temporaries).as(when + ": temporary files").isEmptyDirectory();
  }

  /// What lies in the live folder.
  private List<String> live() throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> all = Files.walk(data)) {
      for (Path path : all.sorted().toList()) {
        found.add(path + " " + Files.getLastModifiedTime(path) + " " + Files.size(path));
      }
    }
    return found;
  }
}
