package dev.holdfast.engine.source.duckdb;

/// The kinds of entries of a write-ahead log (`wal_type.hpp`), and whether applying one may free
/// blocks of the file at once, before the next checkpoint: blocks that entries before it refer to.
enum LogEntry {
  CREATE_TABLE(1, false),
  DROP_TABLE(2, true),
  CREATE_SCHEMA(3, false),
  DROP_SCHEMA(4, true),
  CREATE_VIEW(5, false),
  DROP_VIEW(6, false),
  CREATE_SEQUENCE(8, false),
  DROP_SEQUENCE(9, false),
  SEQUENCE_VALUE(10, false),
  CREATE_MACRO(11, false),
  DROP_MACRO(12, false),
  CREATE_TYPE(13, false),
  DROP_TYPE(14, false),
  ALTER_INFO(20, true),
  CREATE_TABLE_MACRO(21, false),
  DROP_TABLE_MACRO(22, false),
  CREATE_INDEX(23, false),
  DROP_INDEX(24, true),
  USE_TABLE(25, false),
  INSERT_TUPLE(26, false),
  DELETE_TUPLE(27, false),
  UPDATE_TUPLE(28, false),
  /// Rows of a bulk load, which wrote their blocks before it committed.
  ROW_GROUP_DATA(29, false),
  CREATE_TRIGGER(30, false),
  DROP_TRIGGER(31, false),
  WAL_VERSION(98, false),
  /// A checkpoint began; what is committed from now on goes into another log.
  CHECKPOINT(99, true),
  /// A commit is complete.
  WAL_FLUSH(100, false),
  /// Any other.
  UNKNOWN(0, true);

  private static final LogEntry[] BY_CODE = new LogEntry[128];

  static {
    for (LogEntry kind : values()) {
      BY_CODE[kind.code] = kind;
    }
  }

  private final int code;
  private final boolean mayFreeBlocks;

  LogEntry(int code, boolean mayFreeBlocks) {
    this.code = code;
    this.mayFreeBlocks = mayFreeBlocks;
  }

  static LogEntry of(int code) {
    LogEntry kind = code < BY_CODE.length ? BY_CODE[code] : null;
    return kind == null ? UNKNOWN : kind;
  }

  boolean mayFreeBlocks() {
    return mayFreeBlocks;
  }
}
