package dev.holdfast.engine.source.postgres;

import dev.holdfast.repository.error.HoldfastException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The beginning of a custom archive as it arrives: bytes are added at the end and taken from the
/// start, a whole value or nothing. Numbers are a sign and four bytes, the lowest first; texts a
/// number, -1 for none, and so many bytes.
final class ArchiveBytes {
  /// A value that is not there yet in full.
  static final class Underflow extends Exception {
    private static final long serialVersionUID = 1L;

    Underflow() {
      super(null, null, false, false);
    }
  }

  static final int INT_BYTES = 4;

  /// Bytes of a number with its sign.
  static final int NUMBER_BYTES = 1 + INT_BYTES;

  /// Longest text, such as the definition of a function.
  private static final int MAX_TEXT_BYTES = 256 * 1024 * 1024;

  private byte[] bytes = new byte[64 * 1024];
  private TextEncoding encoding = TextEncoding.UTF8;
  private int at;
  private int end;

  /// Bytes that came before those in [#bytes].
  private long gone;

  void add(byte[] from, int offset, int length) {
    if (at > 0) {
      System.arraycopy(bytes, at, bytes, 0, end - at);
      gone += at;
      end -= at;
      at = 0;
    }
    int needed = Math.addExact(end, length);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length * 2));
    }
    System.arraycopy(from, offset, bytes, end, length);
    end = needed;
  }

  /// Has texts that are taken from now on read in another encoding.
  void readTextsIn(TextEncoding other) {
    encoding = other;
  }

  /// Where the next value begins, to come back to with [#back] after an [Underflow].
  int mark() {
    return at;
  }

  void back(int mark) {
    at = mark;
  }

  /// Where the next value begins, counted from the start of the archive.
  long position() {
    return gone + at;
  }

  int remaining() {
    return end - at;
  }

  int oneByte() throws Underflow {
    need(1);
    return bytes[at++] & 0xff;
  }

  void skip(int count) throws Underflow {
    need(count);
    at += count;
  }

  int number(String field) throws Underflow {
    need(NUMBER_BYTES);
    int value = number(bytes, at, field);
    at += NUMBER_BYTES;
    return value;
  }

  /// The number at a place.
  static int number(byte[] bytes, int at, String field) {
    int sign = bytes[at];
    long value = 0;
    for (int i = INT_BYTES; i >= 1; i--) {
      value = (value << Byte.SIZE) | (bytes[at + i] & 0xff);
    }
    if (sign != 0 && sign != 1) {
      throw damaged(field + " has the sign " + sign);
    }
    return (int) (sign == 1 ? -value : value);
  }

  @Nullable String text(String field) throws Underflow {
    int length = number(field);
    if (length == -1) {
      return null;
    }
    if (length < 0 || length > MAX_TEXT_BYTES) {
      throw damaged(field + " has " + length + " bytes");
    }
    need(length);
    String text = encoding.decode(bytes, at, length);
    at += length;
    return text;
  }

  private void need(int count) throws Underflow {
    if (end - at < count) {
      throw new Underflow();
    }
  }

  static HoldfastException damaged(String what) {
    return new HoldfastException.Corrupt(
        "the dump is not what pg_dump writes: " + what,
        "nothing was stored; run pg_dump by itself to see whether it does so again",
        null);
  }
}
