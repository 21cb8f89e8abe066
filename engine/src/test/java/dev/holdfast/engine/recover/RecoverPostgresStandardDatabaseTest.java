package dev.holdfast.engine.recover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.testkit.PostgresServerProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The database that is there to be connected to, in which many an application has its data.
@Tag("slow")
final class RecoverPostgresStandardDatabaseTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"postgres", "limited"})
  void itIsRecoveredAsAnyOther(String user) {
    try (PostgresServerProcess server = PostgresServerProcess.start(15);
        Place place = Place.in(folder)) {
      server.sql("postgres", "CREATE ROLE limited LOGIN");
      server.sql("postgres", "ALTER DATABASE postgres OWNER TO limited");
      DatabaseScene scene = new DatabaseScene(place, server, "postgres");
      scene.sql("SET ROLE limited; CREATE TABLE t AS SELECT generate_series(1, 100) AS id");
      SnapshotView snapshot = scene.backUp();
      scene.sql("DELETE FROM t");

      assertThat(scene.as(user).recover(snapshot).cause()).isEmpty();

      assertThat(scene.sql("SELECT count(*) FROM t")).isEqualTo("100");
      assertThat(scene.databases()).hasSize(user.equals("limited") ? 1 : 2);
    }
  }
}
