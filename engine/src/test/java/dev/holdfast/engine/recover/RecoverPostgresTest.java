package dev.holdfast.engine.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.recover.journal.Ending;
import dev.holdfast.engine.recover.plan.Plan;
import dev.holdfast.engine.recover.plan.Step;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.PostgresServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A database of a server is replaced by one beside it, or stays as it was.
@Tag("slow")
final class RecoverPostgresTest {
  private static final String SCHEMA =
      """
      CREATE EXTENSION hstore;
      CREATE SCHEMA sales;
      CREATE TABLE sales.customers(id int PRIMARY KEY, name varchar(20) CHECK (name <> ''));
      CREATE TABLE sales.orders(
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        customer int REFERENCES sales.customers,
        state varchar(10) CHECK (state IN ('open', 'paid')),
        note text);
      INSERT INTO sales.customers SELECT g, 'c' || g FROM generate_series(1, 100) g;
      INSERT INTO sales.orders(customer, state, note)
        SELECT g % 100 + 1, 'open', E'line\\nfeed ' || g FROM generate_series(1, 5000) g;
      CREATE INDEX ON sales.orders(customer);
      CREATE TABLE "Odd Name"(x int);
      CREATE VIEW open_orders AS SELECT * FROM sales.orders WHERE state = 'open';
      """;

  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static PostgresServerProcess server;

  @TempDir Path folder;
  private Place place;
  private String database;
  private DatabaseScene scene;
  private SnapshotView snapshot;

  @BeforeAll
  static void start() {
    server = PostgresServerProcess.start(15);
    server.sql("postgres", "CREATE ROLE app LOGIN");
    server.sql("postgres", "CREATE ROLE reader");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void aDatabaseWithABackup() {
    database = "shop" + NUMBER.incrementAndGet();
    server.sql("postgres", "CREATE DATABASE " + database + " OWNER app");
    server.sql(database, SCHEMA);
    place = Place.in(folder);
    scene = new DatabaseScene(place, server, database);
    snapshot = scene.backUp();
    scene.sql("DELETE FROM sales.orders; CREATE TABLE later(x int)");
  }

  @AfterEach
  void close() {
    place.close();
  }

  private String orders() {
    return scene.sql("SELECT count(*) FROM sales.orders");
  }

  private void assertNew() {
    assertThat(orders()).isEqualTo("5000");
    assertThat(scene.sql("SELECT to_regclass('later') IS NULL")).isEqualTo("t");
  }

  private void assertOld() {
    assertThat(orders()).isEqualTo("0");
    assertThat(scene.databases()).containsExactly(database);
    assertThat(place.open()).isEmpty();
  }

  @Test
  void theDatabaseIsThatOfTheSnapshotAndTheFormerOneIsKeptBesideIt() {
    Outcome outcome = scene.recover(snapshot);

    assertThat(outcome.cause()).isEmpty();
    assertNew();
    assertThat(scene.databases()).hasSize(2);
    String kept = scene.databases().get(1);
    assertThat(kept).startsWith(database + "_pre_restore_");
    server.sql("postgres", "ALTER DATABASE " + kept + " ALLOW_CONNECTIONS true");
    assertThat(server.sql(kept, "SELECT to_regclass('later') IS NULL")).isEqualTo("f");
  }

  @Test
  void everythingOfTheDatabaseItselfIsCarriedOver() {
    server.sql(
        "postgres",
        """
        ALTER DATABASE %1$s SET work_mem = '7MB';
        ALTER DATABASE %1$s SET search_path = 'a b', "$user", public;
        ALTER DATABASE %1$s SET app.secret = 'it''s';
        ALTER ROLE app IN DATABASE %1$s SET statement_timeout = '5s';
        REVOKE CONNECT ON DATABASE %1$s FROM PUBLIC;
        GRANT CONNECT ON DATABASE %1$s TO reader WITH GRANT OPTION;
        ALTER DATABASE %1$s CONNECTION LIMIT 17 IS_TEMPLATE true;
        COMMENT ON DATABASE %1$s IS 'the shop''s';
        """
            .formatted(database));
    String before = itself();

    assertThat(scene.recover(snapshot).isRecovered()).isTrue();

    assertThat(itself()).isEqualTo(before).contains("a b", "17", "reader", "the shop's");
  }

  private String itself() {
    return server.sql(
        "postgres",
        """
        SELECT pg_get_userbyid(datdba), encoding, datcollate, datctype, datlocprovider,
          dattablespace, datconnlimit, datallowconn, datistemplate, datacl,
          shobj_description(d.oid, 'pg_database'),
          (SELECT string_agg(setrole || ':' || setconfig::text, ' ' ORDER BY setrole)
            FROM pg_db_role_setting WHERE setdatabase = d.oid)
        FROM pg_database d WHERE datname = '%s'
        """
            .formatted(database));
  }

  @Test
  void itsOwnerNeedsTheRightToMakeDatabasesAndNoOther() {
    server.sql("postgres", "ALTER ROLE app CREATEDB");
    server.sql("postgres", "DROP DATABASE " + database);
    server.sql("postgres", "CREATE DATABASE " + database + " OWNER app");
    scene.sql("SET ROLE app; CREATE TABLE t(x int PRIMARY KEY); INSERT INTO t VALUES (1), (2)");
    scene.sql("SET ROLE app; GRANT CREATE ON SCHEMA public TO reader");
    scene.sql("SET ROLE app; COMMENT ON SCHEMA public IS 'ours'");
    server.sql("postgres", "ALTER ROLE app IN DATABASE " + database + " SET work_mem = '5MB'");
    snapshot = scene.backUp();
    scene.sql("DELETE FROM t");

    Outcome outcome = scene.as("app").recover(snapshot);

    assertThat(outcome.cause()).isEmpty();
    assertThat(scene.sql("SELECT count(*) FROM t")).isEqualTo("2");
    assertThat(scene.databases()).hasSize(2);
    assertThat(
            scene.sql(
                "SELECT has_schema_privilege('reader', 'public', 'CREATE'),"
                    + " obj_description('public'::regnamespace)"))
        .isEqualTo("t|ours");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "ALTER DATABASE %s SET log_statement = 'all'|log_statement",
        "ALTER ROLE reader IN DATABASE %s SET work_mem = '5MB'|work_mem of the role 'reader'"
      })
  void aSettingThatItsOwnerMayNotGiveToAnotherDatabaseHasTheContentReplacedInPlace(
      String set, String what) {
    server.sql("postgres", "ALTER ROLE app CREATEDB");
    server.sql("postgres", "DROP DATABASE " + database);
    server.sql("postgres", "CREATE DATABASE " + database + " OWNER app");
    server.sql("postgres", set.formatted(database));
    scene.sql("SET ROLE app; CREATE TABLE t(x int PRIMARY KEY); INSERT INTO t VALUES (1), (2)");
    snapshot = scene.backUp();
    scene.sql("DELETE FROM t");
    String before = itself();
    scene.as("app");

    assertThat(scene.preview(snapshot).warnings())
        .anyMatch(each ->
            each.startsWith(
                "'app' may not set " + what + ", as the database has it set: the content"));
    assertThat(scene.recover(snapshot).cause()).isEmpty();

    assertThat(scene.sql("SELECT count(*) FROM t")).isEqualTo("2");
    assertThat(scene.databases()).containsExactly(database);
    assertThat(itself()).isEqualTo(before);
  }

