package dev.holdfast.engine.extent;

/// How likely a unit of a file is to change from one backup to the next.
///
/// @param busy of a unit with a page that is likely to change, such as a leaf of an index
/// @param quiet of every other
public record ChangeRates(double busy, double quiet) {
  /// What was measured on databases of this size, for units of 4 KiB.
  private static final long MEASURED_LENGTH_BYTES = 1L << 30;

  private static final int MEASURED_UNIT_BYTES = 4096;
  private static final ChangeRates MEASURED = new ChangeRates(0.012, 0.001);

  /// No unit is expected to change more often.
  private static final double HIGHEST_EXPECTED = 0.1;

  /// How far what happened since one backup is believed against what is expected. The cost of a
  /// wrong rate is small, the cost of one odd day would last.
  private static final double BELIEVED_FACTOR = 4;

  /// Backups that are kept for long lie further apart than those that are made, and what changes
  /// between them is what the repository holds after a month.
  private static final double KEPT_FACTOR = 1.25;

  public ChangeRates {
    if (!(busy >= 0 && busy <= 1 && quiet >= 0 && quiet <= 1)) {
      throw new IllegalArgumentException("rates " + busy + " and " + quiet);
    }
  }

  /// What to expect of a file of which nothing is known. A larger one changes more often, but less
  /// of it does: the rate falls with the root of the size, which is taken by powers of two.
  public static ChangeRates expected(long lengthBytes, int unitBytes) {
    double files = (double) MEASURED_LENGTH_BYTES / Math.max(1, Long.highestOneBit(lengthBytes));
    double factor = Math.sqrt(files) * unitBytes / MEASURED_UNIT_BYTES;
    return new ChangeRates(
        Math.min(HIGHEST_EXPECTED, MEASURED.busy * factor),
        Math.min(HIGHEST_EXPECTED, MEASURED.quiet * factor));
  }

  /// These rates, corrected by what was counted.
  public ChangeRates corrected(Count busyCount, Count quietCount) {
    return new ChangeRates(corrected(busy, busyCount), corrected(quiet, quietCount));
  }

  private static double corrected(double expected, Count count) {
    if (count.units == 0) {
      return expected;
    }
    double rate = count.rate() * KEPT_FACTOR;
    return Math.clamp(rate, expected / BELIEVED_FACTOR, Math.min(expected * BELIEVED_FACTOR, 1));
  }

  /// Counts extents of one kind, and how many of them changed.
  public static final class Count {
    /// Above this share of changed extents the share says little of how often each changed.
    private static final double MOST_TELLING_SHARE = 0.95;

    private long extents;
    private long units;
    private long changed;

    /// Adds an extent of so many units of the kind.
    public void add(int unitsOfKind, boolean hasChanged) {
      extents++;
      units += unitsOfKind;
      changed += hasChanged ? 1 : 0;
    }

    /// The chance of a unit, from the share of extents that have changed.
    double rate() {
      double share = Math.min(MOST_TELLING_SHARE, changed / (double) extents);
      return -Math.log(1 - share) * extents / units;
    }
  }
}
