package dev.holdfast.engine.extent;

/// Cuts a stretch of a file of pages into the extents that are expected to cost least, in bytes of
/// repository for each backup: an extent takes its place in the tree of every snapshot, and is
/// stored once more whenever one of its units changes. Long extents compress better, short ones
/// hold less that did not change.
///
/// With a weight for the first backup, every byte stored at first counts as so much of a byte in
/// each later backup.
///
/// Deterministic. One thread at a time.
public final class ExtentPlanner {
  /// Compressed bytes of tree for an extent, in every snapshot: its id is 32 random bytes.
  static final double PLACE_BYTES = 34;

  /// What a stored blob takes beside its content: the seal, its entries in pack and index.
  static final double BLOB_BYTES = 117;

  /// The weight of the first backup: with it, databases of the measurements took 1.2 times what
  /// chunks of a megabyte take, without a later backup growing by a fifth.
  public static final double FIRST_BACKUP_WEIGHT = 0.12;

  // Compressed share of extents of 4 KiB, 8 KiB, and so on, in the measurements.
  private static final double[] SHARES = {
    0.604, 0.583, 0.559, 0.530, 0.500, 0.472, 0.449, 0.429, 0.419, 0.415, 0.415, 0.415
  };

  private static final int FIRST_SHARE_BYTES = 4096;

  private final PageGrid grid;
  private final double stays;
  private final double staysBusy;
  private final double weight;
  private final double[] shares;

  /// @param firstWeight [#FIRST_BACKUP_WEIGHT] or zero
  public ExtentPlanner(PageGrid grid, ChangeRates rates, double firstWeight) {
    this.grid = grid;
    stays = 1 - rates.quiet();
    staysBusy = 1 - rates.busy();
    weight = firstWeight;
    shares = new double[grid.extentUnits() + 2];
    for (int units = 1; units < shares.length; units++) {
      shares[units] = share((double) units * grid.unitBytes());
    }
  }

  /// Plans `lengthBytes` from `position`, at most a window.
  ///
  /// @param busy for each unit of the stretch, the first and the last perhaps in part, whether it
  ///   is likely to change
  /// @return the lengths of the extents in bytes
  public int[] cut(long position, int lengthBytes, boolean[] busy) {
    int unit = grid.unitBytes();
    int first = (int) Math.min(lengthBytes, unit - position % unit);
    int cells = 1 + Math.ceilDiv(lengthBytes - first, unit);
    int[] ends = new int[cells + 1];
    for (int i = 1; i <= cells; i++) {
      ends[i] = Math.min(lengthBytes, first + (i - 1) * unit);
    }
    int[] starts = cheapest(ends, busy, cells);
    int count = 0;
    for (int end = cells; end > 0; end = starts[end]) {
      count++;
    }
    int[] lengths = new int[count];
    for (int end = cells; end > 0; end = starts[end]) {
      lengths[--count] = ends[end] - ends[starts[end]];
    }
    return lengths;
  }

  /// For each cell that an extent may end behind, where the last extent of the cheapest cut until
  /// there starts.
  private int[] cheapest(int[] ends, boolean[] busy, int cells) {
    double[] best = new double[cells + 1];
    int[] starts = new int[cells + 1];
    for (int end = 1; end <= cells; end++) {
      best[end] = Double.MAX_VALUE;
      double unchanged = 1;
      int longest = Math.min(grid.extentUnits(), end);
      for (int units = 1; units <= longest; units++) {
        int start = end - units;
        unchanged *= busy[start] ? staysBusy : stays;
        double stored = (ends[end] - ends[start]) * shares[units];
        double cost =
            best[start] + PLACE_BYTES + (1 - unchanged) * (stored + BLOB_BYTES) + weight * stored;
        if (cost < best[end]) {
          best[end] = cost;
          starts[end] = start;
        }
      }
    }
    return starts;
  }

  private static double share(double bytes) {
    double step = Math.max(0, Math.log(bytes / FIRST_SHARE_BYTES) / Math.log(2));
    int low = (int) Math.min(SHARES.length - 2, Math.floor(step));
    double part = Math.min(1, step - low);
    return SHARES[low] + (SHARES[low + 1] - SHARES[low]) * part;
  }
}
