package dev.holdfast.engine.source.duckdb;

import dev.holdfast.engine.source.sql.MaskRun;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;

/// Runs statements on a database and writes it anew.
///
/// DuckDB frees the blocks of what was deleted and leaves in them what they held; the smallest and
/// largest values of a column outlive the rows that had them. A new file that everything is copied
/// to has neither.
final class Rewriting {
  private static final String OLD = "holdfast_old";
  private static final String NEW = "holdfast_new";

  private final Place place;
  private final DuckDbOptions options;

  Rewriting(Place place, DuckDbOptions options) {
    this.place = place;
    this.options = options;
  }

  /// Runs `statements` in one transaction, and copies what is there then to `rewritten`, in the
  /// same storage version and with blocks of the same size.
  void run(List<String> statements, String rewritten) throws IOException, SQLException {
    Properties settings = new Properties();
    settings.setProperty("enable_external_access", "false");
    settings.setProperty("lock_configuration", "true");
    ImageCheck.Found masked =
        NamedDatabase.open(
            place.path(),
            options,
            settings,
            connection -> {
              new MaskRun(connection, place.path()).run(statements);
              Sql.execute(connection, "CHECKPOINT");
              return ImageCheck.look(connection, false);
            });
    copy(rewritten);
    try (DataFile copy = DataFile.open(rewritten)) {
      ImageCheck.Found copied = new ImageCheck(place, options).run(copy, List.of(), false);
      if (!copied.equals(masked)) {
        throw new HoldfastException.Unsupported(
            "DuckDB does not copy all that is in database " + place.shown(),
            "let the application have no more than tables, views, macros, sequences and indexes");
      }
    }
  }

  private void copy(String rewritten) throws IOException, SQLException {
    int block = blockBytes();
    boolean done =
        NamedDatabase.inMemory(
            options,
            connection -> {
              Files.deleteIfExists(Path.of(rewritten)); // of an attempt with too little memory
              Files.deleteIfExists(Path.of(rewritten + Place.LOG));
              Sql.execute(
                  connection,
                  "ATTACH " + Sql.literal(place.path()) + " AS " + OLD + " (READ_ONLY)");
              Sql.execute(
                  connection,
                  "ATTACH %s AS %s (STORAGE_VERSION %s, BLOCK_SIZE %d)"
                      .formatted(
                          Sql.literal(rewritten), NEW, Sql.literal(version(connection)), block));
              Sql.execute(connection, "COPY FROM DATABASE " + OLD + " TO " + NEW);
              Sql.execute(connection, "CHECKPOINT " + NEW);
              Sql.execute(connection, "DETACH " + NEW);
              return true;
            });
    assert done;
  }

  private int blockBytes() throws IOException {
    try (DataFile file = DataFile.open(place.path())) {
      byte[] bytes = new byte[FileHead.BYTES];
      FileHead head = FileHead.parse(bytes, file.readUpTo(0, bytes, 0, bytes.length));
      return head.active().orElseThrow().blockBytes();
    } catch (FileHead.MalformedException e) {
      throw Failures.damaged(place, "it " + e.getMessage());
    }
  }

  /// Such as `v1.4.0`; DuckDB says `v1.4.0+`.
  private static String version(Connection connection) throws SQLException {
    String query =
        "SELECT tags['storage_version'] FROM duckdb_databases() WHERE database_name = '"
            + OLD
            + "'";
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      String version = rows.next() ? rows.getString(1) : null;
      return version == null ? Import.OLDEST : version.replace("+", "");
    }
  }
}
