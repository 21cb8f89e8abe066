package dev.holdfast.engine.backup;

import dev.holdfast.repository.chunk.ChunkSizes;
import dev.holdfast.repository.format.Node;
import org.jspecify.annotations.Nullable;

/// How finely the rows of a dump are cut. What a changed row costs is a chunk, and what a chunk
/// costs is its share of the tree in every snapshot, so the cheapest size grows with the square
/// root of the dump: it doubles when the dump grows fourfold.
///
/// The sizes must be the same from one backup to the next, or everything is stored again. They
/// follow the size of the dump in steps, and where the previous snapshot tells which step was
/// taken, that step is kept until the dump is out of its range by a factor of [#SLACK].
final class RowGrain {
  private static final int SMALLEST_MIN_BYTES = 4 * 1024;
  private static final int SMALLEST_SEARCH_BITS = 12;
  private static final int SMALLEST_MAX_BYTES = 32 * 1024;

  /// Mean length in the finest step.
  private static final int SMALLEST_MEAN_BYTES = SMALLEST_MIN_BYTES + (1 << SMALLEST_SEARCH_BITS);

  /// The largest dump in the finest step, and how many times larger it is in the next.
  private static final long FIRST_LIMIT_BYTES = 512L << 20;

  private static final int STEP_FACTOR = 4;

  /// The coarsest step: mean chunks of 1 MiB, for dumps of more than 2 TiB.
  static final int LAST_STEP = 7;

  private static final int SLACK = 2;

  private RowGrain() {}

  /// The sizes for a dump.
  ///
  /// @param expectedBytes about how long it will be
  /// @param previous the dump in the snapshot before, if there is one
  static ChunkSizes sizes(long expectedBytes, @Nullable Node previous) {
    int step = step(expectedBytes);
    if (previous != null && previous.content() != null && previous.content().size() > 0) {
      int taken = stepOfMean(previous.sizeBytes() / previous.content().size());
      if (isWithin(taken, previous.sizeBytes())) {
        step = taken;
      }
    }
    return sizes(step);
  }

  static ChunkSizes sizes(int step) {
    return new ChunkSizes(
        SMALLEST_MIN_BYTES << step, SMALLEST_SEARCH_BITS + step, SMALLEST_MAX_BYTES << step);
  }

  private static int step(long bytes) {
    int step = 0;
    while (step < LAST_STEP && bytes > limitBytes(step)) {
      step++;
    }
    return step;
  }

  /// The step whose mean is nearest: the next one begins half way between the means.
  private static int stepOfMean(long meanBytes) {
    int step = 0;
    while (step < LAST_STEP && 2 * meanBytes > meanOf(step) + meanOf(step + 1)) {
      step++;
    }
    return step;
  }

  private static boolean isWithin(int step, long bytes) {
    boolean notTooLarge = step == LAST_STEP || bytes / SLACK <= limitBytes(step);
    boolean notTooSmall = step == 0 || bytes > limitBytes(step - 1) / SLACK;
    return notTooLarge && notTooSmall;
  }

  private static long limitBytes(int step) {
    long limit = FIRST_LIMIT_BYTES;
    for (int i = 0; i < step; i++) {
      limit *= STEP_FACTOR;
    }
    return limit;
  }

  private static long meanOf(int step) {
    return (long) SMALLEST_MEAN_BYTES << step;
  }
}
