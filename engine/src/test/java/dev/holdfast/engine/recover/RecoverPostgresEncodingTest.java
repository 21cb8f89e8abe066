package dev.holdfast.engine.recover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.query.SnapshotView;
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
import org.junit.jupiter.params.provider.CsvSource;

/// Databases in other encodings than UTF-8, with names and values that show it.
@Tag("slow")
final class RecoverPostgresEncodingTest {
  private static PostgresServerProcess server;

  @TempDir Path folder;
  private Place place;
  private DatabaseScene scene;

  @BeforeAll
  static void start() {
    server = PostgresServerProcess.start(15);
    server.sql("postgres", "CREATE ROLE limited LOGIN");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void open() {
    place = Place.in(folder);
    scene = new DatabaseScene(place, server, "shop");
  }

  @AfterEach
  void close() {
    place.close();
    for (String database : scene.databases()) {
      server.sql("postgres", "DROP DATABASE " + database + " WITH (FORCE)");
    }
  }

  /// Makes the database, with a table, a schema and a constraint of the name, which is an
  /// expression of the server's.
  private void create(String encoding, String name) {
    server.sql(
        "postgres",
        "CREATE DATABASE shop OWNER limited TEMPLATE template0 LOCALE 'C' ENCODING '"
            + encoding
            + "'");
    scene.sql(
        """
        SET SESSION AUTHORIZATION limited;
        DO $$ BEGIN
          EXECUTE format('CREATE SCHEMA %%1$I; CREATE TABLE %%1$I.%%1$I'
            '(name text CONSTRAINT %%1$I CHECK (name <> %%2$L)); INSERT INTO %%1$I.%%1$I VALUES (%%1$L)',
            %1$s, 'x' || %1$s);
          EXECUTE format('CREATE VIEW all_of_it AS SELECT * FROM %%1$I.%%1$I', %1$s);
        END $$
        """
            .formatted(name));
  }

  private String content(String name) {
    return scene.sql("SELECT count(*) FILTER (WHERE name = " + name + ") FROM all_of_it");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "LATIN1|postgres|U&'na\\00EFve'",
        "LATIN1|limited|U&'na\\00EFve'",
        "WIN1251|postgres|U&'\\0438\\043c\\044f'",
        "EUC_JP|limited|U&'\\540D\\524D'",
        "SQL_ASCII|postgres|E'na\\xefve'",
        "SQL_ASCII|limited|E'na\\xefve'",
        "SQL_ASCII|postgres|E'na\\xc3\\xafve'"
      })
  void namesAreThoseOfTheDatabaseWhicheverItsEncodingIs(String encoding, String user, String name) {
    create(encoding, name);
    SnapshotView snapshot = scene.backUp();
    scene.sql("UPDATE all_of_it SET name = 'later'");

    assertThat(scene.as(user).recover(snapshot).cause()).isEmpty();

    assertThat(content(name)).isEqualTo("1");
    assertThat(scene.databases()).hasSize(user.equals("limited") ? 1 : 2);
  }

  /// A mask that means other characters than it says would let what it is to hide go live.
  @Test
  void maskMeansTheCharactersThatItSays() {
    String name = "U&'na\\00EFve'";
    create("LATIN1", name);
    SnapshotView snapshot = scene.backUp();

    scene.masked("UPDATE all_of_it SET name = 'caché' WHERE name = 'naïve'");
    assertThat(scene.recover(snapshot).cause()).isEmpty();

    assertThat(content(name)).isEqualTo("0");
    assertThat(content("U&'cach\\00E9'")).isEqualTo("1");
  }
}
