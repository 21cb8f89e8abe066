package dev.holdfast.repository.format;

import dev.holdfast.posix.OsString;
import org.jspecify.annotations.Nullable;

/// Go's `strconv.Quote` and `Unquote` without the outer quotes: how restic writes names (format
/// sheet, section 8). Names are [OsString]s.
final class GoQuote {
  private static final char ESCAPED_BYTE_BASE = '\uDC00';
  private static final String SHORT_ESCAPES = "abtnvfr";
  private static final char FIRST_SHORT = 7;

  private GoQuote() {}

  /// Writes the quoted name as the inside of a JSON string, which doubles each backslash.
  static void write(String name, GoJson out) {
    for (int i = 0; i < name.length(); ) {
      char c = name.charAt(i);
      if (c < 0x80) {
        writeAscii(c, out);
        i++;
      } else {
        int codePoint = name.codePointAt(i);
        writeOther(codePoint, out);
        i += Character.charCount(codePoint);
      }
    }
  }

  private static void writeAscii(char c, GoJson out) {
    if (c == '"') {
      out.ascii("\\\\\\\"");
    } else if (c == '\\') {
      out.ascii("\\\\\\\\");
    } else if (c >= ' ' && c < 0x7f) {
      out.asciiCharacter(c);
    } else if (c >= FIRST_SHORT && c < FIRST_SHORT + SHORT_ESCAPES.length()) {
      out.ascii("\\\\");
      out.put(SHORT_ESCAPES.charAt(c - FIRST_SHORT));
    } else {
      writeByte(c, out);
    }
  }

  private static void writeOther(int codePoint, GoJson out) {
    if (Character.isBmpCodePoint(codePoint) && Character.isSurrogate((char) codePoint)) {
      writeByte(codePoint - ESCAPED_BYTE_BASE, out);
    } else if (GoPrintable.contains(codePoint)) {
      out.codePoint(codePoint);
    } else if (Character.isBmpCodePoint(codePoint)) {
      out.ascii("\\\\u");
      out.hexDigits(codePoint, 4);
    } else {
      out.ascii("\\\\U");
      out.hexDigits(codePoint, 8);
    }
  }

  private static void writeByte(int value, GoJson out) {
    if (value < 0 || value > 0xff) {
      throw new IllegalArgumentException("a lone surrogate stands for no byte");
    }
    out.ascii("\\\\x");
    out.hexDigits(value, 2);
  }

  /// The name that `quoted` stands for, or null if it is not what `Unquote` takes.
  static @Nullable String unquote(String quoted) {
    if (quoted.indexOf('"') < 0 && quoted.indexOf('\\') < 0) {
      return quoted.indexOf('\n') < 0 ? quoted : null;
    }
    return new Unquoting(quoted).run();
  }

  /// One run over a quoted name that has escapes.
  private static final class Unquoting {
    private final String quoted;
    private final byte[] bytes;
    private int at;
    private int size;

    Unquoting(String quoted) {
      this.quoted = quoted;
      // No escape is shorter than what it stands for, and no char has more than three bytes.
      bytes = new byte[Math.multiplyExact(quoted.length(), 3)];
    }

    @Nullable String run() {
      while (at < quoted.length()) {
        char c = quoted.charAt(at);
        if (c == '"' || c == '\n' || (c == '\\' && !escape())) {
          return null;
        }
        if (c != '\\') {
          int codePoint = quoted.codePointAt(at);
          at += Character.charCount(codePoint);
          put(codePoint);
        }
      }
      return OsString.decode(bytes, 0, size);
    }

    private boolean escape() {
      if (at + 1 >= quoted.length()) {
        return false;
      }
      char kind = quoted.charAt(at + 1);
      at += 2;
      return switch (kind) {
        case '\\', '"' -> put(kind);
        case 'x' -> putByte(number(2, 16));
        case 'u' -> putCharacter(number(4, 16));
        case 'U' -> putCharacter(number(8, 16));
        case '0', '1', '2', '3', '4', '5', '6', '7' -> {
          at--;
          yield putByte(number(3, 8));
        }
        default -> {
          int index = SHORT_ESCAPES.indexOf(kind);
          yield index >= 0 && put(FIRST_SHORT + index);
        }
      };
    }

    /// The number of `count` digits that comes next, or -1.
    private long number(int count, int radix) {
      if (at + count > quoted.length()) {
        return -1;
      }
      long value = 0;
      for (int i = 0; i < count; i++, at++) {
        char c = quoted.charAt(at);
        int digit = c < 0x80 ? Character.digit(c, radix) : -1;
        if (digit < 0) {
          return -1;
        }
        value = value * radix + digit;
      }
      return value;
    }

    private boolean putByte(long value) {
      if (value < 0 || value > 0xff) {
        return false;
      }
      bytes[size++] = (byte) value;
      return true;
    }

    private boolean putCharacter(long value) {
      boolean valid =
          value >= 0
              && value <= Character.MAX_CODE_POINT
              && !(value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE);
      return valid && put((int) value);
    }

    private boolean put(int codePoint) {
      byte[] encoded = OsString.encode(Character.toString(codePoint));
      System.arraycopy(encoded, 0, bytes, size, encoded.length);
      size += encoded.length;
      return true;
    }
  }
}
