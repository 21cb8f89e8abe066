package dev.holdfast.engine.source.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.source.Content;
import dev.holdfast.engine.source.SourceFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Databases of every storage version since DuckDB 1.0, written and opened again by that version.
@Tag("slow")
class DuckDbVersionsTest {
  @TempDir Path directory;

  static Stream<String> versions() throws IOException {
    return Stream.concat(DuckProcess.olderVersions().stream(), Stream.of(DuckProcess.CURRENT));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void imageOfACrashedProcessOpensInTheVersionThatWroteIt(String version) throws Exception {
    Path database = directory.resolve("bank.duckdb");
    DuckProcess.run(version, "make", database.toString());
    Path stored = directory.resolve("stored.duckdb");
    SourceFacts facts;
    try (Content image = Images.engine(directory).open(database.toString())) {
      assertThat(image.companions()).hasSize(1);
      Images.store(image, stored);
      facts = image.facts().orElseThrow();
    }
    assertThat(facts.warnings()).isEmpty();
    if (!version.equals(DuckProcess.CURRENT)) {
      assertThat("v" + version + ".").startsWith(facts.engineVersion() + ".");
    }
    assertThat(DuckProcess.run(version, "audit", stored.toString())).isEqualTo(Images.rows(facts));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void logThatIsCutOffAnywhereIsStoredUpToItsLastWholeCommit(String version) throws Exception {
    Path database = directory.resolve("bank.duckdb");
    DuckProcess.run(version, "make", database.toString());
    Path log = Path.of(database + Place.LOG);
    byte[] whole = Files.readAllBytes(log);
    for (double part : new double[] {0.97, 0.6, 0.1, 0.001}) {
      Files.write(log, java.util.Arrays.copyOf(whole, (int) (whole.length * part)));
      Path stored = directory.resolve("stored.duckdb");
      SourceFacts facts;
      try (Content image = Images.engine(directory).open(database.toString())) {
        Images.store(image, stored);
        facts = image.facts().orElseThrow();
      }
      Files.deleteIfExists(Path.of(stored + Place.LOG));
      assertThat(facts.tables()).as("%s of the log", part).hasSize(4);
    }
  }

  @Test
  void storageVersionThatTheDriverWritesIsTheNewestThatIsUnderstood() throws Exception {
    Path database = directory.resolve("newest.duckdb");
    Images.connect(database, directory).close();
    byte[] head = Files.readAllBytes(database);
    assertThat(FileHead.parse(head, head.length).storageVersion())
        .isEqualTo(FileHead.NEWEST_VERSION);
  }

  @Test
  void driversOfFiveOlderVersionsAreTested() throws Exception {
    assertThat(DuckProcess.olderVersions())
        .isEqualTo(List.of("1.0.0", "1.2.1", "1.3.2.1", "1.4.4.0", "1.5.6.0"));
  }
}
