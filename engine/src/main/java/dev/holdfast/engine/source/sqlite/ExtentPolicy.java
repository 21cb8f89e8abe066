package dev.holdfast.engine.source.sqlite;

import dev.holdfast.engine.source.Cutting;

/// Tells which pages of a database are likely to change (SQLite's file format, section 1.6). A row
/// that is added or removed changes a leaf of each index, somewhere; and an index has far fewer
/// leaves than its table. So a leaf of an index changes some ten times as often as a leaf of a
/// table.
final class ExtentPolicy {
  private static final byte INDEX_INTERIOR = 0x02;
  private static final byte TABLE_INTERIOR = 0x05;
  private static final byte INDEX_LEAF = 0x0a;

  private ExtentPolicy() {}

  static Cutting.Pages cutting(int pageSizeBytes) {
    return new Cutting.Pages(pageSizeBytes, ExtentPolicy::isBusy);
  }

  /// The first page holds counters of the whole file. Pages that are no part of a tree begin with
  /// the number of another page, whose first byte is zero in all but the largest databases.
  private static boolean isBusy(long position, byte[] bytes, int offset) {
    return position == 0
        || switch (bytes[offset]) {
          case INDEX_LEAF, INDEX_INTERIOR, TABLE_INTERIOR -> true;
          default -> false;
        };
  }
}
