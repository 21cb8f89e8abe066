package dev.holdfast.engine.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.archive.read.Limits;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.duckdb.DuckDbEngine;
import dev.holdfast.engine.source.duckdb.DuckDbOptions;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of exports in a bucket when a run is broken off at any of its calls.
class DistantExportsTest {
  private static final List<DatabaseEngine> ENGINES =
      List.of(new DuckDbEngine(DuckDbOptions.defaults()));
  private static final String FIRST = "2026-03-08T110000Z";
  private static final String SECOND = "2026-03-08T120000Z";
  private static final String THIRD = "2026-03-08T130000Z";

  private static final String FAR = "2026-03-09T130000Z";

  /// Before the last of them, and after the others.
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-08T14:00:00Z"), ZoneOffset.UTC);

  /// More than any run here makes.
  private static final int CALLS_MAX = 200;

  @TempDir Path scratch;
  private final MemoryFolder bucket = new MemoryFolder();
  private final List<String> notices = new ArrayList<>();

  @Test
  void aRunThatFailsAtAnyCallTakesBackWhatItSent() throws Exception {
    publish(FIRST);
    Map<String, byte[]> before = Map.copyOf(bucket.files);
    int calls = 0;
    while (failsAfter(calls, false, () -> publish(SECOND))) {
      assertThat(bucket.files).as("call " + calls).isEqualTo(before);
      calls++;
    }
    assertThat(calls).isGreaterThan(8);
    assertThat(fetched()).isEqualTo(SECOND);
  }

  @Test
  void aRunThatIsKilledAtAnyCallIsNeverTakenForWholeAndIsRemovedADayLater() throws Exception {
    publish(FIRST);
    int before = bucket.files.size();
    int calls = 0;
    while (failsAfter(calls, true, () -> publish(SECOND))) {
      String newest = fetched();
      if (bucket.files.size() > before && newest.equals(SECOND)) {
        // All but the sign: it is whole, and the sign goes alone.
        assertThat(bucket.files).containsKey("shared/" + SECOND + "/holdfast.json");
        assertThat(bucket.files.keySet()).anyMatch(name -> name.startsWith("."));
        bucket.now = bucket.now.plus(Duration.ofHours(25));
        exports().removeRemains(bucket.now);
        assertThat(bucket.files).hasSize(2 * before);
        bucket.files.keySet().removeIf(name -> name.contains(SECOND));
      } else {
        assertThat(newest).as("call " + calls).isEqualTo(FIRST);
        exports().removeRemains(bucket.now.plus(Duration.ofHours(23)));
        exports().removeRemains(bucket.now.plus(Duration.ofHours(25)));
        assertThat(bucket.files).as("call " + calls).hasSize(before);
      }
      calls++;
    }
    assertThat(calls).isGreaterThan(8);
    assertThat(fetched()).isEqualTo(SECOND);
  }

  @Test
  void whatIsUnderWayElsewhereIsLeftAlone() throws Exception {
    assertThat(failsAfter(4, true, () -> publish(SECOND))).isTrue();
    Map<String, byte[]> before = Map.copyOf(bucket.files);
    exports().removeRemains(bucket.now.plus(Duration.ofHours(23)));
    assertThat(bucket.files).isEqualTo(before);
  }

  @Test
  void theNewestAreKeptAndARemovalThatIsKilledIsFinishedByTheNext() throws Exception {
    for (int calls = 0; calls < CALLS_MAX; calls++) {
      bucket.files.clear();
      publish(FIRST);
      publish(SECOND);
      publish(THIRD);
      boolean failed = failsAfter(calls, true, () -> exports().keep(2, THIRD));
      assertThat(fetched()).as("call " + calls).isEqualTo(THIRD);
      assertThat(fetched(SECOND)).as("call " + calls).isEqualTo(SECOND);
      exports().removeRemains(bucket.now.plus(Duration.ofHours(25)));
      exports().keep(2, THIRD);
      assertThat(bucket.files.keySet())
          .as("call " + calls)
          .noneMatch(name -> name.contains(FIRST))
          .noneMatch(name -> name.startsWith("."));
      if (!failed) {
        return;
      }
    }
    throw new AssertionError("it never ended");
  }

  @Test
  void exportsOfATimeToComeDoNotPushOutTheOneJustMade() throws Exception {
    publish(FIRST);
    publish(SECOND);
    publish(THIRD);

    assertThat(exports().keep(1, SECOND)).allMatch(name -> name.endsWith(FIRST)).hasSize(2);

    assertThat(fetched(SECOND)).isEqualTo(SECOND);
    assertThat(fetched()).isEqualTo(THIRD);
  }

  @Test
  void exportsOfATimeToComeAreTakenLastAndItIsSaidWhichWas() throws Exception {
    publish(FIRST);
    publish(SECOND);
    publish(FAR);

    assertThat(fetched()).isEqualTo(SECOND);

    assertThat(notices)
        .containsExactly(
            "the export %1$s is passed over, as its time is to come: '--snapshot %1$s' takes it"
                .formatted(FAR),
            "the export " + SECOND + " is taken, of 3");
    assertThat(fetched(FAR)).isEqualTo(FAR);
    bucket.files.keySet().removeIf(name -> !name.contains(FAR));
    notices.clear();
    assertThat(fetched()).isEqualTo(FAR);
    assertThat(notices).singleElement().asString().contains(FAR + " is taken: its time is to come");
  }

