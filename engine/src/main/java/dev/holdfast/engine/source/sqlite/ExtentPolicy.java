package dev.holdfast.engine.source.sqlite;

import dev.holdfast.engine.source.Cutting;

/// How large the extents of a database are (design, section 3): small, so that a scattered update
/// stores little; never smaller than a page; and growing with the database, so that neither its
/// node in the tree nor the index outgrows memory.
public final class ExtentPolicy {
  /// The size to begin with: the cheapest next backup in the measurements of the design.
  static final int SMALLEST_BYTES = 16 * 1024;

  /// Most extents of one database. About 34 bytes of tree and 60 of index memory for each make 25
  /// MB; reached at 4 GiB with the smallest extents.
  static final int MAX_EXTENTS = 262_144;

  /// Largest extent: that of the largest chunk of the repository format, 8 MiB, and enough for
  /// databases of 2 TiB within [#MAX_EXTENTS].
  static final int LARGEST_BYTES = 8 * 1024 * 1024;

  private ExtentPolicy() {}

  /// The cutting of a database of `lengthBytes` in pages of `pageSizeBytes`: extents of a power of
  /// two, so that a database that grows keeps its boundaries where they were.
  public static Cutting.Extents cutting(int pageSizeBytes, long lengthBytes) {
    if (!SqliteHeader.isPageSize(pageSizeBytes) || lengthBytes < 0) {
      throw new IllegalArgumentException(
          lengthBytes + " bytes in pages of " + pageSizeBytes + " bytes");
    }
    int extent = Math.max(SMALLEST_BYTES, pageSizeBytes);
    while (extent < LARGEST_BYTES && Math.ceilDiv(lengthBytes, (long) extent) > MAX_EXTENTS) {
      extent *= 2;
    }
    return new Cutting.Extents(extent);
  }
}
