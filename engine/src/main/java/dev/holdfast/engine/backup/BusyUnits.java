package dev.holdfast.engine.backup;

import dev.holdfast.engine.extent.PageGrid;
import dev.holdfast.engine.source.Cutting;

/// Which units of a stretch of a file hold a page that is likely to change: a byte for each. Noting
/// is safe from several threads, asking comes after all of it.
final class BusyUnits {
  private final Cutting.Pages pages;
  private final PageGrid grid;
  private final int firstUnit;
  private final byte[] units;

  BusyUnits(Cutting.Pages pages, PageGrid grid, long position, long lengthBytes) {
    this.pages = pages;
    this.grid = grid;
    firstUnit = grid.unitOf(position);
    units = new byte[grid.unitsOf(position + lengthBytes) - firstUnit];
  }

  /// Notes the pages that start within `lengthBytes` at `position`, which are in `bytes`.
  void note(long position, byte[] bytes, int lengthBytes) {
    int pageBytes = pages.pageBytes();
    long page = Math.ceilDiv(position, (long) pageBytes) * pageBytes;
    while (page < position + lengthBytes) {
      if (pages.kinds().isBusy(page, bytes, (int) (page - position))) {
        // Never anything else, so it does not matter if two threads meet in one unit.
        units[grid.unitOf(page) - firstUnit] = 1;
      }
      page += pageBytes;
    }
  }

  /// How many units that overlap the stretch are busy.
  int count(long position, int lengthBytes) {
    int count = 0;
    int end = grid.unitsOf(position + lengthBytes);
    for (int unit = grid.unitOf(position); unit < end; unit++) {
      count += units[unit - firstUnit];
    }
    return count;
  }

  /// For each unit that overlaps the stretch, whether it is busy.
  boolean[] of(long position, int lengthBytes) {
    int first = grid.unitOf(position);
    boolean[] busy = new boolean[grid.unitsOf(position + lengthBytes) - first];
    for (int i = 0; i < busy.length; i++) {
      busy[i] = units[first - firstUnit + i] != 0;
    }
    return busy;
  }
}
