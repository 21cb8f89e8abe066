package dev.holdfast.interop;

import static dev.holdfast.interop.Workplace.restored;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.HoldfastProgram;
import dev.holdfast.testkit.ResticProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SIGKILL at random moments: afterwards restic calls the repository clean, the next backup works
/// by itself, and no plain text lies about.
@Tag("slow")
class KilledTest {
  private static final int BACKUPS_KILLED = 150;
  private static final int KEY_CHANGES_KILLED = 50;
  private static final int CHECK_EVERY = 5;
  private static final String MARKER = "no-plain-text-of-this-may-stay";

  private final long seed = System.nanoTime();
  private final SplittableRandom random = new SplittableRandom(seed);

  @TempDir Path folder;
  private Workplace work;
  private Path data;
  private Path database;

  @BeforeEach
  void makeARepositoryAndData() throws IOException {
    System.out.println("KilledTest seed " + seed);
    work = Workplace.in(folder);
    work.init(2);
    data = Files.createDirectory(folder.resolve("data"));
    Files.createDirectory(folder.resolve("temporary"));
    database = data.resolve("app.db");
    sqlite("PRAGMA journal_mode=" + (random.nextBoolean() ? "WAL" : "DELETE") + ";");
    sqlite("CREATE TABLE note(id INTEGER PRIMARY KEY, text TEXT);");
    change(0);
  }

  @Test
  void aKilledBackupLeavesACleanRepositoryAndTheNextOneWorks() throws Exception {
    long whole = timeOf(backup());
    for (int i = 1; i <= BACKUPS_KILLED; i++) {
      change(i);
      killAt(backup(), random.nextLong(whole));
      if (i % CHECK_EVERY == 0) {
        work.restic().run("check", "--no-lock").succeeded();
        assertThat(filesWithPlainText()).as("seed %d, kill %d", seed, i).isEmpty();
      }
    }
    backup().run().succeeded();
    work.restic().checkClean();
    Path target = folder.resolve("restored");
    work.restic().run("restore", "latest", "--target", target.toString()).succeeded();
    assertThat(Files.readAllBytes(restored(target, data.resolve("file.txt"))))
        .isEqualTo(Files.readAllBytes(data.resolve("file.txt")));
    assertThat(
            Command.of(
                    "sqlite3",
                    restored(target, database).toString(),
                    "PRAGMA integrity_check; SELECT max(id) FROM note;")
                .run()
                .succeeded()
                .lines())
        .containsExactly("ok", Integer.toString(BACKUPS_KILLED));
  }

  @Test
  void aKilledChangeOfKeysLeavesTheRepositoryOpenToAPasswordThatIsKnown() throws Exception {
    String current = work.password();
    long whole = 0;
    for (int i = 1; i <= KEY_CHANGES_KILLED; i++) {
      String next = "password number " + i;
      Path file = Files.writeString(folder.resolve("new-password"), next);
      Command change =
          new HoldfastProgram(work.holdfast().repository(), current)
              .command("key", "passwd", "--new-password-file", file.toString());
      if (i == 1) {
        whole = timeOf(change);
      } else {
        killAt(change, random.nextLong(whole));
      }
      current = theOneThatOpens(current, next, i);
    }
    new ResticProgram(work.restic().repository(), current).checkClean();
  }

  private String theOneThatOpens(String old, String next, int round) {
    // Every kill may leave a key of the new password behind, which a wrong one is tried against.
    for (String password : List.of(old, next)) {
      if (new HoldfastProgram(work.holdfast().repository(), password).run("snapshots").exitCode()
          == 0) {
        return password;
      }
    }
    throw new AssertionError("seed %d: neither password opens after %d".formatted(seed, round));
  }

  private Command backup() {
    return work.holdfast()
        .command("backup", data.toString())
        .withEnvironment("TMPDIR", folder.resolve("temporary").toString());
  }

  private static long timeOf(Command command) {
    long start = System.nanoTime();
    command.run().succeeded();
    return System.nanoTime() - start;
  }

  private static void killAt(Command command, long nanos) throws Exception {
    Process process = command.start();
    process.waitFor(nanos, TimeUnit.NANOSECONDS);
    process.destroyForcibly().waitFor();
  }

  /// New rows and a new file, large enough to need time.
  private void change(int round) throws IOException {
    sqlite("INSERT INTO note VALUES(%d, '%s');".formatted(round, MARKER));
    sqlite("CREATE TABLE IF NOT EXISTS bulk(text TEXT);");
    sqlite(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<2000)"
            + " INSERT INTO bulk SELECT '"
            + MARKER
            + "' || hex(randomblob(300)) FROM n;");
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 40_000; i++) {
      text.append(MARKER).append(random.nextLong());
    }
    Files.writeString(data.resolve("file.txt"), text);
  }

  private void sqlite(String sql) {
    Command.of("sqlite3", database.toString(), sql).run().succeeded();
  }

  /// Every file outside the data itself that holds the marker.
  private List<Path> filesWithPlainText() throws IOException {
    byte[] marker = MARKER.getBytes(StandardCharsets.UTF_8);
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.startsWith(data) && contains(Files.readAllBytes(file), marker)) {
          found.add(file);
        }
      }
    }
    try (Stream<Path> files = Files.list(data)) {
      files
          .filter(file ->
              !List.of("app.db", "app.db-wal", "app.db-shm", "file.txt")
                  .contains(file.getFileName().toString()))
          .forEach(found::add);
    }
    return found;
  }

  private static boolean contains(byte[] bytes, byte[] marker) {
    for (int i = 0; i + marker.length <= bytes.length; i++) {
      int j = 0;
      while (j < marker.length && bytes[i + j] == marker[j]) {
        j++;
      }
      if (j == marker.length) {
        return true;
      }
    }
    return false;
  }
}
