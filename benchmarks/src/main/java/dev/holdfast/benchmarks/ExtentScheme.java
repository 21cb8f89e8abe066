package dev.holdfast.benchmarks;

import dev.holdfast.engine.extent.ChangeRates;
import dev.holdfast.engine.extent.ExtentPlanner;
import dev.holdfast.engine.extent.PageGrid;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A way to cut a database into extents, simulated.
///
/// @param name as the table shows it
/// @param first how everything is cut at first
/// @param again how an extent that changed is cut, with what was appended
record ExtentScheme(String name, Cut first, Cut again) {
  /// Where to cut a stretch.
  interface Cut {
    /// The lengths of the extents in units.
    ///
    /// @param from first unit
    /// @param busy whether each unit of the stretch is busy
    /// @param rates what is expected, corrected by what was seen
    int[] lengths(int from, boolean[] busy, ChangeRates rates);
  }

  /// Always the same length.
  static ExtentScheme fixed(int kib, int unitBytes) {
    Cut cut = fixedCut(Math.max(1, kib * 1024 / unitBytes));
    return new ExtentScheme("fixed " + kib + " KiB", cut, cut);
  }

  /// Starts with one length, and halves whatever changes.
  static ExtentScheme halving(int kib, int unitBytes) {
    return new ExtentScheme(
        "fixed " + kib + " KiB, halved when changed",
        fixedCut(kib * 1024 / unitBytes),
        (from, busy, rates) -> {
          int half = Math.ceilDiv(busy.length, 2);
          return half == busy.length ? new int[] {half} : new int[] {half, busy.length - half};
        });
  }

  /// As the program does it.
  ///
  /// @param weight of the first backup
  static ExtentScheme planned(double weight, PageGrid grid) {
    return new ExtentScheme(
        "planned, weight " + weight, plannedCut(grid, weight, null), plannedCut(grid, 0, null));
  }

  /// By rates that are never corrected.
  static ExtentScheme uncorrected(ChangeRates rates, PageGrid grid) {
    return new ExtentScheme(
        "planned by " + rates.busy() + " and " + rates.quiet(),
        plannedCut(grid, 0, rates),
        plannedCut(grid, 0, rates));
  }

  /// As planned, but blind for what a page is.
  static ExtentScheme blind(double weight, PageGrid grid) {
    Cut first = plannedCut(grid, weight, null);
    Cut again = plannedCut(grid, 0, null);
    return new ExtentScheme(
        "planned without looking at pages, weight " + weight,
        (from, busy, rates) -> first.lengths(from, new boolean[busy.length], rates),
        (from, busy, rates) -> again.lengths(from, new boolean[busy.length], rates));
  }

  private static Cut fixedCut(int units) {
    return (from, busy, rates) -> {
      int head = Math.min(busy.length, units - from % units);
      int[] lengths = new int[1 + Math.ceilDiv(busy.length - head, units)];
      Arrays.fill(lengths, units);
      lengths[0] = head;
      if (lengths.length > 1) {
        lengths[lengths.length - 1] = busy.length - head - (lengths.length - 2) * units;
      }
      return lengths;
    };
  }

  private static Cut plannedCut(PageGrid grid, double weight, @Nullable ChangeRates always) {
    return (from, busy, rates) -> {
      int unit = grid.unitBytes();
      int[] bytes =
          new ExtentPlanner(grid, always == null ? rates : always, weight)
              .cut((long) from * unit, busy.length * unit, busy);
      return Arrays.stream(bytes).map(length -> length / unit).toArray();
    };
  }
}