  @Test
  void aDatabaseThatIsGoneIsMadeAsTheDumpSays() {
    server.sql("postgres", "ALTER DATABASE " + database + " SET work_mem = '9MB'");
    server.sql("postgres", "COMMENT ON DATABASE " + database + " IS 'x; y'");
    snapshot = scene.backUp();
    String before = itself();
    server.sql("postgres", "DROP DATABASE " + database);

    assertThat(scene.recover(snapshot).cause()).isEmpty();

    assertThat(itself()).isEqualTo(before).contains("9MB").contains("app");
    assertThat(scene.databases()).containsExactly(database);
  }

  @Test
  void failureBeforeAndAfterEveryStepLeavesTheFormerDatabaseAlone() {
    for (Step step : Step.values()) {
      for (boolean after : List.of(false, true)) {
        if (step == Step.COMMIT) {
          continue;
        }
        Outcome outcome =
            scene.recover(
                event -> {
                  boolean hit =
                      after
                          ? event instanceof RecoverEvent.Done done && done.step() == step
                          : event instanceof RecoverEvent.Started started && started.step() == step;
                  if (hit) {
                    throw new HoldfastException.InputOutput("injected", "", null);
                  }
                },
                snapshot);
        assertThat(outcome.ending()).as(step + " " + after).isPresent();
        assertThat(outcome.isRecovered()).isFalse();
        assertOld();
      }
    }
  }

  @Test
  void undoGivesTheFormerDatabaseItsNameBackAndKeepsTheRecoveredOne() {
    Plan plan = scene.preview(snapshot).plan();
    place.recoveries().run(plan, place.means(RecoverObserver.NONE));
    assertNew();

    Plan undo = place.recoveries().planUndo(plan.id());
    assertThat(place.recoveries().undo(undo, RecoverObserver.NONE).cause()).isEmpty();

    assertThat(orders()).isEqualTo("0");
    assertThat(scene.databases()).hasSize(2);
    Plan redo = place.recoveries().planUndo(undo.id());
    assertThat(place.recoveries().undo(redo, RecoverObserver.NONE).isRecovered()).isTrue();
    assertNew();
  }

