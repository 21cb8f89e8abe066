package dev.holdfast.engine.archive.write;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Passes bytes on, counts them, and takes their SHA-256. One writer at a time.
public final class Digesting extends FilterOutputStream {
  private final MessageDigest digest = sha256();
  private long length;

  public Digesting(OutputStream target) {
    super(target);
  }

  /// A digest as `sha256sum` makes it.
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public void write(int value) throws IOException {
    out.write(value);
    digest.update((byte) value);
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
    return HexFormat.of().formatHex(digest.digest());
  }
}
