package dev.holdfast.engine.source.sqlite;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The header of a database file (SQLite's file format, section 1.3).
///
/// @param pageSizeBytes a power of two, 512 to 65,536
/// @param writeAheadLog whether the file asks its readers for WAL mode
/// @param changeCounter counts the transactions that wrote the file in a rollback mode
/// @param pageCount the size in pages as the header has it, or 0 where a version of SQLite older
///   than 3.7.0 wrote last, and left it stale
public record SqliteHeader(
    int pageSizeBytes, boolean writeAheadLog, int changeCounter, long pageCount) {
  /// How many bytes of a file [#parse] looks at.
  public static final int LENGTH_BYTES = 100;

  static final int MIN_PAGE_BYTES = 512;
  static final int MAX_PAGE_BYTES = 65_536;

  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
  private static final VarHandle U32 =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final int HIGHEST_READ_VERSION = 2;

  /// Whether `head`, the first `length` bytes of a file, starts like a database.
  public static boolean hasMagic(byte[] head, int length) {
    return length >= MAGIC.length && Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  /// The header in the first [#LENGTH_BYTES] of a file.
  ///
  /// @throws MalformedHeaderException naming the field that cannot be right
  static SqliteHeader parse(byte[] head, int length) throws MalformedHeaderException {
    if (!hasMagic(head, length)) {
      throw new MalformedHeaderException("does not start as a SQLite database");
    }
    if (length < LENGTH_BYTES) {
      throw new MalformedHeaderException("has a header of only " + length + " bytes");
    }
    int raw = ((head[16] & 0xff) << 8) | (head[17] & 0xff);
    int pageSize = raw == 1 ? MAX_PAGE_BYTES : raw;
    if (!isPageSize(pageSize)) {
      throw new MalformedHeaderException("says that its page size is " + pageSize);
    }
    int readVersion = head[19] & 0xff;
    if (readVersion == 0 || readVersion > HIGHEST_READ_VERSION) {
      throw new MalformedHeaderException("says that its read version is " + readVersion);
    }
    if (head[21] != 64 || head[22] != 32 || head[23] != 32) {
      throw new MalformedHeaderException("has other payload fractions than 64, 32 and 32");
    }
    int changeCounter = (int) U32.get(head, 24);
    int validFor = (int) U32.get(head, 92);
    long pages = Integer.toUnsignedLong((int) U32.get(head, 28));
    return new SqliteHeader(
        pageSize,
        readVersion == HIGHEST_READ_VERSION,
        changeCounter,
        changeCounter == validFor ? pages : 0);
  }

  static boolean isPageSize(int bytes) {
    return bytes >= MIN_PAGE_BYTES && bytes <= MAX_PAGE_BYTES && Integer.bitCount(bytes) == 1;
  }

  /// A header that starts as SQLite's and cannot be one. The message completes "the file ...".
  static final class MalformedHeaderException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedHeaderException(String message) {
      super(message);
    }
  }
}
