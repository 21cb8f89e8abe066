package dev.holdfast.engine.archive.write;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/// A zip archive (PKWARE's APPNOTE 6.3) as a stream: each entry compressed in parallel, its sizes
/// behind it. Zip64 only where a size or a place needs it. One writer at a time.
public final class ZipOutput {
  private static final long MAX_32 = 0xffffffffL;
  private static final int LEVEL = 4;
  private static final int VERSION = 20;
  private static final int VERSION_64 = 45;
  private static final int MADE_ON_UNIX = 3 << 8;
  private static final int REGULAR_FILE = 0100644;

  /// Sizes and checksum come behind the content; names are UTF-8.
  private static final int FLAGS = 0x0808;

  private static final int DEFLATED = 8;
  private static final int ZIP64_EXTRA = 1;

  private final OutputStream target;
  private final LocalDateTime time;
  private final List<Entry> entries = new ArrayList<>();
  private long position;

  /// Where an entry lies and how long it is.
  private record Entry(
      String name, long crc, long packedBytes, long plainBytes, long offset, boolean wide) {
    byte[] nameBytes() {
      return name.getBytes(StandardCharsets.UTF_8);
    }
  }

  /// Writes the content of an entry.
  @FunctionalInterface
  public interface Body {
    void writeTo(OutputStream target) throws IOException;
  }

  /// @param time of all entries, in no zone, as zip has it
  public ZipOutput(OutputStream target, LocalDateTime time) {
    this(target, time, 0);
  }

  /// @param position where in the archive the target begins
  ZipOutput(OutputStream target, LocalDateTime time, long position) {
    this.target = target;
    this.time = time;
    this.position = position;
  }

  /// Adds a file.
  ///
  /// @param plainBytes how long it will be
  public void add(String name, long plainBytes, Body body) throws IOException {
    // Deflate may make it a little longer.
    boolean wide = plainBytes + (plainBytes >> 10) + BlockDeflater.BLOCK_BYTES >= MAX_32;
    byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
    long offset = position;
    header(nameBytes, wide);
    CRC32 crc = new CRC32();
    long packed;
    Counting counting = new Counting();
    try (BlockDeflater deflater = new BlockDeflater(counting, LEVEL)) {
      Feeding feeding = new Feeding(deflater, crc);
      body.writeTo(feeding);
      packed = deflater.finish();
      if (feeding.length != plainBytes) {
        throw new IOException(
            "%s has %d bytes instead of %d".formatted(name, feeding.length, plainBytes));
      }
    }
    Fields descriptor = new Fields().four(0x08074b50L).four(crc.getValue());
    write(
        wide
            ? descriptor.eight(packed).eight(plainBytes)
            : descriptor.four(packed).four(plainBytes));
    entries.add(new Entry(name, crc.getValue(), packed, plainBytes, offset, wide));
  }

  private void header(byte[] name, boolean wide) throws IOException {
    Fields header = new Fields().four(0x04034b50L).two(wide ? VERSION_64 : VERSION).two(FLAGS);
    header.two(DEFLATED).two(dosTime()).two(dosDate()).four(0);
    header.four(wide ? MAX_32 : 0).four(wide ? MAX_32 : 0);
    header.two(name.length).two(wide ? 20 : 0).bytes(name);
    if (wide) {
      header.two(ZIP64_EXTRA).two(16).eight(0).eight(0);
    }
    write(header);
  }

  /// Writes the central directory, which ends the archive.
  public void finish() throws IOException {
    long start = position;
    for (Entry entry : entries) {
      central(entry);
    }
    long length = position - start;
    if (start >= MAX_32) {
      long end = position;
      Fields wide = new Fields().four(0x06064b50L).eight(44).two(MADE_ON_UNIX | VERSION_64);
      wide.two(VERSION_64).four(0).four(0).eight(entries.size()).eight(entries.size());
      write(wide.eight(length).eight(start));
      write(new Fields().four(0x07064b50L).four(0).eight(end).four(1));
    }
    Fields end = new Fields().four(0x06054b50L).two(0).two(0);
    end.two(entries.size()).two(entries.size()).four(length).four(Math.min(start, MAX_32)).two(0);
    write(end);
    target.flush();
  }

  private void central(Entry entry) throws IOException {
    boolean far = entry.offset() >= MAX_32;
    boolean wide = entry.wide() || far;
    int extra = wide ? 4 + 16 + (far ? 8 : 0) : 0;
    Fields header = new Fields().four(0x02014b50L);
    header.two(MADE_ON_UNIX | (wide ? VERSION_64 : VERSION)).two(wide ? VERSION_64 : VERSION);
    header.two(FLAGS).two(DEFLATED).two(dosTime()).two(dosDate()).four(entry.crc());
    header.four(wide ? MAX_32 : entry.packedBytes()).four(wide ? MAX_32 : entry.plainBytes());
    header.two(entry.nameBytes().length).two(extra).two(0).two(0).two(0);
    header
        .four((long) REGULAR_FILE << 16)
        .four(far ? MAX_32 : entry.offset())
        .bytes(entry.nameBytes());
    if (wide) {
      header.two(ZIP64_EXTRA).two(extra - 4).eight(entry.plainBytes()).eight(entry.packedBytes());
    }
    write(far ? header.eight(entry.offset()) : header);
  }

  private int dosTime() {
    return time.getHour() << 11 | time.getMinute() << 5 | time.getSecond() / 2;
  }

  private int dosDate() {
    int year = Math.clamp(time.getYear(), 1980, 2107);
    return (year - 1980) << 9 | time.getMonthValue() << 5 | time.getDayOfMonth();
  }

  private void write(Fields record) throws IOException {
    byte[] bytes = record.out.toByteArray();
    target.write(bytes);
    position += bytes.length;
  }

  /// The fields of a record, the lowest byte of each first.
  private static final class Fields {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Fields two(int value) {
      return bytes(LittleEndian.of(value, 2));
    }

    Fields four(long value) {
      return bytes(LittleEndian.of(value, 4));
    }

    Fields eight(long value) {
      return bytes(LittleEndian.of(value, 8));
    }

    Fields bytes(byte[] value) {
      out.writeBytes(value);
      return this;
    }
  }

  /// Counts what goes to the archive.
  private final class Counting extends OutputStream {
    @Override
    public void write(int value) throws IOException {
      target.write(value);
      position++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      target.write(bytes, offset, length);
      position += length;
    }
  }

  /// Takes the plain content.
  private static final class Feeding extends OutputStream {
    private final BlockDeflater deflater;
    private final CRC32 crc;
    private long length;

    Feeding(BlockDeflater deflater, CRC32 crc) {
      this.deflater = deflater;
      this.crc = crc;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      deflater.write(bytes, offset, count);
      crc.update(bytes, offset, count);
      length += count;
    }
  }
}
