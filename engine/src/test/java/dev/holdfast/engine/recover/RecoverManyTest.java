package dev.holdfast.engine.recover;

import static dev.holdfast.engine.recover.Place.sqlite;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.recover.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// As many databases as there are tenants.
class RecoverManyTest {
  @TempDir Path folder;

  /// It is as long as there are databases: read for each of them, it takes longer than all else.
  @Test
  void whatTheManifestSaysIsAskedForOnceHoweverManyDatabasesThereAre() throws IOException {
    Path data = Files.createDirectory(folder.resolve("data")).toRealPath();
    Path[] databases = {data.resolve("a.db"), data.resolve("b.db"), data.resolve("c.db")};
    for (Path database : databases) {
      sqlite(database, "CREATE TABLE note(id INTEGER PRIMARY KEY); INSERT INTO note VALUES(1)");
    }
    AtomicInteger asked = new AtomicInteger();
    try (Place place = Place.in(folder)) {
      SnapshotView snapshot = place.backUp(databases);
      for (Path database : databases) {
        sqlite(database, "INSERT INTO note VALUES(2)");
      }
      place.expectingManifestOf(snapshot);
      Plan plan = place.preview(snapshot, databases).plan();
      Recoveries.Means means = place.means(RecoverObserver.NONE);

      Outcome outcome =
          place
              .recoveries()
              .run(
                  plan,
                  new Recoveries.Means(
                      means.repository(),
                      () -> {
                        asked.incrementAndGet();
                        return means.expected().get();
                      },
                      means.restorePoint(),
                      means.observer()));

      assertThat(outcome.isRecovered()).isTrue();
    }
    for (Path database : databases) {
      assertThat(sqlite(database, "SELECT count(*) FROM note")).isEqualTo("1");
    }
    assertThat(asked).hasValue(1);
  }
}
