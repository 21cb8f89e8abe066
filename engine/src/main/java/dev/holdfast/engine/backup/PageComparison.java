package dev.holdfast.engine.backup;

import dev.holdfast.engine.extent.ChangeRates;
import dev.holdfast.engine.extent.ExtentPlanner;
import dev.holdfast.engine.extent.PageGrid;
import dev.holdfast.engine.source.Cutting;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.write.SavedBlob;
import java.util.concurrent.atomic.AtomicInteger;

/// Stores a file of pages by what changed since the parent snapshot. First every extent of the
/// parent is hashed where it was, which says what changed and how often its kind of page does. Then
/// what changed is read again, cut by that, and stored, and so is what was appended.
final class PageComparison {
  /// Of a file that changed more than this nothing is known any more: it was rebuilt, or restored.
  private static final double MOST_TELLING_CHANGE = 0.5;

  private final ExtentStorage storage;
  private final PageGrid grid;
  private final PreviousExtents previous;
  private final BusyUnits busy;
  private final boolean[] changed;
  private final AtomicInteger openBatches = new AtomicInteger(1);
  private volatile boolean failed;

  PageComparison(
      ExtentStorage storage, Cutting.Pages pages, PageGrid grid, PreviousExtents previous) {
    this.storage = storage;
    this.grid = grid;
    this.previous = previous;
    this.busy = new BusyUnits(pages, grid, 0, storage.lengthBytes());
    this.changed = new boolean[previous.count()];
  }

  /// Compares and stores. Parts of both may still be in work when this returns.
  void run() {
    int continuation = storage.pending().reserve();
    long position = compareExtents(continuation);
    while (position < storage.lengthBytes() && !failed) {
      // Appended: only to be looked at for now.
      int size = (int) (Math.min(storage.lengthBytes(), grid.windowEnd(position)) - position);
      offer(new Batch(position, size, previous.count(), previous.count()), continuation);
      position += size;
    }
    batchDone(continuation);
  }

  /// Offers batches of neighbouring extents that lie within the file as it is now.
  ///
  /// @return where the last of them ends
  private long compareExtents(int continuation) {
    long position = 0;
    int extent = 0;
    while (extent < previous.count() && !failed) {
      int first = extent;
      int size = 0;
      while (extent < previous.count()) {
        int length = previous.lengthBytes(extent);
        boolean isFull = size > 0 && size + length > ExtentStorage.BATCH_BYTES;
        if (isFull || position + size + length > storage.lengthBytes()) {
          break;
        }
        size += length;
        extent++;
      }
      if (size == 0) {
        break;
      }
      offer(new Batch(position, size, first, extent), continuation);
      position += size;
    }
    for (int i = extent; i < changed.length; i++) {
      // The file has become shorter.
      changed[i] = true;
    }
    return position;
  }

  private void offer(Batch batch, int continuation) {
    openBatches.incrementAndGet();
    storage.offer(() -> {
      if (!batch.compare()) {
        failed = true;
      }
      batchDone(continuation);
    });
  }

  /// Whoever is done last goes on: no worker ever waits for another.
  private void batchDone(int continuation) {
    if (openBatches.decrementAndGet() > 0) {
      return;
    }
    if (failed) {
      storage.pending().failed();
      return;
    }
    storeChanges();
    storage.pending().saved(continuation, new SavedBlob[0], new int[0]);
  }

  /// Neighbouring extents, or a stretch without any.
  private final class Batch {
    private final long position;
    private final int sizeBytes;
    private final int first;
    private final int end;

    Batch(long position, int sizeBytes, int first, int end) {
      this.position = position;
      this.sizeBytes = sizeBytes;
      this.first = first;
      this.end = end;
    }

    /// @return false if it cannot be read
    boolean compare() {
      byte[] bytes = storage.read(position, sizeBytes);
      if (bytes == null) {
        return false;
      }
      busy.note(position, bytes, sizeBytes);
      int offset = 0;
      for (int extent = first; extent < end; extent++) {
        int length = previous.lengthBytes(extent);
        BlobId id = storage.run().hash(bytes, offset, length);
        changed[extent] = !id.equals(previous.id(extent));
        offset += length;
      }
      storage.run().bytesDone(sizeBytes);
      return true;
    }
  }

  private void storeChanges() {
    ExtentPlanner planner = planner();
    long position = 0;
    int extent = 0;
    while (extent < changed.length && position < storage.lengthBytes()) {
      int first = extent;
      long start = position;
      boolean isChanged = changed[extent];
      while (extent < changed.length && changed[extent] == isChanged) {
        position += previous.lengthBytes(extent);
        extent++;
      }
      if (!isChanged) {
        storage.keep(previous.ids(first, extent));
      } else if (extent < changed.length) {
        store(planner, start, position);
      } else {
        // What was appended is cut together with what it was appended to.
        position = start;
        break;
      }
    }
    store(planner, position, storage.lengthBytes());
  }

  private void store(ExtentPlanner planner, long from, long end) {
    long position = from;
    while (position < end && !storage.hasFailed()) {
      int size = (int) (Math.min(end, grid.windowEnd(position)) - position);
      storage.store(position, planner.cut(position, size, busy.of(position, size)), false);
      position += size;
    }
  }

  /// Plans by the share of extents that changed. One with a busy unit has most likely changed
  /// there.
  private ExtentPlanner planner() {
    ChangeRates.Count busyCount = new ChangeRates.Count();
    ChangeRates.Count quietCount = new ChangeRates.Count();
    long changedBytes = 0;
    long position = 0;
    for (int extent = 0; extent < changed.length; extent++) {
      int length = previous.lengthBytes(extent);
      if (position + length > storage.lengthBytes()) {
        break;
      }
      int busyUnits = busy.count(position, length);
      if (busyUnits > 0) {
        busyCount.add(busyUnits, changed[extent]);
      } else {
        int units = grid.unitsOf(position + length) - grid.unitOf(position);
        quietCount.add(units, changed[extent]);
      }
      changedBytes += changed[extent] ? length : 0;
      position += length;
    }
    ChangeRates expected = ChangeRates.expected(storage.lengthBytes(), grid.unitBytes());
    return changedBytes > MOST_TELLING_CHANGE * position
        ? new ExtentPlanner(grid, expected, ExtentPlanner.FIRST_BACKUP_WEIGHT)
        : new ExtentPlanner(grid, expected.corrected(busyCount, quietCount), 0);
  }
}
