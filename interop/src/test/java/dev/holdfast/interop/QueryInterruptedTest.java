package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The private copy that a query reads is gone afterwards, also when a person loses patience.
@Tag("slow")
class QueryInterruptedTest {
  private static final String ENDLESS =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
  private static final int INTERRUPTED = 130;

  @TempDir Path temporary;

  @Test
  void copyIsRemovedWhenAQueryIsInterrupted() throws Exception {
    Path folder = temporary.toRealPath();
    Path scratch = Files.createDirectory(folder.resolve("scratch"));
    Path database = folder.resolve("app.db");
    Command.of("sqlite3", database.toString(), "CREATE TABLE t(x)").run().succeeded();
    Workplace work = Workplace.in(folder);
    work.init(2);
    work.holdfast().command("backup", database.toString()).run().succeeded();
    Process process =
        work.holdfast()
            .command("query", "latest", database.toString(), ENDLESS)
            .withEnvironment("TMPDIR", scratch.toString())
            .start();
    try {
      while (copies(scratch) == 0) {
        assertThat(process.waitFor(20, TimeUnit.MILLISECONDS)).as("ended too early").isFalse();
      }

      // Not SIGINT, which whoever runs the tests in the background may have had ignored.
      process.destroy();

      assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("it ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).isEqualTo(INTERRUPTED);
    assertThat(copies(scratch)).isZero();
  }

  private static long copies(Path scratch) throws IOException {
    try (Stream<Path> all = Files.list(scratch)) {
      return all.filter(path -> path.getFileName().toString().startsWith("holdfast-query-"))
          .count();
    }
  }
}
