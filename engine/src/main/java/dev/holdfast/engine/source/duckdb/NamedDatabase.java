package dev.holdfast.engine.source.duckdb;

import dev.holdfast.engine.scratch.PrivateDirectory;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;

/// A database under its name that nobody else uses.
///
/// If it is open to be written, DuckDB writes the format that the file already has, so the version
/// that wrote it still reads it; `docs/decisions/016` has what was tried.
final class NamedDatabase {
  /// What DuckDB may take at first; more only if it says that this is not enough.
  private static final String MEMORY_LIMIT = "256MB";

  /// What it may take if that is not enough.
  static final String MORE_MEMORY = "50%";

  private static final String DIRECTORY_LINK = "in";

  private NamedDatabase() {}

  /// Opens the database at `path`, and closes it when `use` is done, which brings its log in if it
  /// is open to be written. Done again with more memory if DuckDB wants that.
  ///
  /// @param more settings
  /// @throws SQLException as DuckDB says it
  static <T> T open(String path, DuckDbOptions options, Properties more, OpenImage.Use<T> use)
      throws IOException, SQLException {
    try {
      return open(path, options, more, MEMORY_LIMIT, use);
    } catch (SQLException e) {
      if (!wantsMemory(e)) {
        throw e;
      }
      return open(path, options, more, MORE_MEMORY, use);
    }
  }

  /// The directory is entered by a link with a plain name, because a driver's address has
  /// characters of its own.
  private static <T> T open(
      String path, DuckDbOptions options, Properties more, String memory, OpenImage.Use<T> use)
      throws IOException, SQLException {
    int slash = path.lastIndexOf('/');
    String name = path.substring(slash + 1);
    if (name.indexOf(';') >= 0 || name.indexOf('?') >= 0 || !OsString.isValidUtf8(path)) {
      throw new HoldfastException.Unsupported(
          "DuckDB cannot be told a name such as " + OsString.display(name), "give it another name");
    }
    try (PrivateDirectory scratch = OpenImage.privateDirectory(options)) {
      Path directory = scratch.path();
      Path link = directory.resolve(DIRECTORY_LINK);
      Files.createSymbolicLink(link, Path.of(slash <= 0 ? "/" : path.substring(0, slash)));
      Properties settings = OpenImage.settings(memory, directory);
      settings.putAll(more);
      try (Connection connection =
          DriverLibrary.driver(options).connect("jdbc:duckdb:" + link.resolve(name), settings)) {
        return use.with(connection);
      }
    }
  }

  /// Opens a database that is nowhere, to attach others to it.
  static <T> T inMemory(DuckDbOptions options, OpenImage.Use<T> use)
      throws IOException, SQLException {
    try {
      return inMemory(options, MEMORY_LIMIT, use);
    } catch (SQLException e) {
      if (!wantsMemory(e)) {
        throw e;
      }
      return inMemory(options, MORE_MEMORY, use);
    }
  }

  private static <T> T inMemory(DuckDbOptions options, String memory, OpenImage.Use<T> use)
      throws IOException, SQLException {
    try (PrivateDirectory scratch = OpenImage.privateDirectory(options);
        Connection connection =
            DriverLibrary.driver(options)
                .connect("jdbc:duckdb:", OpenImage.settings(memory, scratch.path()))) {
      return use.with(connection);
    }
  }

  private static boolean wantsMemory(SQLException e) {
    return String.valueOf(e.getMessage()).contains("Out of Memory");
  }
}
