package dev.holdfast.engine.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.TableRows;
import dev.holdfast.repository.error.HoldfastException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.Collation;
import org.sqlite.Function;

/// Databases whose definitions name what only their application has.
final class IntegrityCheckTest {
  private static final int PAGE_BYTES = 1024;

  @TempDir private Path directory;

  private static final class Backwards extends Collation {
    @Override
    protected int xCompare(String left, String right) {
      return right.compareTo(left);
    }
  }

  private static final class Upper extends Function {
    @Override
    protected void xFunc() throws SQLException {
      String text = value_text(0);
      result(text == null ? null : text.toUpperCase(Locale.ROOT));
    }
  }

  /// A database of 1,000 rows in each of two tables.
  ///
  /// @param definitions with the function `upper_of`, the collation `backwards`
  private Path database(String... definitions) throws SQLException {
    Path database = directory.resolve("app.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database)) {
      Collation.create(connection, "backwards", new Backwards());
      Function.create(connection, "upper_of", new Upper(), 1, Function.FLAG_DETERMINISTIC);
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA page_size = " + PAGE_BYTES);
        statement.execute("CREATE TABLE plain(id INTEGER PRIMARY KEY, name TEXT)");
        statement.execute("CREATE INDEX plain_name ON plain(name)");
        statement.execute("CREATE TABLE person(id INTEGER PRIMARY KEY, name TEXT)");
        for (String definition : definitions) {
          statement.execute(definition);
        }
        for (String table : new String[] {"plain", "person"}) {
          statement.execute(
              "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
                  + " INSERT INTO %s(id, name) SELECT i, 'name ' || i FROM n".formatted(table));
        }
      }
    }
    return database;
  }

  private static void execute(Path database, String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  private static SourceFacts verify(Path database) {
    return new SqliteRecovery(SqliteOptions.defaults()).verify(database.toString());
  }

  private static long rootOf(Path database, String name) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT rootpage FROM sqlite_schema WHERE name = '" + name + "'")) {
      return rows.getLong(1);
    }
  }

  /// Writes zeros over the middle of the first page of a tree.
  private static void damage(Path database, String name) throws Exception {
    long root = rootOf(database, name);
    try (RandomAccessFile file = new RandomAccessFile(database.toFile(), "rw")) {
      file.seek((root - 1) * PAGE_BYTES + 8);
      file.write(new byte[PAGE_BYTES / 2]);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE INDEX person_upper ON person(upper_of(name))",
        "CREATE INDEX person_back ON person(name COLLATE backwards)",
        "CREATE INDEX person_back ON person(name COLLATE \"backwards\" DESC)",
        "CREATE UNIQUE INDEX person_part ON person(name) WHERE upper_of(name) <> ''",
        "ALTER TABLE person ADD COLUMN u GENERATED ALWAYS AS (upper_of(name)) VIRTUAL NOT NULL",
        "ALTER TABLE person ADD COLUMN c CHECK (upper_of(c) <> 'NO')",
        "CREATE TRIGGER t AFTER DELETE ON plain BEGIN SELECT upper_of('x'); END",
        "CREATE VIEW v AS SELECT upper_of(name) FROM person"
      })
  void whatOnlyItsApplicationHasIsNoDamage(String definition) throws Exception {
    Path database = database(definition);

    assertThat(verify(database).tables())
        .containsExactly(new TableRows("person", 1000, true), new TableRows("plain", 1000, true));
  }

  /// As media servers have them.
  @Test
  void aTokenizerThatOnlyItsApplicationHasIsNoDamage() throws Exception {
    Path database = database("CREATE VIRTUAL TABLE words USING fts4(name, tokenize=simple)");
    execute(
        database,
        "INSERT INTO words VALUES ('some words')",
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET sql = replace(sql, 'simple', 'theirs') WHERE name = 'words'");

    assertThat(verify(database).warnings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "plain_name", "person", "person_back", "person_upper"})
  void damageIsFoundBesideIt(String damaged) throws Exception {
    Path database =
        database(
            "CREATE INDEX person_back ON person(name COLLATE backwards)",
            "CREATE INDEX person_upper ON person(upper_of(name))");
    damage(database, damaged);

    assertThatThrownBy(() -> verify(database))
        .isInstanceOf(HoldfastException.Corrupt.class)
        .hasMessageMatching(
            "(?s).*app.db is damaged: (its integrity check says|SQLite says '.SQLITE_CORRUPT).*");
  }

  @Test
  void anIndexThatMissesARowOfAnotherTableIsFoundBesideIt() throws Exception {
    Path database = database("CREATE INDEX person_back ON person(name COLLATE backwards)");
    execute(
        database,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET sql = 'CREATE INDEX plain_name ON plain(id)'"
            + " WHERE name = 'plain_name'");

    assertThatThrownBy(() -> verify(database))
        .isInstanceOf(HoldfastException.Corrupt.class)
        .hasMessageContaining("plain_name");
  }
}
