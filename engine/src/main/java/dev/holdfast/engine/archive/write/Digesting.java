package dev.holdfast.engine.archive.write;

import dev.holdfast.repository.crypto.Hasher;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/// Passes bytes on, counts them, and takes their SHA-256. One writer at a time.
public final class Digesting extends FilterOutputStream {
  private final Hasher digest = new Hasher();
  private long length;

  public Digesting(OutputStream target) {
    super(target);
  }

  @Override
  public void write(int value) throws IOException {
    out.write(value);
    digest.update(new byte[] {(byte) value}, 0, 1);
    length++;
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    out.write(bytes, offset, count);
    digest.update(bytes, offset, count);
    length += count;
  }

  public long length() {
    return length;
  }

  /// The checksum in hexadecimal digits, once.
  public String end() {
    return digest.end().toHex();
  }
}
