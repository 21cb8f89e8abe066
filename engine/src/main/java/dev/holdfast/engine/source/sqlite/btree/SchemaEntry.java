package dev.holdfast.engine.source.sqlite.btree;

/// A row of `sqlite_schema` (SQLite's file format, section 2.6).
///
/// @param type `table`, `index`, `view` or `trigger`
/// @param table that it belongs to; its own name for a table
/// @param rootPage 0 for what has no tree of its own: views, triggers, virtual tables
/// @param sql empty for the indexes that constraints bring with them
public record SchemaEntry(String type, String name, String table, long rootPage, String sql) {
  /// Whether its rows are an application's: not a view, not virtual, and not SQLite's own.
  public boolean isUserTable() {
    return type.equals("table") && rootPage > 0 && !name.startsWith("sqlite_");
  }

  /// Whether it holds statistics of the query planner, which come and go by themselves.
  public boolean isStatistics() {
    return table.startsWith("sqlite_stat");
  }
}
