package dev.holdfast.engine.source.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.source.Companion;
import dev.holdfast.engine.source.Content;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.TableRows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuckDbSourceTest {
  @TempDir Path directory;

  @Test
  void aDatabaseOfACrashedProcessIsStoredWithItsLogAndCounted() throws Exception {
    Path database = directory.resolve("bank.duckdb");
    DuckProcess.run(DuckProcess.CURRENT, "make", database.toString());
    Path stored = directory.resolve("stored.duckdb");
    SourceFacts facts;
    try (Content image = Images.engine(directory).open(database.toString())) {
      assertThat(image.companions()).extracting(Companion::suffix).containsExactly(".wal");
      Images.store(image, stored);
      facts = image.facts().orElseThrow();
    }
    assertThat(Images.audit(stored, directory)).isEqualTo(Images.rows(facts));
  }

  @Test
  void storedImageBecomesParquet() throws Exception {
    Path database = directory.resolve("bank.duckdb");
    DuckProcess.run(DuckProcess.CURRENT, "make", database.toString());
    Path stored = directory.resolve("stored.duckdb");
    SourceFacts facts;
    try (Content image = Images.engine(directory).open(database.toString())) {
      Images.store(image, stored);
      facts = image.facts().orElseThrow();
    }
    Path export = directory.resolve("export");
    try (Connection connection = Images.connect(stored, directory);
        Statement statement = connection.createStatement()) {
      statement.execute("EXPORT DATABASE '" + export + "' (FORMAT parquet)");
      for (TableRows table : facts.tables()) {
        Path file = export.resolve(table.name() + ".parquet");
        try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM '" + file + "'")) {
          rows.next();
          assertThat(rows.getLong(1)).isEqualTo(table.rows());
        }
      }
    }
  }

  @Test
  void fingerprintFollowsTheSchemaAndNotTheRows() throws Exception {
    Path database = directory.resolve("schema.duckdb");
    String empty;
    String filled;
    String altered;
    try (Connection connection = Images.connect(database, directory);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE SEQUENCE numbers");
      statement.execute("CREATE TYPE mood AS ENUM ('sad', 'glad')");
      statement.execute("CREATE MACRO twice(x) AS 2 * x");
      statement.execute("CREATE SCHEMA other");
      statement.execute("CREATE TABLE other.\"odd \"\" name\"(i INTEGER PRIMARY KEY, m mood)");
      empty = fingerprint(database);
      statement.execute(
          "INSERT INTO other.\"odd \"\" name\" SELECT nextval('numbers'), 'glad' FROM range(10)");
      filled = fingerprint(database);
      statement.execute("ALTER TABLE other.\"odd \"\" name\" ADD COLUMN s VARCHAR");
      altered = fingerprint(database);
    }
    assertThat(filled).isEqualTo(empty).matches("[0-9a-f]{64}");
    assertThat(altered).isNotEqualTo(filled);
  }

  @Test
  void freeBlocksAreHolesAndWhatWasDeletedIsNotStored() throws Exception {
    Path database = directory.resolve("shrunk.duckdb");
    try (Connection connection = Images.connect(database, directory);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE gone AS SELECT hash(range) AS h FROM range(500000)");
      statement.execute("CREATE TABLE kept AS SELECT hash(range + 1) AS h FROM range(200000)");
      statement.execute("CHECKPOINT");
      statement.execute("DROP TABLE gone");
      statement.execute("CHECKPOINT");
    }
    Path stored = directory.resolve("stored.duckdb");
    try (Content image = Images.engine(directory).open(database.toString())) {
      Images.store(image, stored);
      SourceFacts facts = image.facts().orElseThrow();
      assertThat(Integer.parseInt(facts.properties().get("free blocks"))).isGreaterThan(5);
      assertThat(facts.tables()).containsExactly(new TableRows("kept", 200_000, true));
    }
    long zeros = 0;
    for (byte each : Files.readAllBytes(stored)) {
      zeros += each == 0 ? 1 : 0;
    }
    assertThat(zeros).isGreaterThan(5 * 256 * 1024);
    try (Connection connection = Images.connect(stored, directory);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(DISTINCT h) FROM kept")) {
      rows.next();
      assertThat(rows.getLong(1)).isEqualTo(200_000);
    }
  }

  private String fingerprint(Path database) {
    try (Content image = Images.engine(directory).open(database.toString())) {
      return image.facts().orElseThrow().schemaFingerprint().orElseThrow();
    }
  }
}
