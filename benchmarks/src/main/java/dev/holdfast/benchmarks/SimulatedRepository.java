package dev.holdfast.benchmarks;

import dev.holdfast.engine.extent.ChangeRates;
import dev.holdfast.engine.extent.PageGrid;
import dev.holdfast.repository.pack.Compressor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// What a repository would hold if a database were cut by a scheme: every extent is compressed,
/// nothing is written.
final class SimulatedRepository {
  /// Compressed bytes of tree for an extent, and bytes of pack and index for a blob.
  private static final int PLACE_BYTES = 35;

  private static final int BLOB_BYTES = 117;

  private final ExtentScheme scheme;
  private final PageGrid grid;
  private final List<byte[]> image;
  private final BitSet busy;
  private final Compressor small = new Compressor(1);
  private final Compressor medium = new Compressor(2);
  private final Compressor large = new Compressor(3);
  private final List<Double> growth = new ArrayList<>();
  private final List<Integer> places = new ArrayList<>();
  private final List<Kept> gone = new ArrayList<>();
  private final Kept[] extents;
  private int units;
  private int count;
  private double first;

  /// An extent from the snapshot it was new in until the one that has it no more.
  private record Kept(int length, int bytes, int born, int died) {}

  /// @param image the pages, shared and changed by the caller
  /// @param busy the busy ones among them
  SimulatedRepository(
      ExtentScheme scheme, PageGrid grid, List<byte[]> image, BitSet busy, int unitsMax) {
    this.scheme = scheme;
    this.grid = grid;
    this.image = image;
    this.busy = busy;
    this.extents = new Kept[unitsMax];
  }

  void begin() {
    units = image.size();
    ChangeRates rates = ChangeRates.expected((long) units * grid.unitBytes(), grid.unitBytes());
    first = store(scheme.first(), 0, units, rates) + (double) count * PLACE_BYTES;
    places.add(count);
  }

  /// The next backup.
  void next(BitSet changed) {
    ChangeRates rates = rates(changed);
    double added = 0;
    int unit = 0;
    int from = -1;
    while (unit < units) {
      Kept extent = extents[unit];
      int end = unit + extent.length();
      int next = changed.nextSetBit(unit);
      if (next >= 0 && next < end) {
        from = from < 0 ? unit : from;
        gone.add(new Kept(extent.length(), extent.bytes(), extent.born(), growth.size() + 1));
        count--;
      } else if (from >= 0) {
        added += store(scheme.again(), from, unit, rates);
        from = -1;
      }
      unit = end;
    }
    units = image.size();
    added += store(scheme.again(), from < 0 ? unit : from, units, rates);
    growth.add(added + (double) count * PLACE_BYTES);
    places.add(count);
  }

  private ChangeRates rates(BitSet changed) {
    ChangeRates.Count busyCount = new ChangeRates.Count();
    ChangeRates.Count quietCount = new ChangeRates.Count();
    for (int unit = 0; unit < units; unit += extents[unit].length()) {
      int end = unit + extents[unit].length();
      int next = changed.nextSetBit(unit);
      boolean hasChanged = next >= 0 && next < end;
      int busyUnits = busy.get(unit, end).cardinality();
      if (busyUnits > 0) {
        busyCount.add(busyUnits, hasChanged);
      } else {
        quietCount.add(end - unit, hasChanged);
      }
    }
    return ChangeRates.expected((long) image.size() * grid.unitBytes(), grid.unitBytes())
        .corrected(busyCount, quietCount);
  }

  private double store(ExtentScheme.Cut cut, int from, int end, ChangeRates rates) {
    double bytes = 0;
    int position = from;
    while (position < end) {
      long windowEnd = grid.windowEnd((long) position * grid.unitBytes()) / grid.unitBytes();
      int stop = (int) Math.min(end, windowEnd);
      boolean[] kinds = new boolean[stop - position];
      for (int i = 0; i < kinds.length; i++) {
        kinds[i] = busy.get(position + i);
      }
      for (int length : cut.lengths(position, kinds, rates)) {
        int stored = compressed(position, length) + BLOB_BYTES;
        extents[position] = new Kept(length, stored, growth.size() + (first == 0 ? 0 : 1), -1);
        count++;
        bytes += stored;
        position += length;
      }
    }
    return bytes;
  }

  private int compressed(int unit, int length) {
    int size = grid.unitBytes();
    byte[] plain = new byte[length * size];
    for (int i = 0; i < length; i++) {
      System.arraycopy(image.get(unit + i), 0, plain, i * size, size);
    }
    Compressor compressor =
        plain.length <= 16 << 10 ? small : plain.length <= 128 << 10 ? medium : large;
    byte[] out = new byte[Compressor.boundBytes(plain.length)];
    return Math.min(plain.length, compressor.compress(plain, 0, plain.length, out, 0));
  }

  /// What the repository holds of the database if only these snapshots are kept.
  double held(BitSet snapshots) {
    double bytes = 0;
    for (Kept extent : gone) {
      int next = snapshots.nextSetBit(extent.born());
      bytes += next >= 0 && next < extent.died() ? extent.bytes() : 0;
    }
    for (int unit = 0; unit < units; unit += extents[unit].length()) {
      bytes += snapshots.nextSetBit(extents[unit].born()) >= 0 ? extents[unit].bytes() : 0;
    }
    for (int i = snapshots.nextSetBit(0); i >= 0; i = snapshots.nextSetBit(i + 1)) {
      bytes += (double) places.get(i) * PLACE_BYTES;
    }
    return bytes;
  }

  String name() {
    return scheme.name();
  }

  double first() {
    return first;
  }

  List<Double> growth() {
    return growth;
  }

  int count() {
    return count;
  }
}
