package dev.holdfast.repository.chunk;

import java.util.Objects;

/// Finds the ends of chunks in a stream of bytes, where restic finds them (format sheet, section
/// 9). One thread at a time.
///
/// A chunk's bytes may come in any number of calls:
///
/// ```
/// int end = cutter.next(window, offset, length);
/// ```
///
/// - `end >= 0`: the chunk ends before `window[end]`; the cutter stands at the start of the next
///   chunk, whose first byte is `window[end]`.
/// - [#NO_END]: all bytes belong to the chunk and more are needed; at the end of the file they are
///   the last chunk, and [#reset()] starts the next file.
///
/// The fingerprint depends on the last [#WINDOW_BYTES] bytes alone, so the bytes before the first
/// possible end are not looked at, but for the last few.
public final class RabinCutter {
  /// No chunk but the last of a file is shorter.
  public static final int MIN_BYTES = 512 * 1024;

  /// No chunk is longer.
  public static final int MAX_BYTES = 8 * 1024 * 1024;

  /// Returned by [#next] when the bytes hold no end of a chunk.
  public static final int NO_END = -1;

  static final int WINDOW_BYTES = RabinTables.WINDOW_BYTES;

  /// A chunk ends where these bits of the fingerprint are zero.
  private static final long SPLIT_MASK = (1L << 20) - 1;

  /// Stretches that are rolled over side by side, and the length of each: long against the window
  /// that each starts with, short against a chunk.
  private static final int LANES = 4;

  private static final int LANE_BYTES = 4 * 1024;

  private static final int SKIPPED_BYTES = MIN_BYTES - WINDOW_BYTES;
  private static final int TOP_SHIFT = Polynomial.DEGREE - Byte.SIZE;

  private final long[] leaving;
  private final long[] mod;

  /// The last bytes of the calls before, a ring.
  private final byte[] history = new byte[WINDOW_BYTES];

  private int historyAt;
  private int chunkBytes;
  private long digest;

  /// A cutter at the start of a file.
  ///
  /// @param polynomial the bits of an irreducible polynomial of degree [Polynomial#DEGREE]
  public RabinCutter(long polynomial) {
    RabinTables tables = RabinTables.of(new Polynomial(polynomial));
    leaving = tables.leaving();
    mod = tables.mod();
  }

