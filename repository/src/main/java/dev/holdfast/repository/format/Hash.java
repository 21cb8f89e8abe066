package dev.holdfast.repository.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Optional;

/// A SHA-256 hash as four big-endian machine words, so that it compares and hashes without touching
/// memory twice. Orders as its bytes do.
public record Hash(long w0, long w1, long w2, long w3) implements Comparable<Hash> {
  /// Length in bytes.
  public static final int BYTES = 32;

  /// Length of the lower-case hexadecimal form.
  public static final int HEX_CHARS = 2 * BYTES;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final HexFormat HEX = HexFormat.of();

  /// Reads 32 bytes of `bytes` from `offset`.
  public static Hash read(byte[] bytes, int offset) {
    return new Hash(
        (long) LONGS.get(bytes, offset),
        (long) LONGS.get(bytes, offset + 8),
        (long) LONGS.get(bytes, offset + 16),
        (long) LONGS.get(bytes, offset + 24));
  }

  /// Writes the 32 bytes into `bytes` from `offset`.
  public void write(byte[] bytes, int offset) {
    LONGS.set(bytes, offset, w0);
    LONGS.set(bytes, offset + 8, w1);
    LONGS.set(bytes, offset + 16, w2);
    LONGS.set(bytes, offset + 24, w3);
  }

  /// The 32 bytes, in a new array.
  public byte[] toBytes() {
    byte[] bytes = new byte[BYTES];
    write(bytes, 0);
    return bytes;
  }

  /// Parses exactly 64 lower-case hexadecimal digits; anything else is empty.
  public static Optional<Hash> parse(String hex) {
    if (hex.length() != HEX_CHARS) {
      return Optional.empty();
    }
    for (int i = 0; i < HEX_CHARS; i++) {
      char c = hex.charAt(i);
      if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
        return Optional.empty();
      }
    }
    return Optional.of(new Hash(word(hex, 0), word(hex, 16), word(hex, 32), word(hex, 48)));
  }

  private static long word(String hex, int from) {
    return Long.parseUnsignedLong(hex, from, from + 16, 16);
  }

  /// The first eight hexadecimal digits, as shown to people.
  public String toShortHex() {
    return HEX.toHexDigits(w0).substring(0, 8);
  }

  /// The 64 lower-case hexadecimal digits.
  public String toHex() {
    return HEX.toHexDigits(w0) + HEX.toHexDigits(w1) + HEX.toHexDigits(w2) + HEX.toHexDigits(w3);
  }

  @Override
  public int compareTo(Hash other) {
    int c = Long.compareUnsigned(w0, other.w0);
    if (c == 0) {
      c = Long.compareUnsigned(w1, other.w1);
    }
    if (c == 0) {
      c = Long.compareUnsigned(w2, other.w2);
    }
    return c == 0 ? Long.compareUnsigned(w3, other.w3) : c;
  }

  @Override
  public int hashCode() {
    return (int) w0;
  }

  @Override
  public String toString() {
    return toHex();
  }
}
