package dev.holdfast.engine.source;

/// A file of the same state as a database, stored beside it: the write-ahead log that a DuckDB
/// image needs to be whole. Closed by the content that it belongs to.
///
/// @param suffix what its name adds to the name of the database, such as `.wal`
/// @param content its bytes, readable as long as the database's content is open
public record Companion(String suffix, Content content) {
  public Companion {
    if (suffix.isEmpty() || suffix.indexOf('/') >= 0 || suffix.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a companion named by '" + suffix + "'");
    }
  }
}
