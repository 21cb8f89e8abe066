package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.HoldfastProgram;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Exports of a database that another process holds, again and again until somebody ends it.
@Tag("slow")
class ExportAgainTest {
  private static final int KEPT = 2;
  private static final int EXPORTS = 4;
  private static final int POLL_MILLIS = 50;
  private static final int POLLS_MAX = 2400;
  private static final int INTERRUPTED = 130;

  @TempDir Path temporary;

  @Test
  void exportsGoOnAfterOneThatFailedAndTheOldOnesGoUntilItIsEnded() throws Exception {
    Path folder = temporary.toRealPath();
    Path data = Files.createDirectory(folder.resolve("data"));
    Path exports = folder.resolve("exports");
    Path away = folder.resolve("away.duckdb");
    Path database = data.resolve("hits.duckdb");
    try (Connection open = DriverManager.getConnection("jdbc:duckdb:" + database);
        Statement statement = open.createStatement()) {
      statement.execute("CREATE TABLE hits AS SELECT range AS id FROM range(1000)");
      statement.execute("CHECKPOINT");
      Files.move(database, away); // it is not there when it begins
      Process process =
          HoldfastProgram.launcher()
              .with("backup", "--format", "export", "--target", exports.toString())
              .with("--keep", Integer.toString(KEPT), "--every", "1s", database.toString())
              .withEnvironment("HOME", folder.toString())
              .withEnvironment("TMPDIR", Files.createDirectory(folder.resolve("tmp")).toString())
              .start();
      try {
        assertThat(firstError(process)).contains("hits.duckdb");
        assertThat(whole(exports)).isEmpty();
        Files.move(away, database);
        Set<String> seen = new TreeSet<>();
        await(process, exports, seen, EXPORTS);
        assertThat(whole(exports)).hasSizeLessThanOrEqualTo(KEPT + 1);

        process.destroy();

        assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("it ends").isTrue();
        assertThat(process.exitValue()).isEqualTo(INTERRUPTED);
      } finally {
        process.destroyForcibly();
      }
    }
    List<Path> left = whole(exports);
    assertThat(left).hasSizeBetween(1, KEPT + 1);
    for (Path export : left) {
      assertThat(export.resolve("load.sql")).isNotEmptyFile();
      assertThat(export.resolve("schema.sql")).isNotEmptyFile();
    }
    try (Stream<Path> all = Files.walk(folder.resolve("tmp"))) {
      assertThat(all.filter(Files::isRegularFile)).isEmpty();
    }
  }

  /// The first line of what it complains of.
  private static String firstError(Process process) throws Exception {
    BufferedReader errors = process.errorReader();
    return CompletableFuture.supplyAsync(
            () -> {
              try {
                return String.valueOf(errors.readLine());
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .get(2, TimeUnit.MINUTES);
  }

  /// Waits until so many exports have been there.
  private static void await(Process process, Path exports, Set<String> seen, int count)
      throws Exception {
    for (int poll = 0; poll < POLLS_MAX && seen.size() < count; poll++) {
      assertThat(process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)).as("it ended").isFalse();
      whole(exports).forEach(export -> seen.add(export.getFileName().toString()));
    }
    assertThat(seen).hasSizeGreaterThanOrEqualTo(count);
  }

  /// The exports that have their name and the list of what is in them.
  private static List<Path> whole(Path exports) throws IOException {
    Path shared = exports.resolve("shared");
    if (!Files.isDirectory(shared)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(shared)) {
      return all.filter(path -> !path.getFileName().toString().startsWith("."))
          .filter(path -> Files.exists(path.resolve("holdfast.json")))
          .toList();
    }
  }
}
