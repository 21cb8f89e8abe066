package dev.holdfast.engine.query;

import dev.holdfast.posix.OsString;
import dev.holdfast.repository.format.ExtendedAttribute;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/// A tar archive in the pax format (POSIX.1-2001): every name, time and attribute goes into pax
/// records when the old header has no room for it.
public final class TarArchive implements EntryArchive {
  private static final int BLOCK = 512;
  private static final int NAME_BYTES = 100;
  private static final int USER_BYTES = 32;
  private static final int END_BLOCKS = 2;
  private static final long MAX_OCTAL_11 = (1L << 33) - 1;
  private static final long MAX_OCTAL_7 = (1L << 21) - 1;

  private final OutputStream target;

  public TarArchive(OutputStream target) {
    this.target = target;
  }

  @Override
  public void add(EntryView entry, EntryContent content) throws IOException {
    byte[] name = OsString.encode(entry.path().substring(1) + (entry.isDirectory() ? "/" : ""));
    byte[] link = OsString.encode(entry.linkTarget());
    long size = entry.isFile() ? entry.sizeBytes() : 0;
    byte[] records = records(entry, name, link, size);
    if (records.length > 0) {
      byte[] paxName = "PaxHeaders/entry".getBytes(StandardCharsets.US_ASCII);
      target.write(new Header('x', paxName, 0644).size(records.length).bytes());
      target.write(records);
      pad(records.length);
    }
    Header header = new Header(type(entry), name, entry.posixMode()).size(size);
    header.owner(entry).time(entry.modificationTime().toEpochSecond()).link(link);
    target.write(header.bytes());
    if (entry.isFile()) {
      Counter counter = new Counter(target);
      content.writeTo(entry, counter);
      if (counter.written != size) {
        throw new IOException(
            "%s has %d bytes of content and says %d".formatted(entry, counter.written, size));
      }
      pad(size);
    }
  }

  private static char type(EntryView entry) {
    if (entry.isDirectory()) {
      return '5';
    }
    return entry.isSymlink() ? '2' : '0';
  }

  private static byte[] records(EntryView entry, byte[] name, byte[] link, long size) {
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    record(records, name.length > NAME_BYTES || !isAscii(name), "path", name);
    record(records, link.length > NAME_BYTES || !isAscii(link), "linkpath", link);
    record(records, size > MAX_OCTAL_11, "size", ascii(Long.toString(size)));
    record(records, entry.uid() > MAX_OCTAL_7, "uid", ascii(Long.toString(entry.uid())));
    record(records, entry.gid() > MAX_OCTAL_7, "gid", ascii(Long.toString(entry.gid())));
    long seconds = entry.modificationTime().toEpochSecond();
    int nanos = entry.modificationTime().getNano();
    boolean odd = nanos != 0 || seconds < 0 || seconds > MAX_OCTAL_11;
    // Before 1970 the fraction counts the other way than a decimal point says: leave it out.
    String fraction = nanos == 0 || seconds < 0 ? "" : String.format(Locale.ROOT, ".%09d", nanos);
    record(records, odd, "mtime", ascii(seconds + fraction));
    for (ExtendedAttribute attribute : entry.node().extendedAttributes()) {
      record(records, true, PaxAttributes.key(attribute.name()), attribute.valueBytes());
    }
    return records.toByteArray();
  }

  /// A record is its own length in decimal, a space, the key, `=`, the value and a line feed.
  private static void record(ByteArrayOutputStream out, boolean needed, String key, byte[] value) {
    if (!needed) {
      return;
    }
    byte[] keyBytes = OsString.encode(key);
    int rest = keyBytes.length + value.length + 3;
    int length = rest + Integer.toString(rest).length();
    length = rest + Integer.toString(length).length();
    out.writeBytes(ascii(length + " "));
    out.writeBytes(keyBytes);
    out.write('=');
    out.writeBytes(value);
    out.write('\n');
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static boolean isAscii(byte[] bytes) {
    for (byte b : bytes) {
      if (b < 0) {
        return false;
      }
    }
    return true;
  }

  private void pad(long length) throws IOException {
    int over = (int) (length % BLOCK);
    if (over != 0) {
      target.write(new byte[BLOCK - over]);
    }
  }

  @Override
  public void close() throws IOException {
    target.write(new byte[BLOCK * END_BLOCKS]);
    target.flush();
  }

  /// The block before an entry's content (POSIX ustar).
  private static final class Header {
    private static final int SIZE_AT = 124;
    private static final int CHECKSUM_AT = 148;
    private static final int CHECKSUM_BYTES = 8;
    private final byte[] block = new byte[BLOCK];

    Header(char type, byte[] name, int mode) {
      put(0, name, NAME_BYTES);
      octal(100, 8, mode);
      octal(108, 8, 0);
      octal(116, 8, 0);
      octal(136, 12, 0);
      block[156] = (byte) type;
      put(257, ascii("ustar\00000"), 8);
    }

    Header size(long size) {
      octal(SIZE_AT, 12, Math.min(size, MAX_OCTAL_11));
      return this;
    }

    Header owner(EntryView entry) {
      octal(108, 8, Math.min(entry.uid(), MAX_OCTAL_7));
      octal(116, 8, Math.min(entry.gid(), MAX_OCTAL_7));
      put(265, OsString.encode(entry.user()), USER_BYTES - 1);
      put(297, OsString.encode(entry.group()), USER_BYTES - 1);
      return this;
    }

    Header time(long seconds) {
      octal(136, 12, Math.clamp(seconds, 0, MAX_OCTAL_11));
      return this;
    }

    Header link(byte[] link) {
      put(157, link, NAME_BYTES);
      return this;
    }

    byte[] bytes() {
      Arrays.fill(block, CHECKSUM_AT, CHECKSUM_AT + CHECKSUM_BYTES, (byte) ' ');
      int sum = 0;
      for (byte b : block) {
        sum += b & 0xff;
      }
      octal(CHECKSUM_AT, 7, sum);
      return block;
    }

    private void put(int at, byte[] value, int room) {
      System.arraycopy(value, 0, block, at, Math.min(value.length, room));
    }

    private void octal(int at, int room, long value) {
      String digits = Long.toOctalString(value);
      put(at, ascii("0".repeat(room - 1 - digits.length()) + digits + "\0"), room);
    }
  }

  /// Counts what passes.
  private static final class Counter extends OutputStream {
    private final OutputStream target;
    private long written;

    Counter(OutputStream target) {
      this.target = target;
    }

    @Override
    public void write(int value) throws IOException {
      target.write(value);
      written++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      target.write(bytes, offset, length);
      written += length;
    }
  }
}
