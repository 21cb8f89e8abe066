package dev.holdfast.engine.source.duckdb;

import dev.holdfast.engine.source.duckdb.FileHead.MalformedException;
import dev.holdfast.posix.Posix;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/// Makes a database of a folder that `EXPORT DATABASE` wrote: a schema, a script that loads, and a
/// file for each table. DuckDB itself looks for the files in the folder, whatever paths the script
/// has; it can read nothing else, and write nothing but the new database.
final class Import {
  /// What every DuckDB since 1.0 reads.
  static final String OLDEST = "v1.0.0";

  private static final Map<Long, String> VERSIONS =
      Map.of(64L, OLDEST, 65L, "v1.2.0", 66L, "v1.3.0", 67L, "v1.4.0", 68L, "v1.5.0");

  private final DuckDbOptions options;

  Import(DuckDbOptions options) {
    this.options = options;
  }

  /// Makes the database at `path`.
  ///
  /// @param like a database of the program that is to read it, or one that is not there; empty:
  ///   every program is to
  /// @param use what is done with it before it is closed
  /// @throws HoldfastException.Corrupt if the folder has no whole export, or scripts that do more
  <T> T run(String folder, String path, Optional<String> like, OpenImage.Use<T> use) {
    Place place = new Place(folder, folder);
    T result;
    try {
      List<ExportScript.Load> loads = ExportScript.in(folder);
      Properties settings = new Properties();
      settings.setProperty("storage_compatibility_version", version(like));
      settings.setProperty("memory_limit", NamedDatabase.MORE_MEMORY);
      result =
          NamedDatabase.open(
              path, options, settings, connection -> load(connection, folder, loads, use));
    } catch (IOException e) {
      throw Failures.io(folder, e);
    } catch (SQLException e) {
      throw new HoldfastException.Corrupt(
          "the export %s cannot be imported: DuckDB says '%s'"
              .formatted(place.shown(), Failures.saying(e, folder, place.path())),
          "another export may be whole",
          e);
    }
    if (Posix.isPresent(path + Place.LOG)) {
      throw new HoldfastException.Corrupt("DuckDB leaves a log beside what it imported", null);
    }
    return result;
  }

  private static <T> T load(
      Connection connection, String folder, List<ExportScript.Load> loads, OpenImage.Use<T> use)
      throws IOException, SQLException {
    Sql.execute(connection, "SET allowed_directories = [" + Sql.literal(folder) + "]");
    Sql.execute(connection, "SET enable_external_access = false");
    Sql.execute(connection, "SET lock_configuration = true");
    Sql.execute(connection, "IMPORT DATABASE " + Sql.literal(folder));
    for (ExportScript.Load load : loads) {
      compare(connection, folder, load);
    }
    T result = use.with(connection);
    Sql.execute(connection, "CHECKPOINT");
    return result;
  }

  /// A file of Parquet says how many rows it has.
  private static void compare(Connection connection, String folder, ExportScript.Load load)
      throws SQLException {
    if (!load.file().endsWith(".parquet")) {
      return;
    }
    String file = Sql.literal(folder + "/" + load.file());
    long there = Sql.number(connection, "SELECT count(*) FROM read_parquet(" + file + ")");
    long here = Sql.number(connection, "SELECT count(*) FROM " + load.table());
    if (there != here) {
      throw ExportScript.damaged(
          "%s has %d rows, and %d of them were taken in".formatted(load.file(), there, here));
    }
  }

  /// The storage version of a database that the same program reads, or one that all read.
  private static String version(Optional<String> like) throws IOException {
    if (like.isEmpty()) {
      return OLDEST;
    }
    Optional<DataFile> found = DataFile.openIfPresent(like.get());
    if (found.isEmpty()) {
      return OLDEST;
    }
    try (DataFile file = found.get()) {
      byte[] bytes = new byte[FileHead.BYTES];
      FileHead head = FileHead.parse(bytes, file.readUpTo(0, bytes, 0, bytes.length));
      return head.storageVersion() > FileHead.NEWEST_VERSION - 1
          ? "latest"
          : VERSIONS.getOrDefault(head.storageVersion(), OLDEST);
    } catch (MalformedException e) {
      return OLDEST; // it is being recovered because it is damaged
    }
  }
}
