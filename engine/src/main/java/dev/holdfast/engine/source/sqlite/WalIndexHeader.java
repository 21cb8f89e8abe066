package dev.holdfast.engine.source.sqlite;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/// The header of the wal-index, the shared memory of WAL mode: what the log holds at this moment
/// (SQLite's WAL format, section 2.3). All numbers but the salts, which are as in the log, are in
/// the byte order of the machine.
///
/// @param changeCounter counts the transactions
/// @param pageSizeBytes a power of two, 512 to 65,536
/// @param lastFrame the last committed frame of the log, 0 if there is none
/// @param pageCount the size of the database in pages after that commit
/// @param salt1 what the frames of this generation of the log carry, as it stands in the log
/// @param salt2 the second half of it
record WalIndexHeader(
    int changeCounter, int pageSizeBytes, long lastFrame, long pageCount, int salt1, int salt2) {
  /// One copy of the header; it stands twice at the start of the wal-index, for readers to see
  /// whether it was written meanwhile.
  static final int COPY_BYTES = 48;

  static final int LENGTH_BYTES = 2 * COPY_BYTES;

  /// Where the number of frames stands that a checkpoint has copied to the database: behind both
  /// headers.
  static final int BACKFILL_OFFSET = LENGTH_BYTES;

  private static final VarHandle NATIVE =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
  private static final VarHandle BIG =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle NATIVE_SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.nativeOrder());

  private static final int VERSION = 3_007_000;
  private static final int CHECKSUM_OFFSET = 40;

  /// The header in the first [#LENGTH_BYTES] of the wal-index; empty if it was being written or is
  /// not one, which reading again tells apart.
  static Optional<WalIndexHeader> parse(byte[] raw) {
    boolean alike = Arrays.equals(raw, 0, COPY_BYTES, raw, COPY_BYTES, LENGTH_BYTES);
    if (!alike || nativeInt(raw, 0) != VERSION || raw[12] != 1 || !isChecksumRight(raw)) {
      return Optional.empty();
    }
    int rawPageSize = Short.toUnsignedInt((short) NATIVE_SHORT.get(raw, 14));
    int pageSize = rawPageSize == 1 ? SqliteHeader.MAX_PAGE_BYTES : rawPageSize;
    boolean empty = nativeInt(raw, 16) == 0;
    if (!empty && !SqliteHeader.isPageSize(pageSize)) {
      return Optional.empty();
    }
    return Optional.of(
        new WalIndexHeader(
            nativeInt(raw, 8),
            pageSize,
            Integer.toUnsignedLong(nativeInt(raw, 16)),
            Integer.toUnsignedLong(nativeInt(raw, 20)),
            (int) BIG.get(raw, 32),
            (int) BIG.get(raw, 36)));
  }

  /// The number of backfilled frames in the four bytes from [#BACKFILL_OFFSET].
  static long parseBackfill(byte[] raw) {
    return Integer.toUnsignedLong(nativeInt(raw, 0));
  }

  private static boolean isChecksumRight(byte[] raw) {
    int s1 = 0;
    int s2 = 0;
    for (int i = 0; i < CHECKSUM_OFFSET; i += 8) {
      s1 += nativeInt(raw, i) + s2;
      s2 += nativeInt(raw, i + 4) + s1;
    }
    return s1 == nativeInt(raw, CHECKSUM_OFFSET) && s2 == nativeInt(raw, CHECKSUM_OFFSET + 4);
  }

  private static int nativeInt(byte[] raw, int offset) {
    return (int) NATIVE.get(raw, offset);
  }
}
