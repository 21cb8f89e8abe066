package dev.holdfast.engine.extent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ExtentPlannerTest {
  private static final int UNIT = 4096;
  private static final long GIB = 1L << 30;
  private static final PageGrid GRID = PageGrid.of(UNIT, GIB);
  private static final ChangeRates RATES = ChangeRates.expected(GIB, UNIT);

  private static int[] cut(boolean[] busy, double weight) {
    return new ExtentPlanner(GRID, RATES, weight).cut(0, busy.length * UNIT, busy);
  }

  @Test
  void extentsCoverTheStretchAndEndBetweenUnits() {
    long seed = Long.getLong("holdfast.test.seed", System.nanoTime());
    System.out.println("seed of stretches: " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      PageGrid grid = PageGrid.of(512 << random.nextInt(8), 1L << (10 + random.nextInt(34)));
      long position = random.nextLong(1L << 40);
      int length = 1 + random.nextInt((int) (grid.windowEnd(position) - position));
      boolean[] busy = new boolean[grid.unitsOf(position % grid.unitBytes() + length)];
      for (int unit = 0; unit < busy.length; unit++) {
        busy[unit] = random.nextInt(4) == 0;
      }
      ChangeRates rates = new ChangeRates(random.nextDouble(), random.nextDouble() / 100);
      int[] lengths =
          new ExtentPlanner(grid, rates, random.nextDouble()).cut(position, length, busy);
      assertThat(Arrays.stream(lengths).sum()).isEqualTo(length);
      long end = position;
      for (int extent = 0; extent < lengths.length; extent++) {
        assertThat(lengths[extent]).isPositive();
        end += lengths[extent];
        if (extent < lengths.length - 1) {
          assertThat(end % grid.unitBytes()).isZero();
        }
      }
    }
  }

  @Test
  void busyUnitsLieInShorterExtentsThanQuietOnes() {
    boolean[] busy = new boolean[256];
    Arrays.fill(busy, 128, 256, true);
    int[] lengths = cut(busy, 0);
    assertThat(lengths[0]).isBetween(3 * UNIT, 8 * UNIT);
    assertThat(lengths[lengths.length - 1]).isBetween(UNIT, 2 * UNIT);
  }

  @Test
  void weightOfTheFirstBackupMakesExtentsLonger() {
    boolean[] quiet = new boolean[256];
    assertThat(cut(quiet, ExtentPlanner.FIRST_BACKUP_WEIGHT).length)
        .isLessThan(cut(quiet, 0).length);
  }

  @Test
  void whatChangesEveryTimeIsNotCutFinely() {
    boolean[] quiet = new boolean[256];
    int[] lengths =
        new ExtentPlanner(GRID, new ChangeRates(1, 1), 0).cut(0, quiet.length * UNIT, quiet);
    assertThat(lengths.length).isLessThan(16);
  }

  @Test
  void unitsOfLargeFilesGrowSoThatTheirNumberStaysBounded() {
    assertThat(PageGrid.of(512, 100).unitBytes()).isEqualTo(4096);
    assertThat(PageGrid.of(65_536, 100).unitBytes()).isEqualTo(65_536);
    assertThat(PageGrid.of(4096, 8 * GIB - 1).unitBytes()).isEqualTo(4096);
    assertThat(PageGrid.of(4096, 10 * GIB).unitBytes()).isEqualTo(8192);
    PageGrid terabyte = PageGrid.of(4096, 1024 * GIB);
    assertThat(terabyte.unitsOf(1024 * GIB)).isLessThanOrEqualTo(PageGrid.MAX_UNITS);
    assertThat(terabyte.windowBytes()).isEqualTo(8 << 20);
  }

  @Test
  void expectedRatesFallWithTheSizeAndStepByPowersOfTwo() {
    assertThat(ChangeRates.expected(2 * GIB - 1, UNIT)).isEqualTo(RATES);
    assertThat(ChangeRates.expected(16 * GIB, UNIT).quiet()).isEqualTo(RATES.quiet() / 4);
    assertThat(ChangeRates.expected(0, UNIT).busy()).isLessThanOrEqualTo(0.1);
  }

  @Test
  void countedRatesAreBelievedWithinBounds() {
    assertThat(RATES.corrected(count(0, 1000), count(0, 1000)).quiet())
        .isEqualTo(RATES.quiet() / 4);
    assertThat(RATES.corrected(count(900, 1000), count(900, 1000)).busy())
        .isEqualTo(RATES.busy() * 4);
    assertThat(RATES.corrected(count(10, 1000), count(8, 1000)).quiet())
        .isBetween(RATES.quiet() * 2, RATES.quiet() * 4);
    assertThat(RATES.corrected(count(0, 0), count(0, 0))).isEqualTo(RATES);
  }

  /// Extents of four units, some of which have changed.
  private static ChangeRates.Count count(int changed, int extents) {
    ChangeRates.Count count = new ChangeRates.Count();
    for (int i = 0; i < extents; i++) {
      count.add(4, i < changed);
    }
    return count;
  }
}
