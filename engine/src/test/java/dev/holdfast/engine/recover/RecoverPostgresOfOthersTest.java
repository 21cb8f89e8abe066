package dev.holdfast.engine.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.recover.journal.Ending;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.testkit.PostgresServerProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A database that is replaced in place by its owner, and in which a superuser has made something.
@Tag("slow")
final class RecoverPostgresOfOthersTest {
  private static PostgresServerProcess server;

  @TempDir Path folder;
  private Place place;
  private DatabaseScene scene;

  @BeforeAll
  static void start() {
    server = PostgresServerProcess.start(15);
    server.sql("postgres", "CREATE ROLE limited LOGIN; CREATE ROLE other");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void aDatabaseOfAUserWithoutRights() {
    server.sql("postgres", "DROP DATABASE IF EXISTS small");
    server.sql("postgres", "CREATE DATABASE small OWNER limited");
    server.sql(
        "small",
        """
        SET SESSION AUTHORIZATION limited;
        CREATE SCHEMA s;
        CREATE TYPE s.state AS ENUM ('open', 'paid');
        CREATE TABLE s.orders(id serial PRIMARY KEY, state s.state);
        """);
    place = Place.in(folder);
    scene = new DatabaseScene(place, server, "small").as("limited");
  }

  @AfterEach
  void close() {
    place.close();
  }

  /// With CREATEDB alone, too: a database beside the present one would be without the extension.
  @ParameterizedTest
  @ValueSource(strings = {"NOCREATEDB", "CREATEDB"})
  void whatASuperuserMadeOfTheServersOwnStaysAndIsNotInTheWay(String right) {
    server.sql(
        "small",
        """
        CREATE EXTENSION pageinspect;
        REVOKE ALL ON FUNCTION pg_ls_waldir() FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION pg_ls_waldir(), page_header(bytea) TO other;
        CREATE CAST (varchar AS json) WITH INOUT AS IMPLICIT;
        COMMENT ON CAST (varchar AS json) IS 'of long ago';
        COMMENT ON FUNCTION pg_ls_waldir() IS 'of long ago';
        ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO other;
        SET SESSION AUTHORIZATION limited;
        CREATE CAST (text AS s.state) WITH INOUT;
        """);
    SnapshotView snapshot = scene.backUp();
    server.sql(
        "small",
        """
        COMMENT ON CAST (varchar AS json) IS 'of today';
        SET SESSION AUTHORIZATION limited;
        CREATE TABLE latest(x int);
        CREATE TYPE later_type AS ENUM ('a');
        CREATE CAST (text AS later_type) WITH INOUT;
        """);
    server.sql("postgres", "ALTER ROLE limited " + right);
    try {
      assertThat(scene.preview(snapshot).warnings())
          .anyMatch(each -> each.endsWith("is replaced in place, while the service is stopped"));
      assertThat(scene.recover(snapshot).cause()).isEmpty();
    } finally {
      server.sql("postgres", "ALTER ROLE limited NOCREATEDB");
    }

    assertThat(
            server.sql(
                "small",
                """
                SELECT to_regclass('latest'), to_regtype('later_type'),
                  (SELECT count(*) FROM pg_extension WHERE extname = 'pageinspect'),
                  has_function_privilege('other', 'pg_ls_waldir()', 'EXECUTE'),
                  (SELECT obj_description(oid, 'pg_cast') FROM pg_cast
                    WHERE castsource = 'varchar'::regtype AND casttarget = 'json'::regtype),
                  (SELECT string_agg(casttarget::regtype::text, ',') FROM pg_cast
                    WHERE castsource = 'text'::regtype AND castmethod = 'i')
                """))
        .isEqualTo("||1|t|of today|s.state");
  }

  @Test
  void anExtensionThatIsGoneAndTakesASuperuserIsNamedBeforeAnythingChanges() {
    server.sql("small", "CREATE EXTENSION pageinspect");
    SnapshotView snapshot = scene.backUp();
    server.sql("small", "DROP EXTENSION pageinspect");

    assertThatThrownBy(() -> scene.preview(snapshot))
        .isInstanceOfSatisfying(
            HoldfastException.Rejected.class,
            refused -> {
              assertThat(refused)
                  .hasMessageContaining("'limited' lacks the right CREATEDB")
                  .hasMessageContaining("no superuser, which creating the extension pageinspect");
              assertThat(refused.hint()).isEqualTo("recover as a superuser");
            });
  }

  @Test
  void whatSomebodyElseOwnedInTheSnapshotIsNamedBeforeAnythingIsStopped() {
    server.sql("small", "CREATE FUNCTION theirs() RETURNS int LANGUAGE sql AS 'SELECT 1'");
    SnapshotView snapshot = scene.backUp();

    Outcome outcome = scene.recover(snapshot);

    assertThat(outcome.ending()).contains(Ending.UNCHANGED);
    assertThat(outcome.cause().orElseThrow())
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageStartingWith(
            "'limited' may not act as 'postgres', which owns something in the dump");
  }
}
