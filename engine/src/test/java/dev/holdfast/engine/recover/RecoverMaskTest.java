package dev.holdfast.engine.recover;

import static dev.holdfast.engine.recover.Place.names;
import static dev.holdfast.engine.recover.Place.sqlite;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.recover.journal.Ending;
import dev.holdfast.engine.recover.plan.Plan;
import dev.holdfast.engine.recover.plan.Step;
import dev.holdfast.engine.recover.plan.Target;
import dev.holdfast.engine.source.duckdb.Images;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A copy of production that nobody is to be recognized in: masked before it goes live, or not
/// live.
class RecoverMaskTest {
  private static final String SECRET = "jane.roe@customer.example";
  private static final String MASK =
      """
      UPDATE person SET mail = 'user' || id || '@example.invalid'; -- nobody
      DELETE FROM session;
      SELECT * FROM person WHERE mail NOT LIKE '%@example.invalid';
      """;

  /// The databases that statements run on.
  enum Kind {
    SQLITE,
    DUCKDB
  }

  @TempDir Path folder;
  private Path data;
  private Place place;

  @BeforeEach
  void makePlace() throws IOException {
    data = Files.createDirectory(folder.resolve("data")).toRealPath();
    place = Place.in(folder);
  }

  @AfterEach
  void close() {
    place.close();
  }

  private void run(Kind kind, Path database, String... statements) throws Exception {
    for (String statement : statements) {
      switch (kind) {
        case SQLITE -> sqlite(database, statement);
        case DUCKDB -> {
          try (Connection open = Images.connect(database, folder);
              Statement one = open.createStatement()) {
            one.execute(statement);
          }
        }
      }
    }
  }

  private String ask(Kind kind, Path database, String query) throws IOException, SQLException {
    return switch (kind) {
      case SQLITE -> sqlite(database, query);
      case DUCKDB -> {
        try (Connection open = Images.connect(database, folder);
            Statement one = open.createStatement();
            ResultSet rows = one.executeQuery(query)) {
          rows.next();
          yield rows.getString(1);
        }
      }
    };
  }

  private Path production(Kind kind) throws Exception {
    Path database = data.resolve("production.db");
    run(
        kind,
        database,
        "CREATE TABLE person(id INTEGER PRIMARY KEY, mail TEXT)",
        "CREATE TABLE session(token TEXT)",
        "CREATE VIEW mails AS SELECT mail FROM person",
        "CREATE INDEX by_mail ON person(mail)",
        "INSERT INTO person VALUES (1, '" + SECRET + "'), (2, 'zz-" + SECRET + "')",
        "INSERT INTO session VALUES ('" + SECRET + "')",
        "INSERT INTO session VALUES ('gone-" + SECRET + "')",
        "DELETE FROM session WHERE token LIKE 'gone%'");
    return database;
  }

