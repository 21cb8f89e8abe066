package dev.holdfast.engine.source.duckdb;

import dev.holdfast.engine.source.Fingerprint;
import dev.holdfast.engine.source.TableRows;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Asks DuckDB what is in a copy.
final class ImageCheck {
  private final Place place;
  private final DuckDbOptions options;

  ImageCheck(Place place, DuckDbOptions options) {
    this.place = place;
    this.options = options;
  }

  /// What DuckDB found.
  ///
  /// @param tables with their rows, counted
  /// @param schemaFingerprint SHA-256 of all definitions
  record Found(List<TableRows> tables, String schemaFingerprint) {}

  /// Opens the copy and counts its rows.
  ///
  /// @param readAll whether all values are read as well
  /// @throws dev.holdfast.repository.error.HoldfastException if DuckDB will not have it
  Found run(DataFile image, List<CapturedLogs.Copy> logs, boolean readAll) throws IOException {
    return OpenImage.use(place, options, image, logs, connection -> look(connection, readAll));
  }

  /// What is in an open database.
  static Found look(Connection connection, boolean readAll) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      List<TableRows> tables = new ArrayList<>();
      for (Table table : tables(statement)) {
        String from = " FROM " + quoted(table.schema()) + "." + quoted(table.name()) + " AS rows";
        if (readAll) {
          number(
              statement, "SELECT count(hash(rows)) + coalesce(bit_xor(hash(rows)), 0) % 2" + from);
        }
        tables.add(new TableRows(table.shown(), number(statement, "SELECT count(*)" + from), true));
      }
      tables.sort(Comparator.comparing(TableRows::name));
      return new Found(tables, fingerprint(statement));
    }
  }

  private record Table(String schema, String name) {
    String shown() {
      return schema.equals("main") ? name : schema + "." + name;
    }
  }

  private static List<Table> tables(Statement statement) throws SQLException {
    List<Table> tables = new ArrayList<>();
    String query =
        "SELECT schema_name, table_name FROM duckdb_tables()"
            + " WHERE database_name = current_database() AND NOT internal AND NOT temporary";
    try (ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        tables.add(new Table(rows.getString(1), rows.getString(2)));
      }
    }
    return tables;
  }

  private static long number(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /// The definitions of everything that is no data, as DuckDB itself writes them, sorted. How far a
  /// sequence has counted is data.
  private static String fingerprint(Statement statement) throws SQLException {
    String ours = " WHERE database_name = current_database() AND NOT internal";
    String query =
        """
        SELECT 'schema', schema_name, '', '' FROM duckdb_schemas() OURS
        UNION ALL SELECT 'table', schema_name, table_name, sql FROM duckdb_tables() OURS
        UNION ALL SELECT 'view', schema_name, view_name, sql FROM duckdb_views() OURS
        UNION ALL SELECT 'index', schema_name, index_name, coalesce(sql, '')
          FROM duckdb_indexes() WHERE database_name = current_database()
        UNION ALL SELECT 'sequence', schema_name, sequence_name,
            concat_ws(' ', min_value, max_value, increment_by, cycle)
          FROM duckdb_sequences() WHERE database_name = current_database() AND NOT temporary
        UNION ALL SELECT 'type', schema_name, type_name, concat_ws(' ', logical_type, labels)
          FROM duckdb_types() OURS
        UNION ALL SELECT 'macro', schema_name, function_name,
            concat_ws(' ', parameters, macro_definition)
          FROM duckdb_functions() OURS AND macro_definition IS NOT NULL
        ORDER BY ALL
        """
            .replace(" OURS", ours);
    Fingerprint fingerprint = new Fingerprint();
    try (ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        for (int column = 1; column <= 4; column++) {
          fingerprint.add(String.valueOf(rows.getString(column)).strip().replaceAll("\\s+", " "));
        }
      }
    }
    return fingerprint.end();
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
