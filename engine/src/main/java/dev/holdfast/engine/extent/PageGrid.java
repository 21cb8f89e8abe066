package dev.holdfast.engine.extent;

/// The units in which the extents of a file are planned: a page, or several where pages are small
/// or the file is large. The same for files of about the same size, so that two machines that know
/// nothing of each other cut alike.
///
/// @param unitBytes length of a unit, a multiple of the page size
public record PageGrid(int unitBytes) {
  /// Extents shorter than this never pay: their place in the tree costs more than what they save.
  static final int SMALLEST_UNIT_BYTES = 4096;

  /// Units of a file, at most: a byte of memory for each while it is compared with its parent. They
  /// bound the number of extents, too, of which a quarter as many are usual.
  static final int MAX_UNITS = 1 << 21;

  /// Largest unit: then a window of them is the largest blob that anybody expects, 8 MiB.
  static final int LARGEST_UNIT_BYTES = 1 << 20;

  private static final int WINDOW_UNITS = 256;
  private static final int MAX_WINDOW_BYTES = 8 << 20;
  private static final int EXTENT_UNITS = 64;

  public PageGrid {
    if (unitBytes <= 0) {
      throw new IllegalArgumentException("unit of " + unitBytes + " bytes");
    }
  }

  /// The grid of a file of `lengthBytes` in pages of `pageBytes`, a power of two.
  public static PageGrid of(int pageBytes, long lengthBytes) {
    int unit = Math.max(pageBytes, SMALLEST_UNIT_BYTES);
    while (unit < LARGEST_UNIT_BYTES && lengthBytes / unit >= MAX_UNITS) {
      unit *= 2;
    }
    return new PageGrid(unit);
  }

  /// The stretch that is planned at once: extents end where it ends.
  public int windowBytes() {
    return Math.max(unitBytes, Math.min(WINDOW_UNITS * unitBytes, MAX_WINDOW_BYTES));
  }

  /// Most units of an extent.
  int extentUnits() {
    return Math.max(1, Math.min(EXTENT_UNITS, MAX_WINDOW_BYTES / unitBytes));
  }

  /// The end of the window that holds `position`.
  public long windowEnd(long position) {
    return Math.addExact(position - position % windowBytes(), windowBytes());
  }

  /// The unit that holds `position`.
  public int unitOf(long position) {
    return Math.toIntExact(position / unitBytes);
  }

  /// How many units a file of `lengthBytes` has, the last of them perhaps in part.
  public int unitsOf(long lengthBytes) {
    return Math.toIntExact(Math.ceilDiv(lengthBytes, (long) unitBytes));
  }
}
