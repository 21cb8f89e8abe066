package dev.holdfast.engine.source.sqlite;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Where things are in a write-ahead log (SQLite's file format, section 4.1): a header, then
/// frames, each a header and a page. Frames count from 1.
final class WalFormat {
  static final int HEADER_BYTES = 32;
  static final int FRAME_HEADER_BYTES = 24;
  static final int MAGIC = 0x377f0682;
  static final int VERSION = 3_007_000;

  static final int FRAME_PAGE_AT = 0;
  static final int FRAME_COMMIT_AT = 4;
  static final int FRAME_SALT1_AT = 8;
  static final int FRAME_SALT2_AT = 12;
  static final int FRAME_CHECKSUM1_AT = 16;
  static final int FRAME_CHECKSUM2_AT = 20;

  private static final VarHandle BIG =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LITTLE =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private WalFormat() {}

  static int u32(byte[] raw, int offset) {
    return (int) BIG.get(raw, offset);
  }

  static long frameOffset(long frame, int pageSizeBytes) {
    return HEADER_BYTES + (frame - 1) * (FRAME_HEADER_BYTES + (long) pageSizeBytes);
  }

  static long pageOffset(long frame, int pageSizeBytes) {
    return frameOffset(frame, pageSizeBytes) + FRAME_HEADER_BYTES;
  }

  /// The running checksum of a log: two words over pairs of words, in the byte order that the
  /// header of the log names.
  static final class Checksum {
    private final VarHandle order;
    private int s1;
    private int s2;

    Checksum(boolean bigEndian) {
      this.order = bigEndian ? BIG : LITTLE;
    }

    /// Adds `length` bytes, a multiple of 8.
    void add(byte[] raw, int offset, int length) {
      int a = s1;
      int b = s2;
      for (int i = offset; i < offset + length; i += 8) {
        a += (int) order.get(raw, i) + b;
        b += (int) order.get(raw, i + 4) + a;
      }
      s1 = a;
      s2 = b;
    }

    boolean is(int first, int second) {
      return s1 == first && s2 == second;
    }
  }
}