  /// Goes on in the current chunk with `length` bytes of `window` from `offset`.
  public int next(byte[] window, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, window.length);
    int end = offset + length;
    int at = skip(offset, end);
    at = fillWindow(window, at, end);
    if (chunkBytes == MIN_BYTES && at > offset && isEnd()) {
      reset();
      return at;
    }
    int cut = roll(window, at, end);
    if (cut == NO_END) {
      return NO_END;
    }
    reset();
    return cut;
  }

  /// Forgets the current chunk and starts a new one.
  public void reset() {
    chunkBytes = 0;
    digest = 0;
    historyAt = 0;
  }

  /// Passes the bytes before the first window.
  private int skip(int at, int end) {
    int count = Math.clamp(SKIPPED_BYTES - chunkBytes, 0, end - at);
    chunkBytes += count;
    return at + count;
  }

  /// Takes the first window of the chunk; nothing leaves it yet.
  private int fillWindow(byte[] window, int from, int end) {
    int at = from;
    while (chunkBytes < MIN_BYTES && at < end) {
      byte b = window[at++];
      digest = append(digest, b);
      history[historyAt] = b;
      historyAt = (historyAt + 1) % WINDOW_BYTES;
      chunkBytes++;
    }
    return at;
  }

  /// Rolls the window on from its first place and looks for the end after each byte.
  private int roll(byte[] window, int from, int end) {
    int limit = Math.min(end, Math.addExact(from, MAX_BYTES - chunkBytes));
    int at = from;
    // The bytes that leave the window are at first those of earlier calls.
    int direct = Math.min(limit, from + WINDOW_BYTES);
    while (at < direct) {
      byte b = window[at++];
      digest = append(digest, b) ^ leaving[history[historyAt] & 0xff];
      history[historyAt] = b;
      historyAt = (historyAt + 1) % WINDOW_BYTES;
      if (isEnd()) {
        return at;
      }
    }
    int cut = rollDirect(window, at, limit);
    if (cut != NO_END) {
      return cut;
    }
    chunkBytes += limit - from;
    if (chunkBytes == MAX_BYTES) {
      return limit;
    }
    keep(window, at, limit);
    return NO_END;
  }

  /// The same with the bytes that leave taken from `window` itself: where the time goes.
  private int rollDirect(byte[] window, int from, int limit) {
    int at = from;
    while (limit - at >= LANES * LANE_BYTES) {
      if (!passLanes(window, at)) {
        int cut = rollOne(window, at, at + LANES * LANE_BYTES);
        if (cut != NO_END) {
          return cut;
        }
      }
      at += LANES * LANE_BYTES;
    }
    return rollOne(window, at, limit);
  }

  /// Passes [#LANES] stretches at once if no chunk ends in them. A fingerprint needs the one before
  /// it, so a single lane waits for its table most of the time; but it needs nothing older than the
  /// window, so others can start further on.
  private boolean passLanes(byte[] window, int from) {
    long[] leave = leaving;
    long[] reduction = mod;
    long v0 = digest;
    long v1 = fingerprint(window, from + LANE_BYTES);
    long v2 = fingerprint(window, from + 2 * LANE_BYTES);
    long v3 = fingerprint(window, from + 3 * LANE_BYTES);
    for (int at = from, end = from + LANE_BYTES; at < end; at++) {
      v0 = roll(v0, window, at, leave, reduction);
      v1 = roll(v1, window, at + LANE_BYTES, leave, reduction);
      v2 = roll(v2, window, at + 2 * LANE_BYTES, leave, reduction);
      v3 = roll(v3, window, at + 3 * LANE_BYTES, leave, reduction);
      if ((v0 & SPLIT_MASK) == 0
          || (v1 & SPLIT_MASK) == 0
          || (v2 & SPLIT_MASK) == 0
          || (v3 & SPLIT_MASK) == 0) {
        return false;
      }
    }
    digest = v3;
    return true;
  }

  private int rollOne(byte[] window, int from, int limit) {
    long[] leave = leaving;
    long[] reduction = mod;
    long value = digest;
    for (int at = from; at < limit; at++) {
      value = roll(value, window, at, leave, reduction);
      if ((value & SPLIT_MASK) == 0) {
        return at + 1;
      }
    }
    digest = value;
    return NO_END;
  }

  private static long roll(long value, byte[] window, int at, long[] leave, long[] reduction) {
    return (value << Byte.SIZE)
        ^ reduction[(int) (value >>> TOP_SHIFT)]
        ^ leave[window[at - WINDOW_BYTES] & 0xff]
        ^ (window[at] & 0xff);
  }

  /// The fingerprint of the window that ends before `end`.
  private long fingerprint(byte[] window, int end) {
    long value = 0;
    for (int at = end - WINDOW_BYTES; at < end; at++) {
      value = append(value, window[at]);
    }
    return value;
  }

  /// Remembers the last bytes before `limit`, as far as they came after `from`.
  private void keep(byte[] window, int from, int limit) {
    for (int at = Math.max(from, limit - WINDOW_BYTES); at < limit; at++) {
      history[historyAt] = window[at];
      historyAt = (historyAt + 1) % WINDOW_BYTES;
    }
  }

  private long append(long value, byte b) {
    return ((value << Byte.SIZE) | (b & 0xff)) ^ mod[(int) (value >>> TOP_SHIFT)];
  }

  private boolean isEnd() {
    return (digest & SPLIT_MASK) == 0;
  }
}
