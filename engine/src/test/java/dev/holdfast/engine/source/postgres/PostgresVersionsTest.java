package dev.holdfast.engine.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.TableRows;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.testkit.PostgresServerProcess;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every supported version of the server. The client programs are those of the system.
@Tag("slow")
final class PostgresVersionsTest {
  private static final String SCHEMA =
      """
      CREATE EXTENSION hstore;
      CREATE SCHEMA sales;
      CREATE TYPE sales.state AS ENUM ('open', 'paid');
      CREATE TABLE sales.orders(
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        state sales.state NOT NULL DEFAULT 'open',
        note text,
        tags hstore,
        total numeric(12, 2) CHECK (total >= 0));
      INSERT INTO sales.orders(note, tags, total)
        SELECT E'line\\nfeed \\\\. and\\ttab ' || g, hstore('k', g::text), g
        FROM generate_series(1, 20000) g;
      CREATE INDEX ON sales.orders(total);
      CREATE TABLE parts(id int, day date) PARTITION BY RANGE (day);
      CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
      INSERT INTO parts SELECT g, '2026-01-05' FROM generate_series(1, 7) g;
      CREATE TABLE empty(id int);
      CREATE VIEW open_orders AS SELECT * FROM sales.orders WHERE state = 'open';
      CREATE FUNCTION twice(i int) RETURNS int LANGUAGE sql AS 'SELECT 2 * i';
      SELECT lo_from_bytea(0, '\\x0102030a0a5c2e0a');
      """;

  @TempDir private Path folder;

  /// A dump takes as long as it takes, whatever an administrator set against forgotten sessions.
  @Test
  void sessionHasNoneOfTheTimeLimitsOfItsUser() {
    List<String> limits =
        List.of(
            "statement_timeout",
            "idle_in_transaction_session_timeout",
            "idle_session_timeout",
            "transaction_timeout");
    try (PostgresServerProcess process = PostgresServerProcess.start(17)) {
      for (String limit : limits) {
        process.sql("postgres", "ALTER DATABASE postgres SET " + limit + " = '1h'");
      }
      PostgresSettings settings =
          PostgresSettings.parse(process.address("postgres"), Dumps.environment());
      ClientPrograms.Programs programs =
          ClientPrograms.find(Optional.empty(), Dumps.environment()).newest();
      try (PsqlSession session =
          PsqlSession.open(programs, settings, Dumps.environment(), "the server", Silence.UNTOLD)) {
        for (String limit : limits) {
          assertThat(session.row("SELECT current_setting('" + limit + "')", 1))
              .as(limit)
              .containsExactly("0");
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {13, 14, 15})
  void dumpIsRestoredWithEveryRowThatWasCounted(int version) {
    try (PostgresServerProcess process = PostgresServerProcess.start(version)) {
      process.sql("postgres", "CREATE DATABASE shop");
      process.sql("shop", SCHEMA);
      process.sql("shop", "ALTER DATABASE shop SET work_mem = '8MB'");
      process.sql("shop", "ALTER DATABASE shop SET app.jwt_secret = 'topsecret'");
      Path dump = folder.resolve("shop.dump");
      SourceFacts facts;
      try (PostgresServer server = Dumps.connect(process.address("shop"))) {
        facts = Dumps.write(server.pin("shop"), dump);
      }
      assertThat(facts.engineVersion()).startsWith(version + ".");
      assertThat(facts.tables())
          .containsExactly(
              new TableRows("public.empty", 0, true),
              new TableRows("public.parts_1", 7, true),
              new TableRows("sales.orders", 20_000, true));
      assertThat(facts.properties())
          .containsEntry("database", "shop")
          .containsEntry("encoding", "UTF8")
          .containsEntry("setting work_mem", "8MB")
          .containsEntry("setting app.jwt_secret", "(set)")
          .containsEntry("large objects", "1")
          .containsKey("extension hstore");
      assertThat(facts.toString()).doesNotContain("topsecret");
      Dumps.restore(process, dump, "again");
      assertThat(Dumps.checksum(process, "again", "sales.orders"))
          .isEqualTo(Dumps.checksum(process, "shop", "sales.orders"));
      try (PostgresServer server = Dumps.connect(process.address("again"))) {
        SourceFacts restored = Dumps.write(server.pin("again"), folder.resolve("again.dump"));
        assertThat(restored.tables()).isEqualTo(facts.tables());
        assertThat(restored.schemaFingerprint()).isEqualTo(facts.schemaFingerprint());
        process.sql("again", "ALTER TABLE empty ADD COLUMN more text");
        assertThat(
                Dumps.write(server.pin("again"), folder.resolve("again.dump")).schemaFingerprint())
            .isNotEqualTo(facts.schemaFingerprint());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 17, 18})
  void serverNewerThanEveryClientIsRefusedWithTheNameOfThePackage(int version) {
    try (PostgresServerProcess process = PostgresServerProcess.start(version)) {
      // Whatever else is installed, these are the programs of Debian 12.
      PostgresSettings settings =
          PostgresSettings.parse(process.address("postgres"), Dumps.environment())
              .withPrograms(Path.of("/usr/lib/postgresql/15/bin"));
      assertThatThrownBy(() ->
              PostgresServer.connect(
                  settings, Dumps.environment(), Clock.systemUTC(), Silence.UNTOLD))
          .isInstanceOfSatisfying(
              HoldfastException.Unsupported.class,
              refused -> {
                assertThat(refused)
                    .hasMessageContaining("PostgreSQL " + version + ".")
                    .hasMessageContaining("version 15");
                assertThat(refused.hint()).contains("postgresql-client-" + version);
              });
    }
  }
}