  @Test
  void whatIsNotOfOurMakingIsNeitherCountedNorRemoved() throws Exception {
    publish(FIRST);
    publish(SECOND);
    bucket.files.keySet().removeIf(name -> name.endsWith(FIRST + "/holdfast.json"));
    bucket.files.put("shared/notes.txt", new byte[1]);
    bucket.files.put("shared/" + THIRD + "/other.txt", new byte[1]);

    assertThat(exports().keep(1, THIRD)).isEmpty();

    assertThat(bucket.files)
        .containsKey("shared/" + FIRST + "/schema.sql")
        .containsKey("shared/notes.txt")
        .containsKey("shared/" + THIRD + "/other.txt");
    assertThat(fetched()).isEqualTo(SECOND);
    assertThat(notices).anyMatch(text -> text.contains(THIRD + " is not whole"));
    // As HitKeep makes them: without a list of what belongs together.
    assertThat(fetched(FIRST)).isEqualTo(FIRST);
  }

  @Test
  void whatIsIncompleteOrTooLargeOrLeadsElsewhereIsNotFetched() throws Exception {
    publish(FIRST);
    bucket.files.remove("tenants/acme/" + FIRST + "/data.parquet");
    assertThat(fetched()).isEqualTo(FIRST); // the import compares the files with their list
    bucket.files.keySet().removeIf(name -> name.startsWith("tenants/acme/"));
    assertThatThrownBy(() -> fetched(FIRST)).hasMessageContaining("tenants/acme is missing");
    bucket.files.clear();
    publish(FIRST);
    bucket.files.put("tenants/../" + FIRST + "/holdfast.json", new byte[1]);
    bucket.files.put("shared/" + FIRST + "/..", new byte[1]);
    assertThat(fetched()).isEqualTo(FIRST);
    assertThatThrownBy(() -> exports().fetch(request(Optional.empty(), 10), target()))
        .hasMessageContaining("more than 10 B");
    assertThatThrownBy(() -> fetched(THIRD))
        .isInstanceOf(HoldfastException.NotFound.class)
        .hasMessageContaining("no export '" + THIRD + "'");
    bucket.files.clear();
    assertThatThrownBy(this::fetched)
        .isInstanceOf(HoldfastException.NotFound.class)
        .hasMessageContaining("holds no exports");
  }

  @Test
  void theSameTimeIsRefused() throws Exception {
    publish(FIRST);
    assertThatThrownBy(() -> exports().requireNew(FIRST))
        .isInstanceOf(HoldfastException.AlreadyExists.class);
    exports().requireNew(SECOND);
  }

  /// Something that makes calls.
  private interface Step {
    void run() throws IOException;
  }

  private boolean failsAfter(int calls, boolean forGood, Step step) throws IOException {
    bucket.failAfter(calls, forGood);
    try {
      step.run();
      return false;
    } catch (HoldfastException.InputOutput e) {
      assertThat(e).hasMessage("the network is gone");
      return true;
    } finally {
      bucket.heal();
    }
  }

  private DistantExports exports() throws IOException {
    Path own = Files.createTempDirectory(scratch, "run");
    return new DistantExports(
        bucket,
        ENGINES,
        own,
        event -> {
          if (event instanceof ExportEvent.Notice notice) {
            notices.add(notice.text());
          }
        });
  }

  private Path target() throws IOException {
    return Files.createTempDirectory(scratch, "fetched");
  }

  private String fetched() throws IOException {
    return exports().fetch(request(Optional.empty(), 1 << 20), target());
  }

  private String fetched(String timestamp) throws IOException {
    return exports().fetch(request(Optional.of(timestamp), 1 << 20), target());
  }

  private ImportRequest request(Optional<String> timestamp, long bytesMax) {
    return new ImportRequest(
        scratch,
        "s3:host/bucket",
        Optional.empty(),
        Optional.empty(),
        timestamp,
        new Limits(bytesMax, 1000, 400),
        scratch,
        ENGINES,
        Map.of(),
        CLOCK);
  }

  private void publish(String timestamp) throws IOException {
    Path root = Files.createTempDirectory(scratch, "made");
    for (String place : List.of("shared", "tenants/acme")) {
      Path folder = Files.createDirectories(root.resolve(place).resolve(timestamp));
      for (String name : List.of("schema.sql", "load.sql", "data.parquet")) {
        Files.writeString(folder.resolve(name), place + " " + name);
      }
      Files.writeString(
          folder.resolve("holdfast.json"),
          """
          {"format": 1, "name": "x", "path": "/x", "bindings": {}, "tables": [],
           "set": ["shared", "tenants/acme"], "files": {}}
          """);
    }
    exports().publish(root, timestamp);
  }
}