  @Test
  void whoeverIsConnectedIsNamedIfNoServiceIsStopped() throws IOException {
    Process client =
        Command.of("psql", "-X", server.address(database))
            .with("-c", "SELECT pg_sleep(60)")
            .start();
    try {
      scene.awaitClient();

      Outcome outcome = scene.recover(snapshot);

      assertThat(outcome.cause().orElseThrow())
          .isInstanceOf(HoldfastException.Locked.class)
          .hasMessageContaining("(psql, as postgres)")
          .hasMessageContaining(database);
      assertThat(outcome.ending()).contains(Ending.UNCHANGED);
    } finally {
      client.destroy();
    }
    assertOld();
  }

  @Test
  void whatAServiceLeavesConnectedIsCutOffWithTheSwap() throws Exception {
    Process client =
        Command.of("psql", "-X", server.address(database))
            .with("-c", "SELECT pg_sleep(60)")
            .start();
    scene.awaitClient();
    scene.with(
        dev.holdfast.engine.recover.service.ServiceSettings.of(
            List.of("true"), List.of("true"), List.of()));

    assertThat(scene.recover(snapshot).cause()).isEmpty();

    assertThat(client.waitFor()).isNotZero();
    assertNew();
  }

  @Test
  void aPreparedTransactionIsNamedAndRefused() {
    server.restart("max_prepared_transactions=5");
    scene.sql("BEGIN; INSERT INTO later VALUES (1); PREPARE TRANSACTION 'half'");

    Outcome outcome = scene.recover(snapshot);

    assertThat(outcome.cause().orElseThrow())
        .hasMessageContaining("the prepared transaction half")
        .isInstanceOf(HoldfastException.Locked.class);
    scene.sql("ROLLBACK PREPARED 'half'");
    assertOld();
  }

  @Test
  void maskingHasRunBeforeTheNewStateIsLiveAndLeavesNoMark() {
    scene.masked(
        "UPDATE sales.customers SET name = 'nobody'; DELETE FROM sales.orders WHERE id > 5");

    assertThat(scene.recover(snapshot).cause()).isEmpty();

    assertThat(orders()).isEqualTo("5");
    assertThat(scene.sql("SELECT DISTINCT name FROM sales.customers")).isEqualTo("nobody");
    assertThat(itself()).doesNotContain("holdfast");
  }

  /// As people close one for writing before they recover it, and for long queries ever since.
  @Test
  void aDatabaseAndARoleThatAreSetToReadOnlyAndToHasteAreRecoveredAndMaskedAndStaySo() {
    server.sql("postgres", "CREATE ROLE slow SUPERUSER LOGIN");
    String set = " SET default_transaction_read_only = on";
    server.sql("postgres", "ALTER ROLE slow" + set);
    server.sql("postgres", "ALTER DATABASE " + database + set);
    server.sql("postgres", "ALTER DATABASE " + database + " SET statement_timeout = '200ms'");
    try {
      scene.as("slow").by("options=-cgeqo%3Doff");
      scene.masked("SELECT pg_sleep(0.5); UPDATE sales.customers SET name = 'nobody'");

      assertThat(scene.recover(snapshot).cause()).isEmpty();

      assertNew();
      assertThat(scene.sql("SELECT DISTINCT name FROM sales.customers")).isEqualTo("nobody");
      assertThat(scene.sql("SHOW default_transaction_read_only")).isEqualTo("on");
      assertThat(scene.sql("SHOW statement_timeout")).isEqualTo("200ms");
    } finally {
      server.sql("postgres", "ALTER ROLE slow NOLOGIN");
    }
  }

  @Test
  void maskingThatFailsLeavesTheFormerState() {
    scene.masked("DELETE FROM sales.orders; SELECT 1/0");

    Outcome outcome = scene.recover(snapshot);

    assertThat(outcome.cause().orElseThrow()).hasMessageContaining("division by zero");
    assertThat(outcome.ending()).contains(Ending.UNCHANGED);
    assertOld();
  }

  @Test
  void aSecondRecoveryOfTheDatabaseIsRefusedMeanwhile() {
    Plan second = scene.preview(snapshot).plan();
    Outcome outcome =
        scene.recover(
            event -> {
              if (event instanceof RecoverEvent.Started started && started.step() == Step.STAGE) {
                assertThatThrownBy(
                        () -> place.recoveries().run(second, place.means(RecoverObserver.NONE)))
                    .isInstanceOf(HoldfastException.Locked.class)
                    .hasMessageContaining(database);
              }
            },
            snapshot);
    assertThat(outcome.cause()).isEmpty();
    assertNew();
  }

  @Test
  void aDumpWhoseRowsAreNotThoseOfTheManifestIsRefused() {
    Plan plan = scene.preview(snapshot).plan();
    place.expecting(java.util.Map.of(scene.path(), scene.wrongFacts(snapshot)));

    Outcome outcome = place.recoveries().run(plan, place.means(RecoverObserver.NONE));

    assertThat(outcome.cause().orElseThrow()).isInstanceOf(HoldfastException.Corrupt.class);
    assertOld();
  }
}
