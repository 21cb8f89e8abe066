package dev.holdfast.engine.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.testkit.PostgresServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a server must have, and what TimescaleDB wants: an extension of that name stands in for it,
/// whose functions fail if they are not called in the order that TimescaleDB documents.
@Tag("slow")
final class RecoverTimescaleTest {
  private static final String CONTROL =
      "default_version = '2.11.0'\nrelocatable = false\nsuperuser = true\n";

  private static final String SCRIPT =
      """
      CREATE SCHEMA _timescaledb_catalog;
      CREATE SCHEMA _timescaledb_config;
      CREATE SCHEMA timescaledb_information;
      CREATE TABLE _timescaledb_catalog.continuous_agg(id int PRIMARY KEY);
      CREATE TABLE _timescaledb_config.bgw_job(id int PRIMARY KEY, name text);
      INSERT INTO _timescaledb_config.bgw_job VALUES (1, 'its own');
      SELECT pg_extension_config_dump('_timescaledb_catalog.continuous_agg', '');
      SELECT pg_extension_config_dump('_timescaledb_config.bgw_job', 'WHERE id >= 1000');
      CREATE VIEW timescaledb_information.jobs AS SELECT * FROM _timescaledb_config.bgw_job;
      CREATE VIEW timescaledb_information.continuous_aggregates
        AS SELECT * FROM _timescaledb_catalog.continuous_agg;
      CREATE FUNCTION public.timescaledb_pre_restore() RETURNS bool LANGUAGE plpgsql AS $$
      BEGIN
        IF to_regclass('public.metrics') IS NOT NULL THEN
          RAISE EXCEPTION 'called after the restore';
        END IF;
        EXECUTE format('ALTER DATABASE %I SET timescaledb.restoring = on', current_database());
        RETURN true;
      END $$;
      CREATE FUNCTION public.timescaledb_post_restore() RETURNS bool LANGUAGE plpgsql AS $$
      BEGIN
        IF to_regclass('public.metrics') IS NULL
            OR current_setting('timescaledb.restoring', true) IS DISTINCT FROM 'on' THEN
          RAISE EXCEPTION 'called before the restore';
        END IF;
        EXECUTE format('ALTER DATABASE %I RESET timescaledb.restoring', current_database());
        RETURN true;
      END $$;
      """;

  private static PostgresServerProcess server;

  @TempDir Path folder;
  private Place place;
  private DatabaseScene scene;
  private SnapshotView snapshot;

  @BeforeAll
  static void start() throws IOException {
    server = PostgresServerProcess.start(14);
    Path extensions = server.extensions();
    Files.writeString(extensions.resolve("timescaledb.control"), CONTROL);
    Files.writeString(extensions.resolve("timescaledb--2.10.0.sql"), SCRIPT);
    Files.writeString(
        extensions.resolve("timescaledb--2.10.0--2.11.0.sql"),
        "CREATE VIEW timescaledb_information.newer AS SELECT 1;");
    server.sql("postgres", "CREATE ROLE plain LOGIN CREATEDB");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void aDatabaseWithTheExtension() {
    server.sql("postgres", "DROP DATABASE IF EXISTS tracks");
    server.sql("postgres", "CREATE DATABASE tracks");
    server.sql(
        "tracks",
        """
        CREATE EXTENSION timescaledb VERSION '2.10.0';
        CREATE TABLE metrics AS SELECT g AS id FROM generate_series(1, 100) g;
        INSERT INTO _timescaledb_config.bgw_job VALUES (1000, 'a policy');
        INSERT INTO _timescaledb_catalog.continuous_agg VALUES (7);
        """);
    place = Place.in(folder);
    scene = new DatabaseScene(place, server, "tracks");
    snapshot = scene.backUp();
    scene.sql("DELETE FROM metrics; DELETE FROM _timescaledb_config.bgw_job WHERE id >= 1000");
  }

  @AfterEach
  void close() {
    place.close();
  }

  @Test
  void theExtensionHasTheVersionOfTheDumpWhileItIsLoadedAndThatOfTheLiveDatabaseAfterwards() {
    scene.sql("ALTER EXTENSION timescaledb UPDATE TO '2.11.0'");

    assertThat(scene.recover(snapshot).cause()).isEmpty();

    assertThat(scene.sql("SELECT count(*) FROM metrics")).isEqualTo("100");
    assertThat(
            scene.sql("SELECT string_agg(name, ',' ORDER BY id) FROM timescaledb_information.jobs"))
        .isEqualTo("its own,a policy");
    assertThat(scene.sql("SELECT id FROM timescaledb_information.continuous_aggregates"))
        .isEqualTo("7");
    assertThat(scene.sql("SELECT extversion FROM pg_extension WHERE extname = 'timescaledb'"))
        .isEqualTo("2.11.0");
    assertThat(scene.sql("SELECT current_setting('timescaledb.restoring', true)")).isEmpty();
  }

  @Test
  void aVersionThatTheServerDoesNotHaveIsRefusedBeforeAnythingChanges() {
    assertRefused(Map.of("extension timescaledb", "2.9.0"), "timescaledb 2.9.0", "version 2.9.0");
    assertRefused(
        Map.of("extension timescaledb", "2.12.0"), "no newer one than 2.11.0", "version 2.12.0");
  }

  @Test
  void anExtensionOrServerThatIsNotNewEnoughIsRefusedBeforeAnythingChanges() {
    assertRefused(Map.of("extension hstore", "99.1"), "extension hstore 99.1", "99.1");
    assertRefused(Map.of("extension nowhere", "1.0"), "does not have", "install it");
    assertRefused(Map.of("engine", "15.2"), "the dump is of PostgreSQL 15.2", "upgrade the server");
  }

  private void assertRefused(Map<String, String> claims, String message, String hint) {
    assertThatThrownBy(() -> scene.claiming(claims).preview(snapshot))
        .isInstanceOfSatisfying(
            HoldfastException.Unsupported.class,
            refused -> {
              assertThat(refused).hasMessageContaining(message);
              assertThat(refused.hint()).contains(hint);
            });
    assertThat(scene.databases()).noneMatch(name -> name.contains("_holdfast_"));
  }

  @Test
  void whoIsNoSuperuserIsToldSoBeforeAnythingChanges() {
    server.sql("postgres", "ALTER DATABASE tracks OWNER TO plain");

    assertThatThrownBy(() -> scene.as("plain").preview(snapshot))
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining("'plain' is no superuser");
  }
}
