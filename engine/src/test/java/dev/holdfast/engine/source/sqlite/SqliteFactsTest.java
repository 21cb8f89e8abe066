package dev.holdfast.engine.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.TableRows;
import dev.holdfast.repository.error.HoldfastException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SqliteFactsTest {
  private static final Instant NOW = Instant.parse("2026-03-08T12:00:00Z");
  private static final SqliteOptions OPTIONS =
      new SqliteOptions(
          Duration.ofSeconds(1), Duration.ZERO, List.of("/tmp"), InstantSource.fixed(NOW));

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "512, UTF-8, DELETE",
    "1024, UTF-16le, WAL",
    "4096, UTF-8, WAL",
    "8192, UTF-16be, DELETE",
    "65536, UTF-8, WAL"
  })
  void theRowsOfEveryKindOfTableAreCounted(int pageSize, String encoding, String mode)
      throws Exception {
    Path database = directory.resolve("rows.db");
    try (Connection connection = open(database);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA page_size = " + pageSize);
      statement.execute("PRAGMA encoding = '" + encoding + "'");
      statement.execute("PRAGMA journal_mode = " + mode);
      createTables(statement);
      Map<String, Long> counted = count(statement);
      SourceFacts read = factsOf(database, true);
      assertThat(rowsOf(read)).isEqualTo(counted);
      assertThat(rowsOf(factsOf(database, false))).isEqualTo(counted);
      assertThat(read.warnings()).isEmpty();
      assertThat(read.instant()).isEqualTo(NOW);
      assertThat(read.properties())
          .containsEntry("page size", String.valueOf(pageSize))
          .containsEntry("journal mode", mode.equals("WAL") ? "wal" : "rollback")
          .containsEntry("user version", "42");
      assertThat(read.properties().get("encoding")).isEqualToIgnoringCase(encoding);
      assertThat(read.engineVersion()).isEqualTo(text(statement, "SELECT sqlite_version()"));
    }
  }

  @Test
  void theRowsFollowChangesThatAreStillInTheLog() throws Exception {
    Path database = directory.resolve("log.db");
    try (Connection connection = open(database);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      createTables(statement);
      statement.execute("PRAGMA wal_autocheckpoint = 0");
      statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
      statement.execute("DELETE FROM wide WHERE id % 3 = 0");
      statement.execute("DROP TABLE empty");
      assertThat(rowsOf(factsOf(database, true))).isEqualTo(count(statement));
      statement.execute("DELETE FROM keyed");
      statement.execute("VACUUM");
      assertThat(rowsOf(factsOf(database, true)))
          .isEqualTo(count(statement))
          .containsEntry("keyed", 0L);
    }
  }

  @Test
  void theFingerprintChangesWithTheSchemaAndWithNothingElse() throws Exception {
    Path database = directory.resolve("schema.db");
    try (Connection connection = open(database);
        Statement statement = connection.createStatement()) {
      createTables(statement);
      String before = factsOf(database, true).schemaFingerprint().orElseThrow();
      statement.execute("INSERT INTO wide(note) VALUES('one more')");
      statement.execute("ANALYZE");
      statement.execute("VACUUM");
      assertThat(factsOf(database, true).schemaFingerprint()).contains(before);
      statement.execute("CREATE INDEX another ON wide(note)");
      assertThat(factsOf(database, true).schemaFingerprint().orElseThrow()).isNotEqualTo(before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "0A", "05", "0D000000FF", "0D00004000", "0D000000100004"})
  void aDatabaseIsDamagedIfALaterLeafOfATableIs(String damage) throws Exception {
    for (String table : List.of("wide", "keyed")) {
      Path database = directory.resolve(table + ".db");
      long leaf;
      try (Connection connection = open(database);
          Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA page_size = 512");
        createTables(statement);
        // Neither the first leaf of the tree, nor the first below its page.
        leaf =
            Long.parseLong(
                text(
                    statement,
                    "SELECT pageno FROM dbstat WHERE name = '"
                        + table
                        + "' AND pagetype = 'leaf' ORDER BY path LIMIT 1 OFFSET 40"));
      }
      byte[] bytes = HexFormat.of().parseHex(damage);
      if (table.equals("keyed")) {
        bytes[0] = bytes[0] == 13 ? 10 : bytes[0] == 10 ? 13 : bytes[0];
      }
      try (FileChannel file = FileChannel.open(database, StandardOpenOption.WRITE)) {
        file.write(ByteBuffer.wrap(bytes), (leaf - 1) * 512);
      }
      for (boolean readAll : new boolean[] {true, false}) {
        assertThatThrownBy(() -> factsOf(database, readAll))
            .isInstanceOf(HoldfastException.Corrupt.class)
            .hasMessageStartingWith(
                "database %s is damaged: the rows of table %s cannot be counted: page %d is"
                    .formatted(database, table, leaf));
      }
    }
  }

  @Test
  void aDatabaseWithALeafThatTwoNodesReferToIsDamaged() throws Exception {
    Path database = directory.resolve("twice.db");
    int root;
    try (Connection connection = open(database);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA page_size = 512");
      statement.execute("CREATE TABLE twice(text)");
      statement.execute(
          "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 30)"
              + " INSERT INTO twice SELECT printf('%090d', i) FROM n");
      root =
          Integer.parseInt(
              text(statement, "SELECT rootpage FROM sqlite_schema WHERE name = 'twice'"));
    }
    int leaf;
    try (FileChannel file =
        FileChannel.open(database, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      // SQLite's file format, section 1.6: of an inner node, the places of its cells begin at byte
      // 12, and a cell with the number of a page.
      ByteBuffer node = ByteBuffer.allocate(512);
      file.read(node, (root - 1) * 512L);
      leaf = node.getInt(node.getShort(12));
      node.putInt(node.getShort(14), leaf);
      file.write(node.flip(), (root - 1) * 512L);
    }
    for (boolean readAll : new boolean[] {true, false}) {
      assertThatThrownBy(() -> factsOf(database, readAll))
          .isInstanceOf(HoldfastException.Corrupt.class)
          .hasMessageContaining(
              "the rows of table twice cannot be counted: page " + leaf + ", which page");
    }
  }

  private static void createTables(Statement statement) throws SQLException {
    statement.execute("PRAGMA user_version = 42");
    statement.execute("CREATE TABLE empty(id INTEGER PRIMARY KEY)");
    statement.execute("CREATE TABLE wide(id INTEGER PRIMARY KEY AUTOINCREMENT, note TEXT)");
    statement.execute("CREATE TABLE keyed(a TEXT PRIMARY KEY, b INTEGER) WITHOUT ROWID");
    statement.execute("CREATE TABLE \"größe 'x'\"(body BLOB)");
    StringBuilder columns = new StringBuilder("c0");
    for (int i = 1; i < 1500; i++) {
      columns.append(", column_with_a_long_name_").append(i);
    }
    statement.execute("CREATE TABLE manycolumns(" + columns + ")");
    statement.execute("CREATE INDEX wide_note ON wide(note)");
    statement.execute("CREATE VIEW seen AS SELECT note FROM wide");
    statement.execute("CREATE VIRTUAL TABLE found USING fts5(words)");
    String series = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) ";
    statement.execute(
        series.formatted(20_000) + "INSERT INTO wide(note) SELECT 'note ' || i FROM n");
    statement.execute(
        series.formatted(7_001) + "INSERT INTO keyed SELECT 'key' || (i * 7919 % 7001), i FROM n");
    statement.execute(
        series.formatted(5) + "INSERT INTO \"größe 'x'\" SELECT zeroblob(i * 40000) FROM n");
    statement.execute("INSERT INTO found VALUES('some words')");
    statement.execute("DELETE FROM wide WHERE id BETWEEN 500 AND 1500");
  }

  private static Map<String, Long> count(Statement statement) throws SQLException {
    Map<String, Long> counts = new TreeMap<>();
    try (ResultSet names =
        statement.executeQuery(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0"
                + " AND name NOT LIKE 'sqlite_%'")) {
      while (names.next()) {
        counts.put(names.getString(1), 0L);
      }
    }
    for (Map.Entry<String, Long> entry : counts.entrySet()) {
      String name = entry.getKey().replace("\"", "\"\"");
      entry.setValue(Long.parseLong(text(statement, "SELECT count(*) FROM \"" + name + "\"")));
    }
    return counts;
  }

  private static Map<String, Long> rowsOf(SourceFacts facts) {
    Map<String, Long> rows = new TreeMap<>();
    for (TableRows table : facts.tables()) {
      assertThat(table.exact()).isTrue();
      rows.put(table.name(), table.rows());
    }
    return rows;
  }

  private static SourceFacts factsOf(Path database, boolean readAll) throws Exception {
    try (SqliteImage image = SqliteSource.open(database.toString(), OPTIONS)) {
      byte[] buffer = new byte[(int) image.lengthBytes()];
      if (readAll) {
        image.read(0, buffer, 0, buffer.length);
      }
      return image.facts().orElseThrow();
    }
  }

  private static Connection open(Path database) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + database);
  }

  private static String text(Statement statement, String sql) throws SQLException {
    return Bank.text(statement, sql);
  }
}
