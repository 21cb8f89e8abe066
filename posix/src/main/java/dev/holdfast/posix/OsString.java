package dev.holdfast.posix;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Names as the operating system has them: byte strings, carried in a Java `String`.
///
/// Every byte that is not part of valid UTF-8 becomes the lone surrogate `U+DC00 + byte`, which is
/// `U+DC80` to `U+DCFF`, as Python's `surrogateescape` does; everything else is ordinary text. So
/// [#encode] gives back exactly the bytes that [#decode] was given, whatever they were and whatever
/// the locale is. All methods are pure and thread-safe.
public final class OsString {
  private static final char ESCAPE_BASE = '\uDC00';
  private static final char FIRST_ESCAPE = '\uDC80';
  private static final char LAST_ESCAPE = '\uDCFF';
  private static final char REPLACEMENT = '\uFFFD';

  private OsString() {}

  /// The string that stands for `bytes`.
  public static String decode(byte[] bytes) {
    return decode(bytes, 0, bytes.length);
  }

  /// The string that stands for `length` bytes from `offset`.
  public static String decode(byte[] bytes, int offset, int length) {
    String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
    // The decoder puts U+FFFD for whatever is invalid: without one, nothing was.
    return text.indexOf(REPLACEMENT) < 0 ? text : decodeEscaping(bytes, offset, length);
  }

  /// The bytes that `name` stands for.
  ///
  /// @throws IllegalArgumentException if `name` holds a lone surrogate that stands for no byte
  public static byte[] encode(String name) {
    return isValidUtf8(name) ? name.getBytes(StandardCharsets.UTF_8) : encodeEscaped(name);
  }

  /// Order by the bytes that the names stand for, unsigned, as `strcmp` and Go compare them.
  public static int compare(String left, String right) {
    int common = Math.min(left.length(), right.length());
    for (int i = 0; i < common; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        // Below the surrogates the order of characters is the order of their UTF-8 bytes.
        return a < Character.MIN_SURROGATE && b < Character.MIN_SURROGATE
            ? Character.compare(a, b)
            : Arrays.compareUnsigned(encode(left), encode(right));
      }
    }
    return Integer.compare(left.length(), right.length());
  }

  /// Whether `name` stands for valid UTF-8, that is, holds no lone surrogate.
  public static boolean isValidUtf8(String name) {
    int length = name.length();
    for (int i = 0; i < length; i++) {
      char c = name.charAt(i);
      if (Character.isSurrogate(c)) {
        if (!isPair(name, i)) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /// The name as it can be shown to people: bytes that are not UTF-8, control characters and
  /// characters that would change the direction or the line of the text around them are shown as
  /// `\xNN`, byte by byte. Not reversible: a backslash in the name stays as it is.
  public static String display(String name) {
    StringBuilder shown = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); ) {
      int codePoint = name.codePointAt(i);
      int next = i + Character.charCount(codePoint);
      if (isEscape(codePoint)) {
        appendHex(shown, codePoint - ESCAPE_BASE);
      } else if (isUnfitToShow(codePoint)) {
        for (byte b : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
          appendHex(shown, b & 0xff);
        }
      } else {
        shown.appendCodePoint(codePoint);
      }
      i = next;
    }
    return shown.toString();
  }

  private static boolean isUnfitToShow(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> isDirectionOverride(codePoint);
    };
  }

  private static boolean isDirectionOverride(int codePoint) {
    return (codePoint >= 0x202A && codePoint <= 0x202E)
        || (codePoint >= 0x2066 && codePoint <= 0x2069);
  }

  private static void appendHex(StringBuilder out, int value) {
    out.append("\\x")
        .append(Character.forDigit(value >> 4, 16))
        .append(Character.forDigit(value & 0xf, 16));
  }

  private static boolean isEscape(int character) {
    return character >= FIRST_ESCAPE && character <= LAST_ESCAPE;
  }

  private static boolean isPair(String text, int index) {
    return Character.isHighSurrogate(text.charAt(index))
        && index + 1 < text.length()
        && Character.isLowSurrogate(text.charAt(index + 1));
  }

  private static String decodeEscaping(byte[] bytes, int offset, int length) {
    StringBuilder text = new StringBuilder(length);
    int end = offset + length;
    for (int i = offset; i < end; ) {
      int sequence = validSequenceBytes(bytes, i, end);
      if (sequence == 0) {
        text.append((char) (ESCAPE_BASE + (bytes[i] & 0xff)));
        i++;
      } else {
        text.append(new String(bytes, i, sequence, StandardCharsets.UTF_8));
        i += sequence;
      }
    }
    return text.toString();
  }

  /// The length of the well-formed UTF-8 sequence at `i`, or 0 (Unicode standard, table 3-7).
  private static int validSequenceBytes(byte[] bytes, int i, int end) {
    int first = bytes[i] & 0xff;
    if (first < 0x80) {
      return 1;
    }
    int size = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
    if (size == 0 || end - i < size || !isSecondByte(first, bytes[i + 1] & 0xff)) {
      return 0;
    }
    for (int k = 2; k < size; k++) {
      if ((bytes[i + k] & 0xC0) != 0x80) {
        return 0;
      }
    }
    return size;
  }

  /// The second byte is where overlong forms, surrogates and too large values are told apart.
  private static boolean isSecondByte(int first, int second) {
    int low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    int high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    return second >= low && second <= high;
  }

  private static byte[] encodeEscaped(String name) {
    byte[] bytes = new byte[Math.multiplyExact(name.length(), 3)];
    int size = 0;
    for (int i = 0; i < name.length(); ) {
      int codePoint = name.codePointAt(i);
      if (isEscape(codePoint)) {
        bytes[size++] = (byte) (codePoint - ESCAPE_BASE);
      } else if (Character.getType(codePoint) == Character.SURROGATE) {
        throw new IllegalArgumentException(
            "a lone surrogate stands for no byte: " + Integer.toHexString(codePoint));
      } else {
        byte[] encoded = Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(encoded, 0, bytes, size, encoded.length);
        size += encoded.length;
      }
      i += Character.charCount(codePoint);
    }
    return Arrays.copyOf(bytes, size);
  }
}
