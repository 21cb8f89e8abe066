package dev.holdfast.engine.source.duckdb;

import dev.holdfast.engine.source.DatabaseExport;
import dev.holdfast.engine.source.SourceFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/// `EXPORT DATABASE` to Parquet, and `IMPORT DATABASE`.
final class DuckDbExport implements DatabaseExport {
  /// Scripts are as long as a schema has tables.
  private static final long SCRIPT_BYTES_MAX = 64L << 20;

  /// The oldest format. DuckDB 1.2 and later open it in any case; older ones unless it has indexes,
  /// whose form has changed.
  private static final String OLDEST_FORMAT = "v1.0.0";

  /// What DuckDB may take: Parquet is written a row group at a time.
  private static final String MEMORY_LIMIT = "512MB";

  private final DuckDbOptions options;
  private final Clock clock;

  DuckDbExport(DuckDbOptions options, Clock clock) {
    this.options = options;
    this.clock = clock;
  }

  @Override
  public List<String> marks() {
    return List.of(ExportScript.SCHEMA, ExportScript.LOAD);
  }

  @Override
  public SourceFacts write(String database, String folder) {
    Place place = new Place(database, database);
    try (DataFile file = DataFile.open(database)) {
      byte[] bytes = new byte[FileHead.BYTES];
      FileHead head = FileHead.parse(bytes, file.readUpTo(0, bytes, 0, bytes.length));
      ImageCheck.Found found = export(place, folder);
      rewriteLoad(Path.of(folder));
      return facts(found, head.library());
    } catch (FileHead.MalformedException e) {
      throw Failures.damaged(place, "it " + e.getMessage());
    } catch (IOException e) {
      throw Failures.io(database, e);
    }
  }

  private ImageCheck.Found export(Place place, String folder) throws IOException {
    Path spill = OpenImage.privateDirectory(options);
    Properties settings = OpenImage.settings(MEMORY_LIMIT, spill);
    settings.setProperty("access_mode", "READ_ONLY");
    try (Connection connection =
        DriverLibrary.driver(options).connect("jdbc:duckdb:" + place.path(), settings)) {
      ImageCheck.Found found = ImageCheck.look(connection, false);
      execute(connection, "EXPORT DATABASE " + quoted(folder) + " (FORMAT parquet)");
      return found;
    } catch (SQLException e) {
      throw Failures.refusedByDuckDb(place, Failures.saying(e, folder, place.path()));
    } finally {
      OpenImage.removeAll(spill);
    }
  }

  /// DuckDB writes where the files lie on this machine. It does not need to know when it imports,
  /// and nobody who reads the script should be led there.
  private static void rewriteLoad(Path folder) throws IOException {
    Path load = folder.resolve(ExportScript.LOAD);
    StringBuilder relative = new StringBuilder();
    for (ExportScript.Load each : ExportScript.loads(Files.readString(load))) {
      relative.append(each.statement()).append('\n');
    }
    Files.writeString(load, relative.toString());
  }

  @Override
  public SourceFacts read(String folder, String database) {
    try {
      List<ExportScript.Load> loads = ExportScript.loads(script(folder, ExportScript.LOAD));
      ExportScript.checkSchema(script(folder, ExportScript.SCHEMA));
      for (ExportScript.Load load : loads) {
        if (!Files.isRegularFile(Path.of(folder, load.file()), LinkOption.NOFOLLOW_LINKS)) {
          throw ExportScript.damaged("'" + load.file() + "' is missing");
        }
      }
      return facts(load(folder, database, loads), "");
    } catch (IOException e) {
      throw Failures.io(folder, e);
    }
  }

  private static String script(String folder, String name) throws IOException {
    Path file = Path.of(folder, name);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw ExportScript.damaged("it has no " + name);
    }
    if (Files.size(file) > SCRIPT_BYTES_MAX) {
      throw ExportScript.damaged(name + " is too long");
    }
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  private ImageCheck.Found load(String folder, String database, List<ExportScript.Load> loads)
      throws IOException {
    Path spill = OpenImage.privateDirectory(options);
    try (Connection connection =
        DriverLibrary.driver(options)
            .connect("jdbc:duckdb:", OpenImage.settings(MEMORY_LIMIT, spill))) {
      execute(
          connection,
          "ATTACH %s AS imported (STORAGE_VERSION '%s')"
              .formatted(quoted(database), OLDEST_FORMAT));
      execute(connection, "USE imported");
      execute(
          connection,
          "SET allowed_directories = [%s, %s]".formatted(quoted(folder), quoted(spill.toString())));
      execute(connection, "SET enable_external_access = false");
      execute(connection, "SET lock_configuration = true");
      execute(connection, "IMPORT DATABASE " + quoted(folder));
      for (ExportScript.Load load : loads) {
        compareRows(connection, folder, load);
      }
      ImageCheck.Found found = ImageCheck.look(connection, true);
      execute(connection, "CHECKPOINT imported");
      execute(connection, "USE memory");
      execute(connection, "DETACH imported");
      return found;
    } catch (SQLException e) {
      throw ExportScript.damaged("DuckDB says '" + Failures.saying(e, folder, "") + "'");
    } finally {
      OpenImage.removeAll(spill);
    }
  }

  /// A file of Parquet says how many rows it has.
  private static void compareRows(Connection connection, String folder, ExportScript.Load load)
      throws SQLException {
    if (!load.file().endsWith(".parquet")) {
      return;
    }
    String file = quoted(folder + "/" + load.file());
    long there = number(connection, "SELECT count(*) FROM read_parquet(" + file + ")");
    long here = number(connection, "SELECT count(*) FROM " + load.table());
    if (there != here) {
      throw ExportScript.damaged(
          "%s has %d rows, and %d of them were taken in".formatted(load.file(), there, here));
    }
  }

  private static long number(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (statement.execute(sql)) {
        statement.getResultSet().close(); // some say how many rows they met
      }
    }
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private SourceFacts facts(ImageCheck.Found found, String engineVersion) {
    return new SourceFacts(
        engineVersion,
        clock.instant(),
        found.tables(),
        Optional.of(found.schemaFingerprint()),
        Map.of(),
        List.of());
  }
}
