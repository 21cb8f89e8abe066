package dev.holdfast.repository.format;

import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/// Writes JSON as Go's `encoding/json` does, to the byte: no spaces, `<`, `>`, `&`, U+2028 and
/// U+2029 escaped, invalid UTF-8 as `\ufffd`, and `\b` and `\f` in their short form as Go 1.22 and
/// later have it. Not thread-safe. The caller keeps the structure right: nothing checks it.
///
/// Strings are [dev.holdfast.posix.OsString]s: a lone surrogate is a byte that is not UTF-8.
public final class GoJson {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final int MIN_BYTES = 64;
  private static final int MAX_UTF8_BYTES = 4;
  private static final int MAX_DECIMAL_DIGITS = 20;

  private byte[] buffer;
  private int length;
  private boolean needsComma;

  /// @param expectedBytes how long the result will be, at a guess
  public GoJson(int expectedBytes) {
    buffer = new byte[Math.max(MIN_BYTES, expectedBytes)];
  }

  public GoJson beginObject() {
    return begin('{');
  }

  public GoJson endObject() {
    return end('}');
  }

  public GoJson beginArray() {
    return begin('[');
  }

  public GoJson endArray() {
    return end(']');
  }

  /// Starts a member of an object. `name` is plain ASCII.
  public GoJson name(String name) {
    comma();
    quote();
    ascii(name);
    quote();
    put(':');
    needsComma = false;
    return this;
  }

  /// Starts a member whose name may be anything.
  GoJson member(String name) {
    string(name);
    put(':');
    needsComma = false;
    return this;
  }

  public GoJson string(String value) {
    comma();
    quote();
    text(value);
    quote();
    return this;
  }

  /// A name of a file, escaped as `strconv.Quote` does before it becomes a JSON string.
  GoJson quotedName(String name) {
    comma();
    quote();
    GoQuote.write(name, this);
    quote();
    return this;
  }

  public GoJson strings(List<String> values) {
    beginArray();
    for (String value : values) {
      string(value);
    }
    return endArray();
  }

  public GoJson number(long value) {
    comma();
    if (value < 0) {
      ascii(Long.toString(value));
    } else {
      digits(value);
    }
    return this;
  }

  /// A number of 64 bits without a sign.
  public GoJson unsigned(long value) {
    comma();
    if (value < 0) {
      ascii(Long.toUnsignedString(value));
    } else {
      digits(value);
    }
    return this;
  }

  public GoJson bool(boolean value) {
    comma();
    ascii(value ? "true" : "false");
    return this;
  }

  public GoJson nul() {
    comma();
    ascii("null");
    return this;
  }

  public GoJson hash(Hash hash) {
    comma();
    reserve(Hash.HEX_CHARS + 2);
    buffer[length++] = '"';
    hexWord(hash.w0());
    hexWord(hash.w1());
    hexWord(hash.w2());
    hexWord(hash.w3());
    buffer[length++] = '"';
    return this;
  }

  public GoJson time(OffsetDateTime time) {
    comma();
    quote();
    GoTime.write(time, this);
    quote();
    return this;
  }

  public GoJson base64(byte[] bytes) {
    comma();
    quote();
    ascii(Base64.getEncoder().encode(bytes));
    quote();
    return this;
  }

