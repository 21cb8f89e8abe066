package dev.holdfast.engine.archive.write;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32;

/// A gzip file (RFC 1952) of one member, compressed in parallel. Closing ends it and leaves what it
/// was written to open; until then it is not whole. One writer at a time.
public final class GzipOutput extends OutputStream {
  /// A database takes 2% more than with 6, the usual one, in two thirds of the time.
  private static final int LEVEL = 4;

  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 3};

  private final OutputStream target;
  private final BlockDeflater deflater;
  private final CRC32 checksum = new CRC32();
  private long length;
  private boolean begun;

  public GzipOutput(OutputStream target) {
    this.target = target;
    deflater = new BlockDeflater(target, LEVEL);
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    begin();
    checksum.update(bytes, offset, count);
    deflater.write(bytes, offset, count);
    length += count;
  }

  private void begin() throws IOException {
    if (!begun) {
      begun = true;
      target.write(HEADER);
    }
  }

  /// Ends the file.
  public void finish() throws IOException {
    begin();
    deflater.finish();
    target.write(LittleEndian.of(checksum.getValue(), Integer.BYTES));
    target.write(LittleEndian.of(length, Integer.BYTES));
    target.flush();
  }

  @Override
  public void close() {
    deflater.close();
  }
}