  private Plan clone(SnapshotView snapshot, Path from, Path to, String mask) {
    Target target = new Target(from.toString(), to.toString()).masked(Optional.of(mask));
    return place.expectingManifestOf(snapshot).preview(snapshot, List.of(target)).plan();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void cloneHasNothingLeftOfWhatWasMasked(Kind kind) throws Exception {
    Path production = production(kind);
    SnapshotView snapshot = place.backUp(production);
    Path demo = data.resolve("demo.db");
    run(kind, demo, "CREATE TABLE old(x INTEGER)");

    Outcome outcome =
        place
            .recoveries()
            .run(clone(snapshot, production, demo, MASK), place.means(RecoverObserver.NONE));

    assertThat(outcome.cause()).isEmpty();
    assertThat(ask(kind, demo, "SELECT max(mail) FROM mails")).isEqualTo("user2@example.invalid");
    assertThat(ask(kind, demo, "SELECT count(*) FROM session")).isEqualTo("0");
    assertThat(ask(kind, production, "SELECT min(mail) FROM person")).isEqualTo(SECRET);
    String bytes = new String(Files.readAllBytes(demo), StandardCharsets.ISO_8859_1);
    assertThat(bytes).doesNotContain(SECRET).doesNotContain("jane.roe").doesNotContain("zz-jane");
    assertThat(names(data)).hasSize(3);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void statementThatFailsOrCheckThatFindsSomethingChangesNothing(Kind kind) throws Exception {
    Path production = production(kind);
    SnapshotView snapshot = place.backUp(production);
    Path demo = data.resolve("demo.db");
    for (String mask :
        List.of(
            "DELETE FROM session; DELETE FROM nothing;",
            "DELETE FROM session; SELECT mail FROM person;",
            "ATTACH '" + production + "' AS live; DELETE FROM live.person")) {
      Outcome outcome =
          place
              .recoveries()
              .run(clone(snapshot, production, demo, mask), place.means(RecoverObserver.NONE));

      assertThat(outcome.ending()).as(mask).contains(Ending.UNCHANGED);
      assertThat(outcome.cause().orElseThrow())
          .isInstanceOf(HoldfastException.Rejected.class)
          .hasMessageContaining("masking of ")
          .hasMessageContaining("statement ");
      assertThat(demo).doesNotExist();
      assertThat(names(data)).containsExactly("production.db");
    }
    assertThat(ask(kind, production, "SELECT count(*) FROM person")).isEqualTo("2");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void stageThatChangesAfterItWasMaskedIsNotPutInPlace(Kind kind) throws Exception {
    Path production = production(kind);
    SnapshotView snapshot = place.backUp(production);
    Path demo = data.resolve("demo.db");
    Plan plan = clone(snapshot, production, demo, MASK);
    Path staged = Path.of(plan.replacements().getFirst().staged());
    RecoverObserver meddling =
        event -> {
          if (event instanceof RecoverEvent.Done done && done.step() == Step.STAGE) {
            try {
              run(kind, staged, "DELETE FROM person");
            } catch (Exception e) {
              throw new AssertionError(e);
            }
          }
        };

    Outcome outcome = place.recoveries().run(plan, place.means(meddling));

    assertThat(outcome.ending()).contains(Ending.UNCHANGED);
    assertThat(outcome.cause().orElseThrow()).hasMessageContaining("when it was masked");
    assertThat(names(data)).containsExactly("production.db");
  }

  @Test
  void keptModeAndRowidsAndJournalModeOfSqlite() throws Exception {
    Path production = data.resolve("production.db");
    sqlite(
        production,
        "PRAGMA journal_mode=WAL; CREATE TABLE t(x); INSERT INTO t VALUES(1),(2),(3);"
            + " DELETE FROM t WHERE x=1");
    SnapshotView snapshot = place.backUp(production);
    Path demo = data.resolve("demo.db");

    Outcome outcome =
        place
            .recoveries()
            .run(
                clone(snapshot, production, demo, "UPDATE t SET x = x + 10"),
                place.means(RecoverObserver.NONE));

    assertThat(outcome.cause()).isEmpty();
    assertThat(sqlite(demo, "SELECT group_concat(rowid || '=' || x) FROM t"))
        .isEqualTo("2=12,3=13");
    assertThat(sqlite(demo, "PRAGMA journal_mode")).isEqualTo("wal");
  }

  @Test
  void sequencesAndStorageVersionOfDuckDbAreKept() throws Exception {
    Path production = data.resolve("production.db");
    run(
        Kind.DUCKDB,
        folder.resolve("other"),
        "ATTACH '%s' AS p (STORAGE_VERSION 'v1.2.0', BLOCK_SIZE 16384)".formatted(production));
    run(
        Kind.DUCKDB,
        production,
        "CREATE SEQUENCE s START 41",
        "CREATE TABLE t(id INTEGER DEFAULT nextval('s'), x INTEGER)",
        "INSERT INTO t(x) VALUES (5)");
    SnapshotView snapshot = place.backUp(production);
    Path demo = data.resolve("demo.db");

    Outcome outcome =
        place
            .recoveries()
            .run(
                clone(snapshot, production, demo, "UPDATE t SET x = 6"),
                place.means(RecoverObserver.NONE));

    assertThat(outcome.cause()).isEmpty();
    run(Kind.DUCKDB, demo, "INSERT INTO t(x) VALUES (7)");
    assertThat(ask(Kind.DUCKDB, demo, "SELECT string_agg(id || '=' || x, ' ') FROM t"))
        .isEqualTo("41=6 42=7");
    assertThat(
            ask(
                Kind.DUCKDB,
                demo,
                "SELECT tags['storage_version'] FROM duckdb_databases() WHERE NOT internal"))
        .isEqualTo("v1.2.0+");
  }

  @Test
  void statementsForWhatIsNoDatabaseAreRefused() throws IOException {
    Path file = Files.writeString(data.resolve("file"), "text");
    SnapshotView snapshot = place.backUp(file);
    Target target = new Target(file.toString(), file.toString()).masked(Optional.of(MASK));

    assertThatThrownBy(() -> place.preview(snapshot, List.of(target)))
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining("is no database");
  }
}
