package dev.holdfast.engine.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.TableRows;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.testkit.Command;
import dev.holdfast.testkit.PostgresServerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Ways to connect, and what a user may see.
final class PostgresServerTest {
  private static PostgresServerProcess process;
  @TempDir private static Path keys;
  @TempDir private Path folder;

  @BeforeAll
  static void start() throws IOException {
    makeCertificates();
    process = PostgresServerProcess.start(15);
    Path key = process.folder().resolve("server.key");
    Path certificate = process.folder().resolve("server.crt");
    Files.copy(keys.resolve("server.key"), key);
    Files.copy(keys.resolve("server.crt"), certificate);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    process.own(key);
    process.restart("ssl=on", "ssl_cert_file='" + certificate + "'", "ssl_key_file='" + key + "'");
    process.sql("postgres", "CREATE DATABASE shop");
    process.sql("shop", "CREATE TABLE t AS SELECT generate_series(1, 1000) AS id");
  }

  private static void makeCertificates() {
    openssl("req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 2 -subj /CN=ca");
    openssl("req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=localhost");
    openssl(
        "x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2"
            + " -out server.crt");
    openssl("req -x509 -newkey rsa:2048 -nodes -keyout o.key -out other.crt -days 2 -subj /CN=o");
  }

  private static void openssl(String arguments) {
    Command.of("openssl").with(arguments.split(" ", -1)).in(keys).run().succeeded();
  }

  @AfterAll
  static void stop() {
    process.close();
  }

  private static Map<String, String> with(String... namesAndValues) {
    Map<String, String> environment = Dumps.environment();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      environment.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return environment;
  }

  /// Backs up one small database.
  private List<TableRows> dump(String address, Map<String, String> environment) {
    try (PostgresServer server = Dumps.connect(address, environment)) {
      return Dumps.write(server.pin("shop"), folder.resolve("shop.dump")).tables();
    }
  }

  private static final List<TableRows> ROWS = List.of(new TableRows("public.t", 1000, true));

  @Test
  void passwordComesFromTheAddress() {
    String password = PostgresServerProcess.PASSWORD.replace(" ", "%20");
    String address = process.tcpAddress("shop").replace("@", ":" + password + "@");
    assertThat(dump(address, with())).isEqualTo(ROWS);
  }

