package dev.holdfast.engine.source.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.source.DatabaseExport;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Exports that other versions of DuckDB import elsewhere, and imports of what they export.
class DuckDbExportTest {
  private static final String ODD_TABLE =
      "CREATE TABLE \"od;d's\"(\"a b\" INTEGER, t VARCHAR); INSERT INTO \"od;d's\" VALUES (1, 'x;--')";

  @TempDir Path directory;

  private DatabaseExport export() {
    return Images.engine(directory).exporting().orElseThrow();
  }

  private Path bank(String version) throws Exception {
    Path database = directory.resolve("bank.duckdb");
    DuckProcess.run(version, "make", database.toString());
    DuckProcess.run(version, "run", database.toString(), ODD_TABLE);
    return database;
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(strings = {"1.0.0", "1.4.4.0", DuckProcess.CURRENT})
  void whatIsExportedIsImportedByAnyVersionAtAnotherPlace(String version) throws Exception {
    Path database = bank("1.0.0");
    assertThat(Path.of(database + Place.LOG)).exists();
    Path folder = directory.resolve("made");
    SourceFacts facts = export().write(database.toString(), folder.toString());
    assertThat(Files.readString(folder.resolve("load.sql"))).doesNotContain(directory.toString());
    Path elsewhere = Files.move(folder, directory.resolve("else where"));
    Path imported = directory.resolve("imported.duckdb");
    DuckProcess.run(version, "run", imported.toString(), "IMPORT DATABASE '" + elsewhere + "'");
    assertThat(DuckProcess.run(version, "audit", imported.toString()))
        .isEqualTo(DuckProcess.run("1.0.0", "audit", database.toString()));
    assertThat(facts.tables())
        .anyMatch(table -> table.name().equals("od;d's") && table.rows() == 1);
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(strings = {"1.2.1", "1.5.6.0"})
  void whatAnotherVersionExportedIsImportedAndOpensInIt(String version) throws Exception {
    Path database = bank(version);
    Path folder = directory.resolve("made");
    DuckProcess.run(
        version, "run", database.toString(), "EXPORT DATABASE '" + folder + "' (FORMAT PARQUET)");
    Path elsewhere = Files.move(folder, directory.resolve("moved"));
    Path imported = directory.resolve("imported.duckdb");
    SourceFacts facts = export().read(elsewhere.toString(), imported.toString());
    assertThat(DuckProcess.run(version, "audit", imported.toString()))
        .isEqualTo(DuckProcess.run(version, "audit", database.toString()));
    assertThat(facts.tables())
        .anyMatch(table -> table.name().equals("od;d's") && table.rows() == 1);
  }

  private Path small(String schema, String load) throws IOException {
    Path folder = Files.createDirectories(directory.resolve("folder"));
    Files.writeString(folder.resolve("schema.sql"), schema);
    Files.writeString(folder.resolve("load.sql"), load);
    Files.writeString(folder.resolve("t.csv"), "a\n1\n");
    return folder;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "COPY (SELECT 1) TO 'OUT'; | | does more than to create",
        "ATTACH 'OUT' AS x; | | does more than to create",
        "CREATE TABLE t AS SELECT * FROM read_csv('/etc/passwd'); | | Permission Error",
        "CREATE TABLE t(a INT); | COPY t TO 'OUT'; | does more than to copy",
        "CREATE TABLE t(a INT); | COPY t FROM '/etc/passwd'; | 'passwd' is missing",
        "CREATE TABLE t(a INT); | COPY t FROM '*.csv'; | loads from",
        "CREATE TABLE t(a INT); -- ' ; COPY t TO 'OUT'; -- ' | | has a comment",
        "CREATE TABLE t(a INT); | COPY t FROM 't.csv (FORMAT csv); | ends within quotes",
        "CREATE TABLE t(a INT); | COPY t FROM 't.csv' (FORMAT parquet); | DuckDB says",
      })
  void scriptsThatDoAnythingElseAreRefused(String schema, String load, String reason)
      throws IOException {
    Path out = directory.resolve("out");
    Path folder =
        small(
            schema.replace("OUT", out.toString()),
            load == null ? "" : load.replace("OUT", out.toString()));
    Path database = directory.resolve("imported.duckdb");
    assertThatThrownBy(() -> export().read(folder.toString(), database.toString()))
        .isInstanceOf(HoldfastException.Corrupt.class)
        .hasMessageContaining(reason);
    assertThat(out).doesNotExist();
  }

  @Test
  void filesThatAreMissingOrCutOffAreRefused() throws Exception {
    Path database = bank(DuckProcess.CURRENT);
    Path folder = directory.resolve("made");
    export().write(database.toString(), folder.toString());
    Path account = folder.resolve("account.parquet");
    byte[] whole = Files.readAllBytes(account);
    for (int length : List.of(0, whole.length / 2, whole.length - 1)) {
      Files.write(account, java.util.Arrays.copyOf(whole, length));
      Path imported = directory.resolve("imported-" + length);
      assertThatThrownBy(() -> export().read(folder.toString(), imported.toString()))
          .isInstanceOf(HoldfastException.Corrupt.class);
    }
    Files.delete(account);
    assertThatThrownBy(() -> export().read(folder.toString(), directory + "/imported"))
        .hasMessageContaining("'account.parquet' is missing");
  }
}