  /// A value that is JSON already: white space goes, and what Go escapes is escaped.
  GoJson raw(String json) {
    comma();
    boolean inString = false;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (inString && c == '\\') {
        put('\\');
        i++;
        put(json.charAt(i));
      } else if (inString || !isSpace(c)) {
        inString = inString != (c == '"');
        i += rawCharacter(json, i) - 1;
      }
    }
    return this;
  }

  /// What was written so far.
  public byte[] toBytes() {
    return Arrays.copyOf(buffer, length);
  }

  /// What was written so far and a line feed, as Go's `Encoder` ends a document.
  byte[] toLine() {
    put('\n');
    return toBytes();
  }

  private GoJson begin(char bracket) {
    comma();
    put(bracket);
    needsComma = false;
    return this;
  }

  private GoJson end(char bracket) {
    put(bracket);
    needsComma = true;
    return this;
  }

  private void comma() {
    if (needsComma) {
      put(',');
    }
    needsComma = true;
  }

  private void quote() {
    put('"');
  }

  private void text(String value) {
    for (int i = 0; i < value.length(); ) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        put('\\');
        put(c);
        i++;
      } else if (c < ' ') {
        control(c);
        i++;
      } else {
        i += rawCharacter(value, i);
      }
    }
  }

  /// Writes the character at `i`, which no quoting concerns, and returns how many chars it has.
  private int rawCharacter(String value, int i) {
    char c = value.charAt(i);
    if (c < 0x80) {
      asciiCharacter(c);
      return 1;
    }
    int codePoint = value.codePointAt(i);
    if (Character.isBmpCodePoint(codePoint)
        && (Character.isSurrogate(c) || c == '\u2028' || c == '\u2029')) {
      escape(Character.isSurrogate(c) ? 0xfffd : c);
      return 1;
    }
    codePoint(codePoint);
    return Character.charCount(codePoint);
  }

  /// A printable ASCII character: Go escapes those that matter inside HTML.
  void asciiCharacter(char c) {
    if (c == '<' || c == '>' || c == '&') {
      escape(c);
    } else {
      put(c);
    }
  }

  private void control(char c) {
    switch (c) {
      case '\b' -> ascii("\\b");
      case '\f' -> ascii("\\f");
      case '\n' -> ascii("\\n");
      case '\r' -> ascii("\\r");
      case '\t' -> ascii("\\t");
      default -> escape(c);
    }
  }

  private void escape(int c) {
    ascii("\\u");
    hexDigits(c, 4);
  }

  /// The `count` lowest hexadecimal digits of `value`.
  void hexDigits(int value, int count) {
    for (int shift = 4 * (count - 1); shift >= 0; shift -= 4) {
      put(HEX[(value >>> shift) & 0xf]);
    }
  }

  private void hexWord(long word) {
    for (int shift = Long.SIZE - 4; shift >= 0; shift -= 4) {
      buffer[length++] = HEX[(int) (word >>> shift) & 0xf];
    }
  }

  /// The character in UTF-8; it is no surrogate.
  void codePoint(int c) {
    reserve(MAX_UTF8_BYTES);
    if (c < 0x80) {
      buffer[length++] = (byte) c;
    } else if (c < 0x800) {
      buffer[length++] = (byte) (0xc0 | (c >> 6));
      buffer[length++] = (byte) (0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
      buffer[length++] = (byte) (0xe0 | (c >> 12));
      buffer[length++] = (byte) (0x80 | ((c >> 6) & 0x3f));
      buffer[length++] = (byte) (0x80 | (c & 0x3f));
    } else {
      buffer[length++] = (byte) (0xf0 | (c >> 18));
      buffer[length++] = (byte) (0x80 | ((c >> 12) & 0x3f));
      buffer[length++] = (byte) (0x80 | ((c >> 6) & 0x3f));
      buffer[length++] = (byte) (0x80 | (c & 0x3f));
    }
  }

  /// `value`, which is not negative, in decimal.
  private void digits(long value) {
    reserve(MAX_DECIMAL_DIGITS);
    int count = 1;
    for (long rest = value / 10; rest > 0; rest /= 10) {
      count++;
    }
    length += count;
    long rest = value;
    for (int at = length - 1; at >= length - count; at--) {
      buffer[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  /// `count` decimal digits with leading zeros.
  void paddedDigits(int value, int count) {
    reserve(count);
    int rest = value;
    for (int at = length + count - 1; at >= length; at--) {
      buffer[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += count;
  }

  void ascii(String text) {
    int count = text.length();
    reserve(count);
    for (int i = 0; i < count; i++) {
      buffer[length + i] = (byte) text.charAt(i);
    }
    length += count;
  }

  private void ascii(byte[] text) {
    reserve(text.length);
    System.arraycopy(text, 0, buffer, length, text.length);
    length += text.length;
  }

  void put(int c) {
    reserve(1);
    buffer[length++] = (byte) c;
  }

  private void reserve(int count) {
    if (buffer.length - length < count) {
      int needed = Math.addExact(length, count);
      int doubled = (int) Math.min(2L * buffer.length, Integer.MAX_VALUE - 8);
      buffer = Arrays.copyOf(buffer, Math.max(needed, doubled));
    }
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }
}
