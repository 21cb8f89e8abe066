package dev.holdfast.engine.source.sql;

import java.util.List;

/// Takes the answer to a query, row by row. Called by one thread, which may be another than the one
/// that asked.
public interface Answer {
  /// The names of the columns, before any row.
  void columns(List<String> names);

  /// A row, with a cell for each column.
  void row(List<Cell> cells);
}