  @Test
  void passwordComesFromAPasswordFile() throws IOException {
    Path file = folder.resolve("pgpass");
    Files.writeString(file, "127.0.0.1:*:*:postgres:" + PostgresServerProcess.PASSWORD + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThat(dump(process.tcpAddress("shop"), with("PGPASSFILE", file.toString())))
        .isEqualTo(ROWS);
  }

  @Test
  void everythingComesFromAServiceFile() throws IOException {
    Path file = folder.resolve("services");
    Files.writeString(
        file,
        "[prod]\nhost=127.0.0.1\nport=%d\nuser=postgres\npassword=%s\ndbname=shop\n"
            .formatted(process.port(), PostgresServerProcess.PASSWORD));
    try (PostgresServer server =
        Dumps.connect("service=prod", with("PGSERVICEFILE", file.toString()))) {
      assertThat(server.database()).isEqualTo("shop");
      assertThat(server.name()).isEqualTo("prod");
      assertThat(Dumps.write(server.pin(server.database()), folder.resolve("d")).tables())
          .isEqualTo(ROWS);
    }
  }

  @Test
  void everythingComesFromTheEnvironment() {
    Map<String, String> environment =
        with(
            "PGHOST",
            process.folder().toString(),
            "PGPORT",
            Integer.toString(process.port()),
            "PGUSER",
            "postgres",
            "PGDATABASE",
            "shop");
    try (PostgresServer server = Dumps.connect("", environment)) {
      assertThat(server.database()).isEqualTo("shop");
    }
  }

  @Test
  void connectionIsEncryptedAndTheServerVerifiedAgainstItsAuthority() {
    Map<String, String> environment = with("PGPASSWORD", PostgresServerProcess.PASSWORD);
    String address =
        "host=localhost hostaddr=127.0.0.1 port=%d user=postgres dbname=shop sslmode=verify-full sslrootcert=%s"
            .formatted(process.port(), keys.resolve("ca.crt"));
    assertThat(dump(address, environment)).isEqualTo(ROWS);
    assertThatThrownBy(() -> dump(address.replace("ca.crt", "other.crt"), environment))
        .isInstanceOfSatisfying(
            HoldfastException.InputOutput.class,
            failed -> {
              assertThat(failed).hasMessageContaining("certificate verify failed");
              assertThat(failed.hint()).contains("sslrootcert");
            });
    assertThatThrownBy(() -> dump(address.replace("=localhost", "=elsewhere"), environment))
        .isInstanceOf(HoldfastException.InputOutput.class)
        .hasMessageContaining("does not match host name");
  }

  @Test
  void checksOfADrillReachTheServerInTheWayThatItsAddressSays() {
    Map<String, String> environment = with("PGPASSWORD", PostgresServerProcess.PASSWORD);
    String address =
        "host=localhost hostaddr=127.0.0.1 port=%d user=postgres sslmode=verify-full sslrootcert=%s"
            .formatted(process.port(), keys.resolve("ca.crt"));
    PostgresSettings settings = PostgresSettings.parse(address, environment);
    Command ask =
        Command.of("psql", "-XAtc", "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
    try (ScratchDatabases databases =
        ScratchDatabases.onShared(settings, environment, "drill", _ -> {})) {
      for (Map.Entry<String, String> variable : databases.in(environment).entrySet()) {
        ask = ask.withEnvironment(variable.getKey(), variable.getValue());
      }
      assertThat(ask.run().succeeded().output().strip()).isEqualTo("t");
    }
  }

  @Test
  void wrongPasswordIsNamedWithoutShowingIt() {
    assertThatThrownBy(() -> dump(process.tcpAddress("shop").replace("@", ":topsecret@"), with()))
        .isInstanceOfSatisfying(
            HoldfastException.InputOutput.class,
            failed -> {
              assertThat(failed)
                  .hasMessageContaining("password authentication failed")
                  .hasMessageContaining("127.0.0.1");
              assertThat(failed.getMessage()).doesNotContain("topsecret");
              assertThat(failed.hint()).contains("PGPASSWORD").doesNotContain("topsecret");
            });
  }

  @Test
  void passwordIsInNoArgumentList() {
    String address = process.tcpAddress("shop").replace("@", ":a%20secret%20of%20postgres@");
    try (PostgresServer server = Dumps.connect(address);
        PinnedDatabase pinned = server.pin("shop");
        InputStream dump = pinned.open()) {
      List<String> commands =
          ProcessHandle.current()
              .descendants()
              .map(each -> each.info().commandLine().orElse(""))
              .toList();
      assertThat(commands).anyMatch(line -> line.contains("psql"));
      assertThat(commands).noneMatch(line -> line.contains("secret of postgres"));
      assertThat(dump.read()).isEqualTo('P');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void databaseThatDoesNotExistIsNamed() {
    try (PostgresServer server = Dumps.connect(process.address("shop"))) {
      assertThatThrownBy(() -> server.pin("nowhere"))
          .isInstanceOf(HoldfastException.InputOutput.class)
          .hasMessageContaining("\"nowhere\" does not exist");
    }
  }

  @Test
  void nobodyListeningIsNamed() {
    assertThatThrownBy(() -> Dumps.connect("postgresql://u@127.0.0.1:1/d"))
        .isInstanceOf(HoldfastException.InputOutput.class)
        .hasMessageContaining("127.0.0.1");
  }

  /// Whoever owns a database could make it run as whoever backs it up.
  @Test
  void noOperatorOfADatabaseIsCalledInsteadOfTheServersOwn() {
    process.sql("postgres", "CREATE DATABASE trap");
    process.sql(
        "trap",
        """
        CREATE FUNCTION same(anyelement, text) RETURNS bool LANGUAGE plpgsql AS
          $$BEGIN RAISE EXCEPTION 'called as %', current_user; END$$;
        CREATE FUNCTION same(text, text) RETURNS bool LANGUAGE plpgsql AS
          $$BEGIN RAISE EXCEPTION 'called as %', current_user; END$$;
        CREATE OPERATOR = (LEFTARG = anyelement, RIGHTARG = text, FUNCTION = same);
        CREATE OPERATOR = (LEFTARG = text, RIGHTARG = text, FUNCTION = same);
        ALTER DATABASE trap SET search_path = public, pg_catalog;
        """);
    try (PostgresServer server = Dumps.connect(process.address("trap"))) {
      assertThat(Dumps.write(server.pin("trap"), folder.resolve("trap.dump")).tables()).isEmpty();
    }
  }

  @Test
  void missingProgramsAreNamedWithThePackage() {
    PostgresSettings settings =
        PostgresSettings.parse(process.address("shop"), Map.of()).withPrograms(folder);
    assertThatThrownBy(() ->
            PostgresServer.connect(
                settings, Dumps.environment(), Clock.systemUTC(), Silence.UNTOLD))
        .isInstanceOfSatisfying(
            HoldfastException.NotFound.class,
            missing -> assertThat(missing.hint()).contains("postgresql-client"));
  }

  @Test
  void allDatabasesAreThoseThatAUserMayConnectToAndNoTemplates() {
    process.sql("postgres", "CREATE ROLE plain LOGIN");
    process.sql("postgres", "CREATE DATABASE hidden");
    process.sql("postgres", "CREATE DATABASE closed ALLOW_CONNECTIONS false");
    process.sql("postgres", "CREATE DATABASE of_tenants IS_TEMPLATE true");
    String safetyCopy = "shop_pre_restore_20260101_000000_1f3c";
    process.sql("postgres", "CREATE DATABASE " + safetyCopy + " ALLOW_CONNECTIONS false");
    process.sql("postgres", "CREATE DATABASE holdfast_drill_20260101t000000z_0000_1");
    process.sql("postgres", "CREATE DATABASE holdfast_drill_of_mine");
    process.sql("postgres", "REVOKE CONNECT ON DATABASE hidden FROM PUBLIC");
    try (PostgresServer server = Dumps.connect(process.address("shop"))) {
      assertThat(server.databases())
          .contains("hidden", "postgres", "shop", "holdfast_drill_of_mine")
          .doesNotContain("closed", "of_tenants", "holdfast_drill_20260101t000000z_0000_1");
      assertThat(server.databases()).noneMatch(name -> name.startsWith("template"));
      assertThat(server.exists(safetyCopy)).isTrue();
      assertThat(server.leftOut()).containsExactly("closed", "of_tenants");
    }
    try (PostgresServer server =
        Dumps.connect(process.address("shop").replace("postgres@", "plain@"))) {
      assertThat(server.databases())
          .contains("postgres", "shop")
          .doesNotContain("closed", "hidden", "template1");
      assertThat(server.leftOut()).containsExactly("closed", "hidden", "of_tenants");
    }
  }

  @Test
  void rolesAreStoredWithPasswordsOnlyForWhoMayReadThem() throws IOException {
    process.sql("postgres", "CREATE ROLE keeper LOGIN PASSWORD 'x'");
    Path sql = folder.resolve("globals.sql");
    try (PostgresServer server = Dumps.connect(process.address("shop"))) {
      SourceFacts facts = Dumps.write(server.globals(), sql);
      assertThat(facts.warnings()).isEmpty();
      assertThat(Files.readString(sql)).contains("CREATE ROLE keeper").contains("SCRAM-SHA-256");
    }
    try (PostgresServer server =
        Dumps.connect(process.address("shop").replace("postgres@", "keeper@"))) {
      SourceFacts facts = Dumps.write(server.globals(), sql);
      assertThat(facts.warnings()).hasSize(1);
      assertThat(Files.readString(sql))
          .contains("CREATE ROLE keeper")
          .doesNotContain("SCRAM-SHA-256");
    }
  }

  @Test
  void tableThatAUserMayNotReadFailsTheDump() {
    process.sql("shop", "DROP ROLE IF EXISTS nosy; CREATE ROLE nosy LOGIN");
    try (PostgresServer server =
        Dumps.connect(process.address("shop").replace("postgres@", "nosy@"))) {
      assertThatThrownBy(() -> Dumps.write(server.pin("shop"), folder.resolve("d")))
          .isInstanceOfSatisfying(
              HoldfastException.InputOutput.class,
              failed -> {
                assertThat(failed).hasMessageContaining("permission denied for table t");
                assertThat(failed.hint()).contains("pg_read_all_data");
              });
    }
    process.sql("shop", "GRANT pg_read_all_data TO nosy");
    assertThat(dump(process.address("shop").replace("postgres@", "nosy@"), with())).isEqualTo(ROWS);
  }

  /// Rows that a policy hides would be missing without a word.
  @Test
  void tableOfWhichAUserMayNotSeeEveryRowFailsTheDump() {
    process.sql("postgres", "CREATE DATABASE policed");
    process.sql(
        "policed",
        "DROP ROLE IF EXISTS shy; CREATE ROLE shy LOGIN;"
            + " CREATE TABLE r AS SELECT generate_series(1, 9) AS id;"
            + " ALTER TABLE r ENABLE ROW LEVEL SECURITY;"
            + " CREATE POLICY few ON r USING (id < 3); GRANT SELECT ON r TO shy");
    try (PostgresServer server =
        Dumps.connect(process.address("policed").replace("postgres@", "shy@"))) {
      assertThatThrownBy(() -> Dumps.write(server.pin("policed"), folder.resolve("d")))
          .isInstanceOfSatisfying(
              HoldfastException.InputOutput.class,
              failed -> {
                assertThat(failed).hasMessageContaining("row-level security policy for table");
                assertThat(failed.hint()).contains("BYPASSRLS");
              });
    }
  }

  @Test
  void whatTheDumpLeavesOutIsToldInItsOwnWords() {
    process.sql("postgres", "CREATE DATABASE follower");
    process.sql(
        "follower",
        "CREATE SUBSCRIPTION s CONNECTION 'host=nowhere.invalid' PUBLICATION p WITH (connect = false)");
    process.sql("postgres", "CREATE ROLE modest LOGIN");
    try (PostgresServer server =
            Dumps.connect(process.address("follower").replace("postgres@", "modest@"));
        PostgresServer keeper = Dumps.connect(process.address("follower"))) {
      assertThat(Dumps.write(server.pin("follower"), folder.resolve("d")).warnings())
          .singleElement()
          .asString()
          .startsWith("pg_dump says: subscriptions not dumped because current user");
      assertThat(Dumps.write(keeper.pin("follower"), folder.resolve("d")).warnings()).isEmpty();
    }
  }

  @Test
  void pinnedStateIsThatOfItsInstantWhateverIsWrittenAfterwards() {
    process.sql("postgres", "CREATE DATABASE moving");
    process.sql("moving", "CREATE TABLE m AS SELECT generate_series(1, 10) AS id");
    try (PostgresServer server = Dumps.connect(process.address("moving"));
        PinnedDatabase first = server.pin("moving")) {
      process.sql("moving", "INSERT INTO m SELECT generate_series(11, 15)");
      try (PinnedDatabase second = server.pin("moving")) {
        process.sql("moving", "DELETE FROM m");
        assertThat(Dumps.write(first, folder.resolve("1")).tables())
            .containsExactly(new TableRows("public.m", 10, true));
        assertThat(Dumps.write(second, folder.resolve("2")).tables())
            .containsExactly(new TableRows("public.m", 15, true));
        assertThat(first.instant()).isBefore(second.instant());
      }
    }
  }

  @Test
  void standbyIsDumpedWithoutUnloggedRowsAndSaysSo() {
    process.sql("postgres", "CREATE DATABASE followed");
    process.sql(
        "followed",
        "CREATE TABLE kept AS SELECT generate_series(1, 50) AS id;"
            + " CREATE UNLOGGED TABLE lost AS SELECT 1 AS id");
    try (PostgresServerProcess standby = process.startStandby();
        PostgresServer server = Dumps.connect(standby.address("followed"))) {
      Path dump = folder.resolve("d");
      SourceFacts facts = Dumps.write(server.pin("followed"), dump);
      assertThat(facts.tables()).containsExactly(new TableRows("public.kept", 50, true));
      assertThat(facts.properties()).containsEntry("standby", "yes");
      assertThat(facts.warnings()).singleElement().asString().contains("public.lost");
    }
  }
}
