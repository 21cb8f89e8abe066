package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.Run;
import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.PostgresServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Drills of an app with a database on a server, one in a file and files: on a server of the
/// drill's own, and on one that others use as well.
@Tag("slow")
class DrillPostgresTest {
  private static final String SCHEMA =
      """
      CREATE EXTENSION hstore;
      CREATE TABLE customers(id int PRIMARY KEY, name text CHECK (name <> ''));
      CREATE TABLE orders(id int PRIMARY KEY, customer int REFERENCES customers) TABLESPACE fast;
      INSERT INTO customers SELECT g, 'c' || g FROM generate_series(1, 20) g;
      INSERT INTO orders SELECT g, g % 20 + 1 FROM generate_series(1, 500) g;
      ALTER TABLE orders OWNER TO app;
      GRANT SELECT ON orders TO "the reader";
      ALTER TABLE customers ENABLE ROW LEVEL SECURITY;
      CREATE POLICY own ON customers TO auditor USING (id > 0);
      ALTER DEFAULT PRIVILEGES FOR ROLE app GRANT SELECT ON TABLES TO "the reader";
      """;

  private static PostgresServerProcess server;

  @TempDir static Path folder;
  private static Path data;
  private static Path scratch;
  private static Path config;
  private static Run run;

  @BeforeAll
  static void anAppThatWasBackedUp() throws IOException {
    server = PostgresServerProcess.start(15, "max_prepared_transactions=5");
    Path space = Files.createDirectory(server.folder().resolve("fast"));
    server.own(space);
    server.sql("postgres", "CREATE ROLE app; CREATE ROLE \"the reader\"; CREATE ROLE auditor");
    server.sql("postgres", "CREATE TABLESPACE fast LOCATION '" + space + "'");
    server.sql("postgres", "CREATE DATABASE shop OWNER app");
    server.sql("shop", SCHEMA);
    Path home = folder.toRealPath();
    data = Files.createDirectories(home.resolve("data"));
    scratch = home.resolve("scratch");
    config = home.resolve("holdfast.yaml");
    Command.of("sqlite3", data.resolve("users.db").toString(), "CREATE TABLE u(id)")
        .run()
        .succeeded();
    configure("at-least: 500");
    run = Run.on(home, home.resolve("repository")).set("HOLDFAST_CONFIG", config.toString());
    run.holdfast("init").done();
    run.holdfast("backup", "shop").done();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void checksThatPass() throws IOException {
    configure("at-least: 500");
  }

  private static void configure(String bound) throws IOException {
    Files.writeString(
        config,
        """
        apps:
          shop:
            root: %s
            sources:
              users: {path: users.db}
              main: {postgres: {url: '%s', globals: true}}
            checks:
              orders: {sql: SELECT count(*) FROM orders, source: main, %s}
              psql: {run: 'psql -Atc "SELECT max(id) FROM orders"'}
              names: {run: 'echo $HOLDFAST_DRILL_DATABASES'}
            drill: {scratch: %s}
        """
            .formatted(data, server.address("shop"), bound, scratch));
  }

  private void assertNothingIsLeft() throws IOException {
    try (Stream<Path> left = Files.list(scratch.resolve("holdfast-drills"))) {
      assertThat(left.map(path -> path.getFileName().toString())).containsExactly("lock");
    }
    assertThat(databases()).isEqualTo("postgres shop");
    assertThat(Command.of("pgrep", "-f", "fd/9.*listen_addresses=$").run().output()).isEmpty();
  }

  private static String databases() {
    return server.sql(
        "postgres",
        "SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database WHERE NOT datistemplate");
  }

  @Test
  void aMixedAppIsDrilledOnAServerOfItsOwnWithTheNamesThatItHas() throws IOException {
    Run.Ended ended = run.set("PGHOST", "/nowhere").holdfast("drill", "shop").done();

    assertThat(ended.out())
        .contains("succeeded", "520 rows in 2 tables; every constraint holds")
        .contains("'500'", "done: 500", "done: shop=shop");
    assertNothingIsLeft();
    assertThat(run.holdfast("show").done().out()).contains("it can be recovered");
  }

  @Test
  void aDumpIsSaidToAnswerNoQueriesByItsNameAndByItsPath() throws IOException {
    for (String name : List.of("shop", "/postgres/shop/database.dump")) {
      assertThat(run.holdfast("query", "latest", name, "SELECT 1").with(1).err())
          .contains("is a dump of a PostgreSQL server, which answers no queries");
    }
  }

  @Test
  void onASharedServerDatabasesHaveNamesOfTheirOwnAndAreDropped() throws IOException {
    Run.Ended ended =
        run.holdfast("drill", "shop", "--postgres", server.address("postgres")).done();

    assertThat(ended.out()).contains("succeeded", "done: 500", "done: shop=holdfast_drill_2");
    assertNothingIsLeft();
  }

  @Test
  void aCheckThatFailsFailsTheDrillAndNothingIsLeft() throws IOException {
    configure("at-least: 501");

    assertThat(run.holdfast("drill", "shop").with(1).out())
        .contains("the answer is '500'; it should be at least 501");
    assertNothingIsLeft();
  }

  @Test
  void whatADrillThatIsGoneHasLeftOnASharedServerIsDroppedAndOnlyThat() throws IOException {
    String gone = "holdfast_drill_20260101t000000z_0000_1";
    String alive = "holdfast_drill_20260101t000000z_1111_1";
    server.sql("postgres", "CREATE DATABASE " + gone);
    server.sql(
        gone,
        "CREATE SUBSCRIPTION s CONNECTION 'host=nowhere.invalid' PUBLICATION p WITH (connect = false)");
    // As it is when a dump says so.
    server.sql("postgres", "ALTER DATABASE " + gone + " IS_TEMPLATE true");
    server.sql("postgres", "CREATE DATABASE " + alive);
    server.sql("postgres", "CREATE DATABASE holdfast_drill_of_mine");
    Process other =
        Command.of("psql", "-X", server.address("postgres"))
            .with(
                "-c",
                "SELECT pg_advisory_lock(%d, %d)"
                    .formatted(0x48464452, "20260101t000000z_1111".hashCode()))
            .with("-c", "SELECT pg_sleep(600)")
            .start();
    try {
      while (server
          .sql("postgres", "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
          .equals("0")) {
        assertThat(other.isAlive()).isTrue();
      }
      Run.Ended ended = run.holdfast("drill", "shop", "--postgres", server.address("postgres"));

      assertThat(ended.done().err()).contains("a drill that was killed has left: " + gone);
      assertThat(databases()).isEqualTo(alive + " holdfast_drill_of_mine postgres shop");
    } finally {
      other.destroy();
      server.sql("postgres", "DROP DATABASE " + alive);
      server.sql("postgres", "DROP DATABASE holdfast_drill_of_mine");
    }
    assertNothingIsLeft();
  }

  @Test
  void whatCannotBeDroppedOnASharedServerIsToldAndDoesNotFailTheDrill() throws IOException {
    String gone = "holdfast_drill_20260101t000000z_0000_1";
    server.sql("postgres", "CREATE DATABASE " + gone);
    server.sql(gone, "BEGIN; CREATE TABLE t(); PREPARE TRANSACTION 'held'");
    try {
      Run.Ended ended =
          run.holdfast("drill", "shop", "--postgres", server.address("postgres")).done();

      assertThat(ended.err())
          .contains("the database " + gone)
          .contains("could not be dropped, which the next drill tries again");
      assertThat(databases()).isEqualTo(gone + " postgres shop");
    } finally {
      server.sql(gone, "ROLLBACK PREPARED 'held'");
      server.sql("postgres", "DROP DATABASE " + gone);
    }
    assertNothingIsLeft();
  }

  @Test
  void aServerThatIsOlderAndAUserWhoMayNotMakeDatabasesFailTheDrillWithTheReason()
      throws IOException {
    server.sql("postgres", "CREATE ROLE small LOGIN");
    String small = server.address("postgres").replace("postgres@", "small@");
    assertThat(run.holdfast("drill", "shop", "--postgres", small).with(1).out())
        .contains("'small' lacks the right CREATEDB", "not asked");
    try (PostgresServerProcess older = PostgresServerProcess.start(13)) {
      assertThat(run.holdfast("drill", "shop", "--postgres", older.address("")).with(1).out())
          .contains("the dump is of PostgreSQL 15", "and the server runs 13");
    }
    assertNothingIsLeft();
  }
}
