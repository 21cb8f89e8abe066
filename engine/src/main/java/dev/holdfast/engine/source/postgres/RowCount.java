package dev.holdfast.engine.source.postgres;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Counts the rows of one table in the text form of `COPY`: one line each, as a line feed within a
/// value is written as `\n`. Behind the rows comes `\.` and [#TAIL_LINES] line feeds.
final class RowCount {
  private static final byte LINE_FEED = '\n';

  /// What `pg_dump` writes behind the rows.
  private static final byte[] TAIL = {'\\', '.', LINE_FEED, LINE_FEED, LINE_FEED};

  private static final int TAIL_LINES = 3;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long LINE_FEEDS = 0x0a0a0a0a0a0a0a0aL;
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long LOW_BITS = 0x7f7f7f7f7f7f7f7fL;

  private boolean counting;
  private long lines;

  /// The last bytes, a ring.
  private final byte[] last = new byte[TAIL.length];

  private int lastAt;

  /// Starts anew.
  ///
  /// @param rows whether what comes are rows; if not, nothing is counted
  void begin(boolean rows) {
    counting = rows;
    lines = 0;
    lastAt = 0;
    Arrays.fill(last, (byte) 0);
  }

  void add(byte[] bytes, int offset, int length) {
    if (!counting) {
      return;
    }
    int end = offset + length;
    int at = offset;
    long found = 0;
    for (int stop = end - Long.BYTES; at <= stop; at += Long.BYTES) {
      long different = (long) LONGS.get(bytes, at) ^ LINE_FEEDS;
      // Most eight bytes hold none, which is seen at once; in the others each is counted exactly.
      if (((different - ONES) & ~different & HIGH_BITS) != 0) {
        long zero = ~(((different & LOW_BITS) + LOW_BITS) | different | LOW_BITS);
        found += Long.bitCount(zero);
      }
    }
    for (; at < end; at++) {
      found += bytes[at] == LINE_FEED ? 1 : 0;
    }
    lines += found;
    for (int i = Math.max(offset, end - TAIL.length); i < end; i++) {
      last[lastAt] = bytes[i];
      lastAt = (lastAt + 1) % TAIL.length;
    }
  }

  /// Whether the end of the rows was seen, or no rows are counted.
  boolean isTerminated() {
    if (!counting) {
      return true;
    }
    for (int i = 0; i < TAIL.length; i++) {
      if (last[(lastAt + i) % TAIL.length] != TAIL[i]) {
        return false;
      }
    }
    return true;
  }

  long rows() {
    return counting ? lines - TAIL_LINES : 0;
  }
}
