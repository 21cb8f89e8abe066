package dev.holdfast.engine.source.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.source.Content;
import dev.holdfast.engine.source.SourceFacts;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuckDbSourceTest {
  @TempDir Path directory;

  @Test
  void aDatabaseOfACrashedProcessIsStoredWithItsLogAndCounted() throws Exception {
    Path database = directory.resolve("bank.duckdb");
    DuckProcess.run(DuckProcess.CURRENT, "make", database.toString());
    Path stored = directory.resolve("stored.duckdb");
    SourceFacts facts;
    try (Content image = Images.engine(directory).open(database.toString())) {
      Images.store(image, stored);
      facts = image.facts().orElseThrow();
    }
    assertThat(Images.audit(stored, directory)).isEqualTo(Images.rows(facts));
  }
}
