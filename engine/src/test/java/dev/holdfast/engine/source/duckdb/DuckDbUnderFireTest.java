package dev.holdfast.engine.source.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.source.Content;
import dev.holdfast.engine.source.SourceFacts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Images of a database that another process holds and writes as fast as it can.
@Tag("slow")
class DuckDbUnderFireTest {
  private static final int IMAGES = 120;
  private static final Duration LIMIT = Duration.ofSeconds(25);

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "current, tttttttttc",
    "current, ttttttttttttttttttttlldcc",
    "1.4.4.0, ttttttttttttttttttttlldcc"
  })
  void imagesAreConsistentWhileAnotherProcessCommitsLoadsDropsAndCheckpoints(
      String version, String mix) throws Exception {
    Path database = directory.resolve("bank.duckdb");
    DuckProcess.run(version, "make", database.toString());
    long seed = System.nanoTime();
    System.out.println("DuckDbUnderFireTest seed " + seed);
    TreeMap<String, Integer> seen = new TreeMap<>();
    long end = System.nanoTime() + LIMIT.toNanos();
    int images = 0;
    try (DuckProcess writer =
        DuckProcess.start(version, "write", database.toString(), Long.toString(seed), mix)) {
      writer.awaitReady();
      while (images < IMAGES && System.nanoTime() < end) {
        seen.merge(imageAndAudit(database), 1, Integer::sum);
        images++;
        assertThat(writer.isAlive()).isTrue();
      }
    }
    System.out.println(
        "%d images of DuckDB %s under '%s', checkpoints and logs seen: %s"
            .formatted(images, version, mix, seen.size()));
    // The writer is dead now, in the middle of something.
    imageAndAudit(database);
    assertThat(images).isGreaterThan(20);
    assertThat(seen.size()).isGreaterThan(5);
  }

  private String imageAndAudit(Path database) throws Exception {
    Path stored = directory.resolve("stored.duckdb");
    SourceFacts facts;
    try (Content image = Images.engine(directory).open(database.toString())) {
      Images.store(image, stored);
      facts = image.facts().orElseThrow();
      assertThat(facts.warnings()).isEmpty();
    }
    assertThat(Images.audit(stored, directory)).isEqualTo(Images.rows(facts));
    for (String suffix : new String[] {"", ".wal", ".wal.checkpoint"}) {
      Files.deleteIfExists(Path.of(stored + suffix));
    }
    return facts.properties().get("checkpoint") + "/" + facts.properties().get("log bytes");
  }
}
