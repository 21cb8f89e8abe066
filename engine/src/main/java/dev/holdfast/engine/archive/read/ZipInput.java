package dev.holdfast.engine.archive.read;

import dev.holdfast.posix.OsString;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Reads a small zip archive (PKWARE's APPNOTE 6.3, Zip64 included) and believes nothing: what the
/// directory at its end says and what stands before each entry must be the same, and entries,
/// directory and end must fill the file without gap, overlap or rest. One thread at a time.
public final class ZipInput {
  /// Those that are read have two entries.
  private static final int ENTRIES_MAX = 16;

  private static final int NAME_BYTES_MAX = 1024;
  private static final int LOCAL_BYTES = 30;
  private static final int CENTRAL_BYTES = 46;
  private static final int END_BYTES = 22;
  private static final int WIDE_END_BYTES = 56;
  private static final int LOCATOR_BYTES = 20;
  private static final long MAX_32 = 0xffffffffL;
  private static final int MAX_16 = 0xffff;
  private static final int LOCAL = 0x04034b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int WIDE_END = 0x06064b50;
  private static final int LOCATOR = 0x07064b50;
  private static final int DESCRIPTOR = 0x08074b50;
  private static final int ENCRYPTED = 0x2041;
  private static final int STREAMED = 8;
  static final int STORED = 0;
  private static final int DEFLATED = 8;
  private static final int ZIP64_EXTRA = 1;
  private static final int TYPE_MASK = 0170000;
  private static final int REGULAR = 0100000;

  private final FileChannel file;
  private final long fileBytes;
  private final List<Entry> entries = new ArrayList<>();

  /// A file in the archive.
  ///
  /// @param dataAt where its packed bytes begin
  public record Entry(
      String name, int method, long crc, long packedBytes, long plainBytes, long dataAt) {}

  /// Reads and checks everything but the content.
  public ZipInput(FileChannel file) throws IOException {
    this.file = file;
    fileBytes = file.size();
    try {
      readDirectory();
    } catch (EOFException e) {
      throw Refusal.damaged("its zip directory points beyond its end");
    }
  }

  /// In the order in which they lie in the file.
  public List<Entry> entries() {
    return List.copyOf(entries);
  }

  private void readDirectory() throws IOException {
    if (fileBytes < END_BYTES || at(0, 4).getInt() != LOCAL) {
      throw Refusal.refused("it is no zip archive: it does not begin as one");
    }
    long endAt = fileBytes - END_BYTES;
    ByteBuffer end = at(endAt, END_BYTES);
    if (end.getInt() != END || end.getShort(20) != 0) {
      throw Refusal.damaged(
          "it does not end as a zip archive does: it was cut off, or something follows it");
    }
    long count = end.getShort(10) & MAX_16;
    long length = end.getInt(12) & MAX_32;
    long start = end.getInt(16) & MAX_32;
    boolean split =
        end.getShort(4) != 0 || end.getShort(6) != 0 || count != (end.getShort(8) & MAX_16);
    long directoryEnd = endAt;
    boolean wide = endAt >= LOCATOR_BYTES && at(endAt - LOCATOR_BYTES, 4).getInt() == LOCATOR;
    if (wide) {
      directoryEnd = at(endAt - LOCATOR_BYTES, LOCATOR_BYTES).getLong(8);
      ByteBuffer wideEnd = at(directoryEnd, WIDE_END_BYTES);
      boolean isWhole =
          wideEnd.getInt() == WIDE_END
              && wideEnd.getLong(4) == WIDE_END_BYTES - 12
              && directoryEnd + WIDE_END_BYTES == endAt - LOCATOR_BYTES;
      if (!isWhole) {
        throw Refusal.damaged("the end of its zip directory is broken");
      }
      count = wideEnd.getLong(32);
      length = wideEnd.getLong(40);
      start = wideEnd.getLong(48);
    }
    if (split || count < 1 || count > ENTRIES_MAX) {
      throw Refusal.refused("its zip directory has " + count + " entries, or is split");
    }
    if (start < 0 || length < 0 || start > fileBytes || start + length != directoryEnd) {
      throw Refusal.damaged("its zip directory does not lie where it should");
    }
    readEntries((int) count, start, length);
  }

  private void readEntries(int count, long start, long length) throws IOException {
    long at = start;
    long expected = 0;
    Set<String> names = new HashSet<>();
    for (int i = 0; i < count; i++) {
      Central central = new Central(at);
      at = central.endAt;
      if (!names.add(central.name)) {
        throw Refusal.refused("it has two entries '" + OsString.display(central.name) + "'");
      }
      if (central.offset != expected) {
        throw Refusal.refused("its entries overlap, or something lies between them");
      }
      expected = compareWithLocal(central);
      if (expected > start) {
        throw Refusal.refused("its entries reach into its directory");
      }
    }
    if (at != start + length || expected != start) {
      throw Refusal.refused("something lies between its entries and its directory");
    }
  }

  /// One record of the directory, checked.
  private final class Central {
    private final String name;
    private final int flags;
    private final int method;
    private final long crc;
    private long packed;
    private long plain;
    private long offset;
    private final long endAt;

    Central(long at) throws IOException {
      ByteBuffer head = at(at, CENTRAL_BYTES);
      if (head.getInt() != CENTRAL) {
        throw Refusal.damaged("its zip directory is broken");
      }
      flags = head.getShort(8) & MAX_16;
      method = head.getShort(10) & MAX_16;
      crc = head.getInt(16) & MAX_32;
      packed = head.getInt(20) & MAX_32;
      plain = head.getInt(24) & MAX_32;
      int nameBytes = head.getShort(28) & MAX_16;
      int extraBytes = head.getShort(30) & MAX_16;
      int commentBytes = head.getShort(32) & MAX_16;
      offset = head.getInt(42) & MAX_32;
      if (nameBytes == 0 || nameBytes > NAME_BYTES_MAX) {
        throw Refusal.refused("an entry has a name of " + nameBytes + " bytes");
      }
      name = text(at + CENTRAL_BYTES, nameBytes);
      checkKind(head.getShort(4) & MAX_16, head.getInt(38));
      wide(at(at + CENTRAL_BYTES + nameBytes, extraBytes));
      endAt = at + CENTRAL_BYTES + nameBytes + extraBytes + commentBytes;
    }

    private void checkKind(int madeBy, int attributes) {
      String shown = "'" + OsString.display(name) + "'";
      if ((flags & ENCRYPTED) != 0) {
        throw Refusal.refused("its entry " + shown + " is encrypted");
      }
      if (method != STORED && method != DEFLATED) {
        throw Refusal.refused(
            "its entry %s is compressed with method %d, which is not known here"
                .formatted(shown, method));
      }
      EntryNames.checked(name);
      int type = attributes >>> 16 & TYPE_MASK;
      boolean onUnix = madeBy >>> 8 == 3;
      if (name.endsWith("/")
          || name.indexOf('\\') >= 0
          || (onUnix && type != 0 && type != REGULAR)) {
        throw Refusal.refused("its entry " + shown + " is not a plain file");
      }
    }

    /// What Zip64 has instead of the numbers that do not fit.
    private void wide(ByteBuffer extra) {
      while (extra.remaining() >= 4) {
        int id = extra.getShort() & MAX_16;
        int size = extra.getShort() & MAX_16;
        if (size > extra.remaining()) {
          throw Refusal.damaged("the extra data of an entry are broken");
        }
        int end = extra.position() + size;
        if (id == ZIP64_EXTRA) {
          ByteBuffer values = extra.slice(extra.position(), size).order(ByteOrder.LITTLE_ENDIAN);
          plain = plain == MAX_32 ? number(values) : plain;
          packed = packed == MAX_32 ? number(values) : packed;
          offset = offset == MAX_32 ? number(values) : offset;
        }
        extra.position(end);
      }
      if (plain < 0 || packed < 0 || offset < 0) {
        throw Refusal.damaged("the sizes of an entry are out of range");
      }
    }

    private static long number(ByteBuffer values) {
      if (values.remaining() < Long.BYTES) {
        throw Refusal.damaged("the extra data of an entry are too short");
      }
      return values.getLong();
    }
  }

  /// Compares what stands before an entry with the directory; gives where the entry ends.
  private long compareWithLocal(Central central) throws IOException {
    ByteBuffer local = at(central.offset, LOCAL_BYTES);
    boolean streamed = (central.flags & STREAMED) != 0;
    int nameBytes = local.getShort(26) & MAX_16;
    int extraBytes = local.getShort(28) & MAX_16;
    boolean same =
        local.getInt() == LOCAL
            && (local.getShort(6) & MAX_16) == central.flags
            && (local.getShort(8) & MAX_16) == central.method
            && nameBytes <= NAME_BYTES_MAX
            && text(central.offset + LOCAL_BYTES, nameBytes).equals(central.name);
    ByteBuffer extra = at(central.offset + LOCAL_BYTES + nameBytes, extraBytes);
    boolean wide = hasWide(extra.duplicate().order(ByteOrder.LITTLE_ENDIAN));
    if (same && !streamed) {
      same = (local.getInt(14) & MAX_32) == central.crc && sizesAre(central, local, extra);
    }
    if (!same) {
      throw Refusal.refused(
          "what stands before its entry '%s' is not what its directory says"
              .formatted(OsString.display(central.name)));
    }
    long dataAt = central.offset + LOCAL_BYTES + nameBytes + extraBytes;
    if (central.packed > fileBytes - dataAt) {
      throw Refusal.damaged("an entry reaches beyond its end");
    }
    entries.add(
        new Entry(
            central.name, central.method, central.crc, central.packed, central.plain, dataAt));
    long end = dataAt + central.packed;
    return streamed ? end + descriptorBytes(end, central, wide) : end;
  }

  private static boolean hasWide(ByteBuffer extra) {
    while (extra.remaining() >= 4) {
      int id = extra.getShort() & MAX_16;
      int size = extra.getShort() & MAX_16;
      if (id == ZIP64_EXTRA) {
        return true;
      }
      extra.position(Math.min(extra.limit(), extra.position() + size));
    }
    return false;
  }

  private static boolean sizesAre(Central central, ByteBuffer local, ByteBuffer extra) {
    long packed = local.getInt(18) & MAX_32;
    long plain = local.getInt(22) & MAX_32;
    if (packed != MAX_32 && plain != MAX_32) {
      return packed == central.packed && plain == central.plain;
    }
    while (extra.remaining() >= 4) {
      int id = extra.getShort() & MAX_16;
      int size = extra.getShort() & MAX_16;
      if (id == ZIP64_EXTRA && size >= 16 && extra.remaining() >= 16) {
        return extra.getLong() == central.plain && extra.getLong() == central.packed;
      }
      extra.position(Math.min(extra.limit(), extra.position() + size));
    }
    return false;
  }

  /// The length of the sizes and the checksum behind an entry, which must be the directory's.
  private int descriptorBytes(long at, Central central, boolean wide) throws IOException {
    for (int signed : new int[] {4, 0}) {
      for (int width : wide ? new int[] {8, 4} : new int[] {4, 8}) {
        int length = signed + 4 + 2 * width;
        if (at + length > fileBytes) {
          continue;
        }
        ByteBuffer found = at(at, length);
        boolean same = signed == 0 || found.getInt() == DESCRIPTOR;
        same = same && (found.getInt() & MAX_32) == central.crc;
        long packed = width == 8 ? found.getLong() : found.getInt() & MAX_32;
        long plain = width == 8 ? found.getLong() : found.getInt() & MAX_32;
        if (same && packed == central.packed && plain == central.plain) {
          return length;
        }
      }
    }
    throw Refusal.refused(
        "what stands behind its entry '%s' is not what its directory says"
            .formatted(OsString.display(central.name)));
  }

  /// The content of an entry: refused at its end if its length or checksum is wrong, and as soon as
  /// it is too long.
  public InputStream open(Entry entry) {
    return new ZipContent(file, entry);
  }

  private String text(long at, int length) throws IOException {
    byte[] bytes = new byte[length];
    at(at, length).get(bytes);
    return OsString.decode(bytes);
  }

  /// Bytes of the file, to be read with the lowest first.
  private ByteBuffer at(long position, int length) throws IOException {
    if (position < 0 || position > fileBytes - length) {
      throw new EOFException();
    }
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, position + bytes.position()) <= 0) {
        throw new EOFException();
      }
    }
    return bytes.flip().order(ByteOrder.LITTLE_ENDIAN);
  }
}
