package dev.holdfast.engine.source.duckdb;

import dev.holdfast.engine.scratch.PrivateDirectory;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;

/// A copy without a name, open in DuckDB, which replays its logs in memory. The copy is not written
/// to.
///
/// DuckDB opens it through symbolic links of a private directory, which are worth nothing to
/// anybody when this process has ended.
final class OpenImage {
  /// What DuckDB may take. It is asked for little: to read the catalog, to replay the logs and to
  /// count.
  private static final String MEMORY_LIMIT = "128MB";

  private static final String IMAGE_NAME = "image.duckdb";

  private OpenImage() {}

  /// Does something with an open image.
  @FunctionalInterface
  interface Use<T> {
    T with(Connection connection) throws SQLException, IOException;
  }

  /// Opens a copy, and closes it when `use` is done.
  ///
  /// @throws HoldfastException if DuckDB will not have it
  static <T> T use(
      Place place, DuckDbOptions options, DataFile image, List<CapturedLogs.Copy> logs, Use<T> use)
      throws IOException {
    try (PrivateDirectory scratch = privateDirectory(options)) {
      Path directory = scratch.path();
      Path link = directory.resolve(IMAGE_NAME);
      Files.createSymbolicLink(link, Path.of(image.link()));
      for (CapturedLogs.Copy log : logs) {
        Files.createSymbolicLink(
            directory.resolve(IMAGE_NAME + log.suffix()), Path.of(log.file().link()));
      }
      try (Connection connection = connect(options, link, directory)) {
        return use.with(connection);
      } catch (SQLException e) {
        throw Failures.refusedByDuckDb(place, Failures.saying(e, link.toString(), place.path()));
      }
    }
  }

  /// A directory that nobody else may enter.
  static PrivateDirectory privateDirectory(DuckDbOptions options) {
    Path parent = Path.of(options.scratchDirectories().getFirst());
    try {
      return PrivateDirectory.in(parent, "holdfast-duckdb-");
    } catch (IOException e) {
      throw new HoldfastException.InputOutput(
          "DuckDB needs a folder for temporary files, and %s cannot be written to: %s"
              .formatted(parent, Reason.of(e)),
          "point TMPDIR to one that can",
          e);
    }
  }

  /// Settings that all connections have: no more memory than that, no extension from elsewhere.
  static Properties settings(String memoryLimit, Path directory) {
    Properties settings = new Properties();
    settings.setProperty("threads", "1");
    settings.setProperty("memory_limit", memoryLimit);
    settings.setProperty("temp_directory", directory.resolve("spill").toString());
    settings.setProperty("temp_file_encryption", "true");
    settings.setProperty("autoinstall_known_extensions", "false");
    settings.setProperty("autoload_known_extensions", "false");
    return settings;
  }

  private static Connection connect(DuckDbOptions options, Path image, Path directory)
      throws IOException, SQLException {
    Properties settings = settings(MEMORY_LIMIT, directory);
    settings.setProperty("access_mode", "READ_ONLY");
    return DriverLibrary.driver(options).connect("jdbc:duckdb:" + image, settings);
  }
}
