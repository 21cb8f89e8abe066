package dev.holdfast.engine.backup;

import dev.holdfast.engine.extent.ChangeRates;
import dev.holdfast.engine.extent.ExtentPlanner;
import dev.holdfast.engine.extent.PageGrid;
import dev.holdfast.engine.source.Cutting;
import org.jspecify.annotations.Nullable;

/// Stores a file of pages in extents of different lengths. What did not change keeps the extents
/// that it has in the parent snapshot, and costs a hash; what changed is cut anew. Without a parent
/// everything is cut by what is expected.
final class PageCutter {
  private final ExtentStorage storage;
  private final Cutting.Pages pages;
  private final PageGrid grid;

  PageCutter(ExtentStorage storage, Cutting.Pages pages) {
    this.storage = storage;
    this.pages = pages;
    this.grid = PageGrid.of(pages.pageBytes(), storage.lengthBytes());
  }

  /// Stores all of the content. Parts of it may still be in work when this returns.
  ///
  /// @param previous the file in the parent snapshot
  void cut(@Nullable PreviousExtents previous) {
    if (previous == null) {
      cutByExpectation();
    } else {
      new PageComparison(storage, pages, grid, previous).run();
    }
  }

  private void cutByExpectation() {
    long length = storage.lengthBytes();
    ChangeRates rates = ChangeRates.expected(length, grid.unitBytes());
    long position = 0;
    while (position < length && !storage.hasFailed()) {
      int size = (int) (Math.min(length, grid.windowEnd(position)) - position);
      storage.store(
          position,
          size,
          (at, bytes, count) -> {
            BusyUnits busy = new BusyUnits(pages, grid, at, count);
            busy.note(at, bytes, count);
            return new ExtentPlanner(grid, rates, ExtentPlanner.FIRST_BACKUP_WEIGHT)
                .cut(at, count, busy.of(at, count));
          },
          true);
      position += size;
    }
  }
}
