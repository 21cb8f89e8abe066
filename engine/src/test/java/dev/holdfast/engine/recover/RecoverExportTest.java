package dev.holdfast.engine.recover;

import static dev.holdfast.engine.recover.Place.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.recover.journal.Ending;
import dev.holdfast.engine.recover.plan.Plan;
import dev.holdfast.engine.recover.plan.Target;
import dev.holdfast.engine.source.duckdb.DuckProcess;
import dev.holdfast.engine.source.duckdb.Images;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
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
import org.junit.jupiter.params.provider.ValueSource;

/// A DuckDB database is made again of a folder that `EXPORT DATABASE` wrote, as HitKeep's backups
/// are.
class RecoverExportTest {
  @TempDir Path folder;
  private Path data;
  private Path database;
  private Path export;
  private Place place;

  @BeforeEach
  void anExportThatIsBackedUp() throws Exception {
    data = Files.createDirectory(folder.resolve("data")).toRealPath();
    database = data.resolve("hitkeep.db");
    export = Files.createDirectories(data.resolve("backups/shared")).resolve("2026-03-08T120000Z");
    place = Place.in(folder);
  }

  /// The database is written and exported by a version that is older than our driver.
  private SnapshotView exported(String options) throws Exception {
    DuckProcess.run(
        "1.4.4.0",
        "run",
        database.toString(),
        "CREATE SEQUENCE s",
        "CREATE TABLE hits(id BIGINT, page VARCHAR)",
        "INSERT INTO hits SELECT range, '/page/' || range FROM range(5000)",
        "CREATE SCHEMA extra",
        "CREATE TABLE extra.\"odd; 'name'\"(x INTEGER)",
        "CREATE VIEW pages AS SELECT DISTINCT page FROM hits",
        "SELECT nextval('s')",
        "EXPORT DATABASE '" + export + "'" + options,
        "CHECKPOINT",
        "DELETE FROM hits",
        "CHECKPOINT");
    return place.backUp(data.resolve("backups"));
  }

  @AfterEach
  void close() {
    place.close();
  }

  private Plan plan(SnapshotView snapshot) {
    Target target = new Target(export.toString(), database.toString(), true, Optional.empty());
    return place.preview(snapshot, List.of(target)).plan();
  }

  private Outcome recover(SnapshotView snapshot) {
    return place.recoveries().run(plan(snapshot), place.means(RecoverObserver.NONE));
  }

  private String ask(String query) throws IOException, SQLException {
    try (Connection open = Images.connect(database, folder);
        Statement statement = open.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " (FORMAT parquet, COMPRESSION zstd)"})
  void theDatabaseIsMadeAgainAndItsProgramReadsIt(String options) throws Exception {
    SnapshotView snapshot = exported(options);

    Outcome outcome = recover(snapshot);

    assertThat(outcome.cause()).isEmpty();
    DuckProcess.run(
        "1.4.4.0", "run", database.toString(), "INSERT INTO hits VALUES (-1, 'old program')");
    assertThat(ask("SELECT count(*) FROM hits")).isEqualTo("5001");
    assertThat(ask("SELECT nextval('s')")).isEqualTo("2");
    assertThat(names(data)).hasSize(3).noneMatch(name -> name.endsWith("db.wal"));
  }

  @Test
  void aLostDatabaseIsMadeInTheOldestFormat() throws Exception {
    SnapshotView snapshot = exported("");
    Files.delete(database);

    assertThat(recover(snapshot).cause()).isEmpty();

    assertThat(ask("SELECT tags['storage_version'] FROM duckdb_databases() WHERE NOT internal"))
        .isEqualTo("v1.0.0+");
  }

  @Test
  void anExportThatIsCutShortIsRefusedAndNothingChanges() throws Exception {
    exported(" (FORMAT parquet)");
    Path file = export.resolve("hits.parquet");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2));
    SnapshotView damaged = place.backUp(data.resolve("backups"));

    Outcome outcome = recover(damaged);

    assertThat(outcome.ending()).contains(Ending.UNCHANGED);
    assertThat(outcome.cause().orElseThrow())
        .isInstanceOf(HoldfastException.Corrupt.class)
        .hasMessageContaining("cannot be imported");
    assertThat(ask("SELECT count(*) FROM hits")).isEqualTo("0");
    assertThat(names(data)).containsExactly("backups", "hitkeep.db");
  }

  @Test
  void anExportThatReachesOutsideReadsAndWritesNothingThere() throws Exception {
    exported("");
    Path secret = Files.writeString(folder.resolve("secret.csv"), "1,stolen\n");
    Path written = folder.resolve("written.csv");
    Files.writeString(
        export.resolve("schema.sql"),
        Files.readString(export.resolve("schema.sql"))
            + "CREATE TABLE t AS SELECT * FROM read_csv('"
            + secret
            + "');\nCOPY t TO '"
            + written
            + "';\n");
    SnapshotView hostile = place.backUp(data.resolve("backups"));

    Outcome outcome = recover(hostile);

    assertThat(outcome.ending()).contains(Ending.UNCHANGED);
    assertThat(written).doesNotExist();
    assertThat(ask("SELECT count(*) FROM hits")).isEqualTo("0");
  }

  @Test
  void aFolderThatIsNoExportIsRefused() throws Exception {
    SnapshotView snapshot = exported("");
    Target target =
        new Target(export.getParent().toString(), database.toString(), true, Optional.empty());

    assertThatThrownBy(() -> place.preview(snapshot, List.of(target)))
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining("is no folder that EXPORT DATABASE");
  }
}
