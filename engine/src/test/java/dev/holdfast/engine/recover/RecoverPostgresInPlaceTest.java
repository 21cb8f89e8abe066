package dev.holdfast.engine.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.recover.journal.Ending;
import dev.holdfast.engine.recover.plan.Plan;
import dev.holdfast.engine.recover.plan.Preview;
import dev.holdfast.engine.recover.plan.ServerDatabase;
import dev.holdfast.engine.recover.plan.Step;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.testkit.PostgresServerProcess;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A user who may not make databases: the content is replaced in one transaction.
@Tag("slow")
final class RecoverPostgresInPlaceTest {
  private static PostgresServerProcess server;

  @TempDir Path folder;
  private Place place;
  private DatabaseScene scene;
  private SnapshotView snapshot;

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
        CREATE EXTENSION hstore;
        SET SESSION AUTHORIZATION limited;
        CREATE SCHEMA s;
        CREATE TYPE s.state AS ENUM ('open', 'paid');
        CREATE TABLE s.orders(id serial PRIMARY KEY, state s.state, tags hstore);
        INSERT INTO s.orders(state, tags) SELECT 'open', 'a=>1' FROM generate_series(1, 1000);
        CREATE TABLE public.lines(id int GENERATED ALWAYS AS (1) STORED, n int REFERENCES s.orders);
        INSERT INTO lines(n) SELECT g FROM generate_series(1, 10) g;
        CREATE VIEW v AS SELECT * FROM s.orders;
        CREATE FUNCTION twice(i int) RETURNS int LANGUAGE sql AS 'SELECT 2 * i';
        CREATE DOMAIN positive AS int CHECK (VALUE > 0);
        CREATE TYPE span AS RANGE (subtype = int);
        CREATE TABLE spans(s span);
        SELECT lo_from_bytea(0, 'abc');
        """);
    place = Place.in(folder);
    scene = new DatabaseScene(place, server, "small").as("limited");
    snapshot = scene.backUp();
    server.sql(
        "small",
        """
        SET SESSION AUTHORIZATION limited;
        DELETE FROM lines;
        CREATE TABLE later(n int REFERENCES s.orders);
        CREATE SCHEMA more; CREATE TABLE more.t(x int);
        """);
  }

  @AfterEach
  void close() {
    place.close();
  }

  private String state() {
    return server.sql(
        "small",
        "SELECT (SELECT count(*) FROM lines), to_regclass('later') IS NULL,"
            + " to_regnamespace('more') IS NULL, (SELECT count(*) FROM pg_largeobject_metadata)");
  }

  private static final String OLD = "0|f|f|1";
  private static final String NEW = "10|t|t|1";

  @Test
  void thePlanSaysSoAndTheContentIsThatOfTheSnapshot() {
    Preview preview = scene.preview(snapshot);
    assertThat(preview.plan().databases().getFirst().way()).isEqualTo(ServerDatabase.Way.IN_PLACE);
    assertThat(preview.warnings())
        .anyMatch(each -> each.contains("'limited' lacks the right CREATEDB"));

    assertThat(scene.recover(snapshot).cause()).isEmpty();

    assertThat(state()).isEqualTo(NEW);
    assertThat(scene.databases()).containsExactly("small");
    assertThat(server.sql("small", "SELECT count(*) FROM v WHERE tags @> 'a=>1'"))
        .isEqualTo("1000");
  }

  @Test
  void aDatabaseThatIsClosedForWritingIsReplacedAndStaysSo() {
    server.sql("postgres", "ALTER DATABASE small SET default_transaction_read_only = on");

    assertThat(scene.recover(snapshot).cause()).isEmpty();

    assertThat(state()).isEqualTo(NEW);
    assertThat(server.sql("small", "SHOW default_transaction_read_only")).isEqualTo("on");
  }

  /// By itself nothing uses the extension, so nothing else would show that it is gone.
  @Test
  void anExtensionInASchemaOfTheUsersOwnStaysThere() {
    server.sql(
        "small",
        """
        SET SESSION AUTHORIZATION limited;
        CREATE SCHEMA tools; CREATE EXTENSION citext SCHEMA tools;
        CREATE TABLE tools.own(x int);
        CREATE SCHEMA "public things"; CREATE TABLE "public things".t(x int);
        """);
    snapshot = scene.backUp();
    server.sql("small", "SET SESSION AUTHORIZATION limited; CREATE TABLE tools.later(x int)");

    assertThat(scene.recover(snapshot).cause()).isEmpty();

    assertThat(
            server.sql(
                "small",
                "SELECT extnamespace::regnamespace, to_regclass('tools.own'),"
                    + " to_regclass('tools.later'), to_regclass('\"public things\".t')"
                    + " FROM pg_extension WHERE extname = 'citext'"))
        .isEqualTo("tools|tools.own||\"public things\".t");
  }

  @Test
  void whatIsNoTableAndIsNotInTheSnapshotIsGone() {
    server.sql(
        "small",
        """
        GRANT CREATE ON DATABASE small TO limited;
        CREATE ROLE reader;
        SET SESSION AUTHORIZATION limited;
        CREATE COLLATION own (provider = icu, locale = 'de');
        CREATE PUBLICATION early FOR TABLE spans;
        ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
        """);
    String then = others();
    snapshot = scene.backUp();
    server.sql(
        "small",
        """
        SET SESSION AUTHORIZATION limited;
        CREATE COLLATION later (provider = icu, locale = 'de');
        CREATE TEXT SEARCH CONFIGURATION later (COPY = simple);
        CREATE TEXT SEARCH DICTIONARY later (TEMPLATE = simple);
        CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);
        CREATE CONVERSION later FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
        CREATE PUBLICATION later;
        ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC;
        ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM limited;
        ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC;
        ALTER DEFAULT PRIVILEGES GRANT ALL ON SCHEMAS TO reader;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO reader;
        """);
    assertThat(others()).isNotEqualTo(then);

    assertThat(scene.recover(snapshot).cause()).isEmpty();

    assertThat(others()).isEqualTo(then);
  }

  /// All that belongs to the user, with the rights to it and those to what is made from now on.
  private String others() {
    return server.sql(
        "small",
        """
        SELECT string_agg(what, E'\\n' ORDER BY what) FROM (
          SELECT i.type || ' ' || i.identity FROM pg_shdepend s CROSS JOIN LATERAL
            pg_identify_object(s.classid, s.objid, s.objsubid) i
            WHERE s.deptype = 'o' AND s.dbid = (SELECT oid FROM pg_database WHERE datname = 'small')
            AND i.identity !~ '^(s[.]|more|later$|public.later$)' AND i.type <> 'large object'
          UNION ALL SELECT oid::regclass || ' ' || relacl::text FROM pg_class
            WHERE relowner = 'limited'::regrole
          UNION ALL SELECT nspname || nspacl::text FROM pg_namespace
            WHERE nspowner = 'limited'::regrole
          UNION ALL SELECT concat(defaclobjtype, defaclnamespace, defaclacl) FROM pg_default_acl)
          AS all_of_it(what)
        """);
  }

  /// The server may take a moment to notice that a session is over.
  @Test
  void whoeverLeavesInAMomentIsNotInTheWay() throws Exception {
    Thread[] looking = new Thread[1];

    Outcome outcome =
        scene.recover(
            event -> {
              if (event instanceof RecoverEvent.Started started && started.step() == Step.QUIESCE) {
                looking[0] =
                    Thread.ofVirtual().start(() -> server.sql("small", "SELECT pg_sleep(0.5)"));
                String there = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'small'";
                while (server.sql("postgres", there).equals("0")) {
                  Thread.onSpinWait();
                }
              }
            },
            snapshot);

    looking[0].join();
    assertThat(outcome.cause()).isEmpty();
    assertThat(state()).isEqualTo(NEW);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GRANT SELECT ON v TO \"the \"\"guest\" WITH GRANT OPTION",
        "GRANT UPDATE(n) ON lines TO \"the \"\"guest\"",
        "CREATE POLICY p ON lines FOR SELECT TO limited, \"the \"\"guest\" USING (n > 0)",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO \"the \"\"guest\""
      })
  void aRoleThatHasRightsAndIsNotThereAnyMoreIsNamedBeforeAnythingIsLoaded(String right) {
    server.sql("postgres", "CREATE ROLE \"the \"\"guest\"");
    server.sql("small", "SET SESSION AUTHORIZATION limited; " + right);
    snapshot = scene.backUp();
    server.sql("small", "DROP POLICY IF EXISTS p ON lines; DROP OWNED BY \"the \"\"guest\"");
    server.sql("postgres", "DROP ROLE \"the \"\"guest\"");

    server.sql("postgres", "ALTER ROLE limited CREATEDB");
    try {
      assertThat(scene.recover(snapshot).cause().orElseThrow())
          .isInstanceOf(HoldfastException.Rejected.class)
          .hasMessageStartingWith(
              "the role 'the \"guest', which has rights to something in the dump, is not on ");
    } finally {
      server.sql("postgres", "ALTER ROLE limited NOCREATEDB");
    }
    assertThat(state()).isEqualTo(OLD);
    assertThat(scene.databases()).containsExactly("small");
  }

  @Test
  void withTheRightToMakeDatabasesAndNoOtherItIsMadeBesideThePresentOne() {
    server.sql("postgres", "ALTER ROLE limited CREATEDB");
    try {
      Preview preview = scene.preview(snapshot);
      assertThat(preview.plan().databases().getFirst().way()).isEqualTo(ServerDatabase.Way.BESIDE);

      assertThat(scene.recover(snapshot).cause()).isEmpty();

      assertThat(state()).isEqualTo(NEW);
      assertThat(scene.databases()).hasSize(2).contains("small");
    } finally {
      server.sql("postgres", "ALTER ROLE limited NOCREATEDB");
      scene.databases().stream()
          .filter(name -> !name.equals("small"))
          .forEach(name -> server.sql("postgres", "DROP DATABASE \"" + name + "\""));
    }
  }

  @Test
  void aFailureBeforeOrAfterAnyStepLeavesOrBringsBackTheFormerContent() {
    for (Step step : Step.values()) {
      assertOldAfter(
          step,
          step.compareTo(Step.SWAP) <= 0 ? Ending.UNCHANGED : Ending.ROLLED_BACK,
          event -> event instanceof RecoverEvent.Started started && started.step() == step);
      if (step != Step.COMMIT) { // there is no way back from there
        assertOldAfter(
            step,
            step.compareTo(Step.SWAP) < 0 ? Ending.UNCHANGED : Ending.ROLLED_BACK,
            event -> event instanceof RecoverEvent.Done done && done.step() == step);
      }
    }
  }

  private void assertOldAfter(Step step, Ending ending, Predicate<RecoverEvent> fails) {
    Outcome outcome =
        scene.recover(
            event -> {
              if (fails.test(event)) {
                throw new HoldfastException.InputOutput("injected", "", null);
              }
            },
            snapshot);
    assertThat(outcome.ending()).as("%s", step).contains(ending);
    assertThat(outcome.cause().orElseThrow()).hasMessage("injected");
    assertThat(state()).as("%s", step).isEqualTo(OLD);
    assertThat(scene.databases()).as("%s", step).containsExactly("small");
    assertThat(place.open()).as("%s: open journals", step).isEmpty();
  }

  @Test
  void aConstraintThatFailsInTheMiddleLeavesTheFormerContent() {
    Plan plan = scene.preview(snapshot).plan();
    place.expecting(java.util.Map.of(scene.path(), scene.wrongFacts(snapshot)));

    Outcome outcome = place.recoveries().run(plan, place.means(RecoverObserver.NONE));

    assertThat(outcome.cause().orElseThrow()).isInstanceOf(HoldfastException.Corrupt.class);
    assertThat(state()).isEqualTo(OLD);
  }

  @Test
  void whatBelongsToSomebodyElseIsNamedBeforeAnythingChanges() {
    server.sql("small", "CREATE TABLE foreign_one(x int); ALTER TABLE foreign_one OWNER TO other");

    assertThatThrownBy(() -> scene.preview(snapshot))
        .isInstanceOfSatisfying(
            HoldfastException.Rejected.class,
            refused -> {
              assertThat(refused)
                  .hasMessageContaining("CREATEDB")
                  .hasMessageContaining("'other', which owns public.foreign_one");
              assertThat(refused.hint()).isEqualTo("ALTER ROLE \"limited\" CREATEDB");
            });
    assertThatThrownBy(() -> scene.withoutRestorePoint().preview(snapshot))
        .isInstanceOf(HoldfastException.Rejected.class);
  }
}
