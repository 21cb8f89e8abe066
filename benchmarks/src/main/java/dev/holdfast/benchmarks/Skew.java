package dev.holdfast.benchmarks;

import java.util.SplittableRandom;

/// Which rows of a table an application updates.
enum Skew {
  /// Any, all alike.
  UNIFORM,
  /// Few rows very often, scattered over the whole table: Zipf's law with exponent 0.99.
  ZIPF,
  /// A fifth of the rows, scattered over the whole table, four times out of five.
  HOT_SET,
  /// The first rows of the table far more often.
  CUBIC,
  /// The last rows of the table far more often.
  RECENT;

  private static final double EXPONENT = 0.99;

  /// Odd, so that it scatters numbers over any power of two, and most others, without collisions.
  private static final long SCATTER = 0x9E3779B1L;

  /// The number of a row below `rows`.
  long pick(SplittableRandom random, long rows) {
    double u = random.nextDouble();
    return switch (this) {
      case UNIFORM -> (long) (rows * u);
      case ZIPF -> scattered(zipf(u, rows), rows);
      case HOT_SET -> {
        long hot = rows / 5;
        boolean isHot = random.nextDouble() < 0.8;
        yield scattered(isHot ? (long) (hot * u) : hot + (long) ((rows - hot) * u), rows);
      }
      case CUBIC -> (long) (rows * u * u * u);
      case RECENT -> rows - 1 - (long) (rows * Math.pow(u, 6));
    };
  }

  private static long scattered(long number, long rows) {
    return Math.floorMod(number * SCATTER, rows);
  }

  /// By the inverse of the integral of the density, which is Zipf's law but for the first few.
  private static long zipf(double u, long rows) {
    double power = 1 - EXPONENT;
    double rank = Math.pow(1 + u * (Math.pow((double) rows, power) - 1), 1 / power);
    return Math.min(rows - 1, (long) rank - 1);
  }
}
