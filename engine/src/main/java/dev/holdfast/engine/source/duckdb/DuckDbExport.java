package dev.holdfast.engine.source.duckdb;

import dev.holdfast.engine.scratch.PrivateDirectory;
import dev.holdfast.engine.source.DatabaseExport;
import dev.holdfast.engine.source.SourceFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/// `EXPORT DATABASE` to Parquet, and `IMPORT DATABASE`.
final class DuckDbExport implements DatabaseExport {
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
    try (PrivateDirectory spill = OpenImage.privateDirectory(options)) {
      Properties settings = OpenImage.settings(MEMORY_LIMIT, spill.path());
      settings.setProperty("access_mode", "READ_ONLY");
      return export(place, folder, settings);
    }
  }

  private ImageCheck.Found export(Place place, String folder, Properties settings)
      throws IOException {
    try (Connection connection =
        DriverLibrary.driver(options).connect("jdbc:duckdb:" + place.path(), settings)) {
      ImageCheck.Found found = ImageCheck.look(connection, false);
      Sql.execute(connection, "EXPORT DATABASE " + Sql.literal(folder) + " (FORMAT parquet)");
      return found;
    } catch (SQLException e) {
      throw Failures.refusedByDuckDb(place, Failures.saying(e, folder, place.path()));
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
    return facts(
        new Import(options)
            .run(
                folder,
                database,
                Optional.empty(),
                connection -> ImageCheck.look(connection, true)),
        "");
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
