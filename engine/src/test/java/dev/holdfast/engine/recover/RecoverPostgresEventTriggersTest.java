package dev.holdfast.engine.recover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.testkit.PostgresServerProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Databases with triggers that fire when something is made: what is loaded is no such thing.
@Tag("slow")
final class RecoverPostgresEventTriggersTest {
  /// Materialized views are filled at the end of a load.
  private static final String SCHEMA =
      """
      CREATE TABLE numbers AS SELECT generate_series(1, 100) AS n;
      CREATE MATERIALIZED VIEW total AS SELECT sum(n) FROM numbers;
      CREATE TABLE audit(tag text);
      CREATE FUNCTION note() RETURNS event_trigger LANGUAGE plpgsql AS
        $$ BEGIN INSERT INTO audit VALUES (tg_tag); END $$;
      CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE 'no % here', tg_tag; END $$;
      CREATE EVENT TRIGGER noting ON ddl_command_end EXECUTE FUNCTION note();
      COMMENT ON EVENT TRIGGER noting IS 'says who was here';
      CREATE EVENT TRIGGER refusing ON ddl_command_start EXECUTE FUNCTION refuse();
      """;

  private static PostgresServerProcess server;

  @TempDir Path folder;
  private Place place;
  private DatabaseScene scene;

  @BeforeAll
  static void start() {
    server = PostgresServerProcess.start(15);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void aDatabase() {
    server.sql("postgres", "CREATE DATABASE shop");
    server.sql("shop", SCHEMA);
    place = Place.in(folder);
    scene = new DatabaseScene(place, server, "shop");
  }

  @AfterEach
  void close() {
    place.close();
  }

  private String state() {
    return scene.sql(
        "SELECT (SELECT count(*) FROM audit), (SELECT sum FROM total),"
            + " (SELECT string_agg(concat(evtname, evtenabled), ' ' ORDER BY evtname)"
            + " FROM pg_event_trigger), (SELECT string_agg(description, ' ') FROM pg_description"
            + " WHERE classoid = 'pg_event_trigger'::regclass)");
  }

  @Test
  void nothingOfTheLoadFiresThemAndTheyAreThereAfterwards() {
    String before = state();
    SnapshotView snapshot = scene.backUp();
    scene.sql("DELETE FROM numbers; DELETE FROM audit");

    assertThat(scene.recover(snapshot).cause()).isEmpty();

    assertThat(state()).isEqualTo(before).endsWith("|5050|notingO refusingO|says who was here");
  }
}
