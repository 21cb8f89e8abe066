package dev.holdfast.engine.source.duckdb;

import java.util.Arrays;

/// Tells headers that are damaged from headers that are being written: those change soon.
final class Stillness {
  /// How often the same bytes are seen before they are taken for what they are: many times as long
  /// as anybody takes to write a header, with [Bound#PAUSE] between two looks.
  private static final int LOOKS = 20;

  private byte[] before = new byte[0];
  private int same;

  /// Looks at bytes that made no sense.
  ///
  /// @return whether they have been the same for long
  boolean isReachedWith(byte[] bytes) {
    same = Arrays.equals(before, bytes) ? same + 1 : 0;
    before = bytes;
    return same >= LOOKS;
  }
}
