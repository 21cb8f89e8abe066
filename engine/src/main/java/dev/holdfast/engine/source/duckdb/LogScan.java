package dev.holdfast.engine.source.duckdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.Set;

/// What a write-ahead log holds, up to its last complete commit (`write_ahead_log.cpp`): a version
/// entry, then entries of size, checksum and body, of which the last of each commit is a flush.
///
/// @param committedBytes length up to and with the last flush; the rest is of a commit that is
///   being written, or was torn
/// @param kinds the kinds of the entries up to there
/// @param isUnderstood whether it is a log of the version that this knows, or empty
record LogScan(long committedBytes, Set<LogEntry> kinds, boolean isUnderstood) {
  private static final int KIND_FIELD = 100;
  private static final int VERSION_FIELD = 101;
  private static final int IDENTIFIER_FIELD = 102;
  private static final int ITERATION_FIELD = 103;
  private static final int END_FIELD = 0xffff;
  private static final int KNOWN_VERSION = 2;
  private static final int VERSION_KIND = 98;

  /// Longer than every version entry: an identifier of 16 numbers of up to two bytes, and some
  /// fields.
  private static final int VERSION_ENTRY_MAX = 128;

  private static final int ENTRY_HEAD_BYTES = 2 * Long.BYTES;
  private static final int ENTRY_START_BYTES = ENTRY_HEAD_BYTES + 3;
  private static final int BUFFER_BYTES = 256 * 1024;

  /// Takes the first `lengthBytes` of a log apart.
  static LogScan of(DataFile log, long lengthBytes) throws IOException {
    Window window = new Window(log, lengthBytes);
    int start = versionEntryBytes(window.at(0, VERSION_ENTRY_MAX));
    if (start < 0) {
      boolean isEmpty = lengthBytes == 0;
      return new LogScan(lengthBytes, EnumSet.noneOf(LogEntry.class), isEmpty);
    }
    return entries(window, start);
  }

  /// Takes apart what a log holds between the end of this and `lengthBytes`.
  LogScan further(DataFile log, long lengthBytes) throws IOException {
    if (!isUnderstood) {
      return this;
    }
    return committedBytes == 0
        ? of(log, lengthBytes)
        : entries(new Window(log, lengthBytes), committedBytes);
  }

  private static LogScan entries(Window window, long start) throws IOException {
    Set<LogEntry> kinds = EnumSet.noneOf(LogEntry.class);
    Set<LogEntry> pending = EnumSet.noneOf(LogEntry.class);
    long committed = 0;
    long position = start;
    while (true) {
      ByteBuffer entry = window.at(position, ENTRY_START_BYTES);
      if (entry.remaining() < ENTRY_START_BYTES) {
        return new LogScan(committed, kinds, true);
      }
      long size = entry.getLong(entry.position());
      if (size < 0 || size > window.lengthBytes - position - ENTRY_HEAD_BYTES) {
        return new LogScan(committed, kinds, true);
      }
      LogEntry kind = kindOf(entry.position(entry.position() + ENTRY_HEAD_BYTES));
      if (kind == LogEntry.UNKNOWN) {
        // Whole, as a torn one would not be: damaged, or of a later version. Where the last commit
        // ends cannot be told then, and DuckDB has to say whether it can read what there is.
        return new LogScan(window.lengthBytes, EnumSet.of(LogEntry.UNKNOWN), false);
      }
      pending.add(kind);
      position += ENTRY_HEAD_BYTES + size;
      if (kind == LogEntry.WAL_FLUSH) {
        committed = position;
        kinds.addAll(pending);
        pending.clear();
      }
    }
  }

  private static LogEntry kindOf(ByteBuffer body) {
    return Short.toUnsignedInt(body.getShort()) == KIND_FIELD
        ? LogEntry.of(body.get() & 0xff)
        : LogEntry.UNKNOWN;
  }

  /// The length of the version entry at the start of a log, or -1 if it is another.
  private static int versionEntryBytes(ByteBuffer bytes) {
    boolean isKnown = false;
    while (bytes.remaining() >= Short.BYTES) {
      int field = Short.toUnsignedInt(bytes.getShort());
      switch (field) {
        case KIND_FIELD -> {
          if (number(bytes) != VERSION_KIND) {
            return -1;
          }
        }
        case VERSION_FIELD -> isKnown = number(bytes) == KNOWN_VERSION;
        case IDENTIFIER_FIELD -> {
          long count = number(bytes);
          for (long i = 0; i < count && bytes.hasRemaining(); i++) {
            number(bytes);
          }
        }
        case ITERATION_FIELD -> number(bytes);
        case END_FIELD -> {
          return isKnown ? bytes.position() : -1;
        }
        default -> {
          return -1;
        }
      }
    }
    return -1;
  }

  /// A number in groups of seven bits, the low ones first; -1 if it does not end.
  private static long number(ByteBuffer bytes) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE && bytes.hasRemaining(); shift += 7) {
      byte group = bytes.get();
      value |= (group & 0x7fL) << shift;
      if (group >= 0) {
        return value;
      }
    }
    return -1;
  }

  /// Whether it refers to blocks that no header refers to: bulk loads write those before they
  /// commit.
  boolean hasBlocks() {
    return !isUnderstood || kinds.contains(LogEntry.ROW_GROUP_DATA);
  }

  /// Whether a checkpoint began at its end.
  boolean hasCheckpoint() {
    return kinds.contains(LogEntry.CHECKPOINT);
  }

  /// Whether nothing in it can free a block.
  boolean isHarmless() {
    return isUnderstood && kinds.stream().noneMatch(LogEntry::mayFreeBlocks);
  }

  /// Reads a file in large pieces, at rising positions.
  private static final class Window {
    private final DataFile file;
    private final long lengthBytes;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private long start;
    private int filled;

    Window(DataFile file, long lengthBytes) {
      this.file = file;
      this.lengthBytes = lengthBytes;
    }

    /// Up to `count` bytes at `position`, fewer at the end.
    ByteBuffer at(long position, int count) throws IOException {
      int wanted = Math.clamp(lengthBytes - position, 0, count);
      if (position < start || position + wanted > start + filled) {
        int size = Math.clamp(lengthBytes - position, 0, buffer.length);
        filled = file.readUpTo(position, buffer, 0, size);
        start = position;
        wanted = Math.min(wanted, filled);
      }
      return ByteBuffer.wrap(buffer, (int) (position - start), wanted)
          .order(ByteOrder.LITTLE_ENDIAN);
    }
  }
}
