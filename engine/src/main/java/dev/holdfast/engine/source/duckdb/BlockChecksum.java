package dev.holdfast.engine.source.duckdb;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// DuckDB's checksum of a header or block (`checksum.cpp`): the exclusive or of all its 64-bit
/// words, each multiplied by a constant. It finds torn and foreign blocks, and does not see
/// exchanged words.
final class BlockChecksum {
  /// Stored before what it is of.
  static final int BYTES = Long.BYTES;

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long START = 5381;
  private static final long FACTOR = 0xbf58476d1ce4e5b9L;

  private BlockChecksum() {}

  /// Whether `length` bytes, a multiple of eight, begin with the checksum of the rest.
  static boolean matches(byte[] bytes, int offset, int length) {
    long checksum = START;
    for (int i = offset + BYTES; i < offset + length; i += Long.BYTES) {
      checksum ^= (long) WORD.get(bytes, i) * FACTOR;
    }
    return checksum == (long) WORD.get(bytes, offset);
  }

  /// The 64-bit word at `offset`.
  static long word(byte[] bytes, int offset) {
    return (long) WORD.get(bytes, offset);
  }
}
