package dev.holdfast.engine.source.duckdb;

import dev.holdfast.engine.source.duckdb.FileHead.MalformedException;
import dev.holdfast.engine.source.sql.SqlScript;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
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
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Makes a database of a folder that `EXPORT DATABASE` wrote: a schema, a script that loads, and a
/// file for each table. DuckDB itself looks for the files in the folder, whatever paths the script
/// has; it can read nothing else, and write nothing but the new database.
final class Import {
  static final String SCHEMA = "schema.sql";
  static final String LOAD = "load.sql";

  /// What every DuckDB since 1.0 reads.
  static final String OLDEST = "v1.0.0";

  private static final Map<Long, String> VERSIONS =
      Map.of(64L, OLDEST, 65L, "v1.2.0", 66L, "v1.3.0", 67L, "v1.4.0", 68L, "v1.5.0");

  /// Scripts are as long as a schema has tables.
  private static final long SCRIPT_BYTES_MAX = 64L << 20;

  /// `COPY main.hits FROM '/somewhere/hits.parquet' (FORMAT 'parquet')`.
  private static final Pattern COPY =
      Pattern.compile(
          "COPY\\s+(\\S.*?)\\s+FROM\\s+'((?:[^']|'')*)'(.*)",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private final DuckDbOptions options;

  Import(DuckDbOptions options) {
    this.options = options;
  }

  void run(String folder, String path, Optional<String> like) {
    Place place = new Place(folder, folder);
    try {
      List<String> loads = script(folder, LOAD);
      script(folder, SCHEMA);
      Properties settings = new Properties();
      settings.setProperty("storage_compatibility_version", version(like));
      settings.setProperty("memory_limit", NamedDatabase.MORE_MEMORY);
      boolean done =
          NamedDatabase.open(
              path, options, settings, connection -> load(connection, folder, loads));
      assert done;
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
  }

  private static List<String> script(String folder, String name) throws IOException {
    Path file = Path.of(folder, name);
    if (!Files.isRegularFile(file)) {
      throw new HoldfastException.Corrupt(
          "%s is no whole export: it has no %s".formatted(OsString.display(folder), name), null);
    }
    if (Files.size(file) > SCRIPT_BYTES_MAX) {
      throw new HoldfastException.Corrupt(
          "%s of %s is too long".formatted(name, OsString.display(folder)), null);
    }
    return SqlScript.split(Files.readString(file, StandardCharsets.UTF_8));
  }

  private boolean load(Connection connection, String folder, List<String> loads)
      throws SQLException {
    execute(connection, "SET allowed_directories = [" + Rewriting.literal(folder) + "]");
    execute(connection, "SET enable_external_access = false");
    execute(connection, "SET lock_configuration = true");
    execute(connection, "IMPORT DATABASE " + Rewriting.literal(folder));
    for (String load : loads) {
      Matcher copy = COPY.matcher(load);
      if (!copy.matches()) {
        throw new HoldfastException.Corrupt(
            "%s of %s has a statement that is no COPY".formatted(LOAD, OsString.display(folder)),
            null);
      }
      compare(connection, folder, copy);
    }
    execute(connection, "CHECKPOINT");
    return true;
  }

  /// A file of Parquet says how many rows it has.
  private static void compare(Connection connection, String folder, Matcher copy)
      throws SQLException {
    String file = copy.group(2).replace("''", "'");
    String name = file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
    if (!name.endsWith(".parquet")) {
      return;
    }
    String there = Rewriting.literal(folder + "/" + name);
    long wanted = number(connection, "SELECT count(*) FROM read_parquet(" + there + ")");
    long found = number(connection, "SELECT count(*) FROM " + copy.group(1));
    if (wanted != found) {
      throw new HoldfastException.Corrupt(
          "%d rows of %s were imported, and %s has %d"
              .formatted(found, copy.group(1), OsString.display(name), wanted),
          null);
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
      boolean answered = statement.execute(sql);
      assert !answered || !sql.startsWith("SELECT");
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
