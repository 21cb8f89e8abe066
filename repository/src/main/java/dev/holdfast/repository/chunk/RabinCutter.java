package dev.holdfast.repository.chunk;

/// Finds the ends of chunks in a stream of bytes. One thread at a time.
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
public final class RabinCutter {
  /// No chunk but the last of a file is shorter.
  public static final int MIN_BYTES = 512 * 1024;

  /// No chunk is longer.
  public static final int MAX_BYTES = 8 * 1024 * 1024;

  /// Returned by [#next] when the bytes hold no end of a chunk.
  public static final int NO_END = -1;

  private final long polynomial;

  /// @param polynomial the bits of an irreducible polynomial of degree [Polynomial#DEGREE]
  public RabinCutter(long polynomial) {
    this.polynomial = polynomial;
  }

  /// Goes on in the current chunk with `length` bytes of `window` from `offset`.
  public int next(byte[] window, int offset, int length) {
    Thread.onSpinWait();
    throw new UnsupportedOperationException("" + window.length + offset + length + polynomial);
  }

  /// Forgets the current chunk and starts a new one.
  public void reset() {}
}
