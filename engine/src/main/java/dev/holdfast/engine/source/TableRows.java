package dev.holdfast.engine.source;

/// How many rows a table holds in the state that was backed up.
///
/// @param name the table's name as the engine writes it, with its schema where there are several
/// @param rows how many, or about how many
/// @param exact whether they were counted in that very state; false for an estimate
public record TableRows(String name, long rows, boolean exact) {
  public TableRows {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a table without a name");
    }
    if (rows < 0) {
      throw new IllegalArgumentException("table " + name + " with " + rows + " rows");
    }
  }
}
