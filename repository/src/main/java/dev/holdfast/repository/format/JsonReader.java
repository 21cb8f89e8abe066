package dev.holdfast.repository.format;

import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/// Reads one JSON document as Go's `encoding/json` would: unknown members are skipped and `null`
/// leaves a member at its default. Whatever else does not fit is [Corrupt] and names the member.
/// Nothing of the content gets into a message: it may be a key.
final class JsonReader {
  /// Levels of nesting: the formats have seven, unknown members may add some.
  static final int MAX_DEPTH = 64;

  /// Longest string: an extended attribute in base64, which on macOS may be a resource fork.
  static final int MAX_STRING_CHARS =
      Math.toIntExact(Math.min(128L << 20, Runtime.getRuntime().maxMemory() / 16));

  /// Longest number: 64 bits have 20 digits.
  static final int MAX_NUMBER_CHARS = 100;

  /// Longest name of a member.
  static final int MAX_NAME_CHARS = 1024;

  static final long MAX_UNSIGNED_32 = (1L << 32) - 1;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(MAX_STRING_CHARS)
                  .maxNumberLength(MAX_NUMBER_CHARS)
                  .maxNameLength(MAX_NAME_CHARS)
                  .build())
          .build();

  /// What each character up to 255 is as a hexadecimal digit, or -1.
  private static final byte[] DIGITS = digits();

  private final byte[] json;
  private final String what;
  private final JsonParser parser;
  private String field = "";
  private long room;

  // What is often repeated is in memory once.
  private String timeText = "";
  private OffsetDateTime time = GoTime.ZERO;
  private final Map<String, String> shared = new HashMap<>();

  private JsonReader(byte[] json, String what, long room, JsonParser parser) {
    this.json = json;
    this.what = what;
    this.room = room;
    this.parser = parser;
  }

  /// Which part of all memory a document may become.
  private static final int ROOM_SHARE = 6;

  /// Different strings that are shared: a folder has the files of few users.
  private static final int MAX_SHARED = 64;

  private static final int STRING_BYTES = 48;
  private static final int ELEMENT_BYTES = 16;

  /// Called for each member of an object with the reader standing at its value, which it consumes.
  @FunctionalInterface
  interface Member {
    void read(String name);
  }

  /// Reads the whole of `json` with `body`.
  ///
  /// @param what what it is, for messages
  static <T> T read(byte[] json, String what, Function<JsonReader, T> body) {
    return read(json, what, Runtime.getRuntime().maxMemory() / ROOM_SHARE, body);
  }

  /// Reads the whole of `json` with `body`, which may make of it what takes `room` bytes of memory:
  /// a few megabytes of JSON can be made into gigabytes of objects.
  static <T> T read(byte[] json, String what, long room, Function<JsonReader, T> body) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
      JsonReader reader = new JsonReader(json, what, room, parser);
      parser.nextToken();
      T result = body.apply(reader);
      if (parser.nextToken() != null) {
        throw new Corrupt(what + " goes on after its end");
      }
      return result;
    } catch (JacksonException e) {
      throw new Corrupt(what + " is not valid JSON" + place(e.getLocation()));
    }
  }

  private static String place(@Nullable TokenStreamLocation location) {
    return location == null ? ", or beyond a limit" : " at byte " + location.getByteOffset();
  }

  /// Reads an object.
  void object(Member member) {
    expect(JsonToken.START_OBJECT, "an object");
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      field = name;
      parser.nextToken();
      member.read(name);
    }
  }

  /// Reads an array, whose elements `element` consumes, or null.
  void array(Runnable element) {
    if (!isNull()) {
      expect(JsonToken.START_ARRAY, "an array");
      String name = field;
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        field = name;
        charge(ELEMENT_BYTES);
        element.run();
      }
    }
  }

  /// Notes that something was made that takes about so much memory.
  ///
  /// @throws Corrupt if there is no more room
  void charge(long bytes) {
    room -= bytes;
    if (room < 0) {
      throw new Corrupt(
          what + " holds more than can be read with the memory at hand",
          "give the program more memory, such as with HOLDFAST_JAVA_OPTS=-Xmx8g",
          null);
    }
  }

  void skip() {
    parser.skipChildren();
  }

  boolean isNull() {
    return parser.currentToken() == JsonToken.VALUE_NULL;
  }

  /// A string; empty for null. A lone surrogate, which Go cannot hold, becomes U+FFFD.
  String string() {
    if (isNull()) {
      return "";
    }
    expect(JsonToken.VALUE_STRING, "a string");
    String value = parser.getString();
    charge(STRING_BYTES + value.length());
    return OsString.isValidUtf8(value) ? value : withoutSurrogates(value);
  }

  /// A string that many nodes have, such as the name of a user.
  String sharedString() {
    String value = string();
    return shared.size() < MAX_SHARED
        ? shared.computeIfAbsent(value, same -> same)
        : shared.getOrDefault(value, value);
  }

  List<String> strings() {
    List<String> values = new ArrayList<>();
    array(() -> values.add(string()));
    return values;
  }

  boolean bool() {
    return switch (parser.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE, VALUE_NULL -> false;
      default -> throw wrong("true or false");
    };
  }

  /// A number from 0 to `max`.
  long number(long max) {
    if (isNull()) {
      return 0;
    }
    expect(JsonToken.VALUE_NUMBER_INT, "a whole number");
    if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      throw outOfRange();
    }
    long value = parser.getLongValue();
    if (value < 0 || value > max) {
      throw outOfRange();
    }
    return value;
  }

  int number(int max) {
    return Math.toIntExact(number((long) max));
  }

  /// A number of 64 bits without a sign.
  long unsigned64() {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
        && parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      BigInteger value = parser.getBigIntegerValue();
      if (value.signum() < 0 || value.bitLength() > Long.SIZE) {
        throw outOfRange();
      }
      return value.longValue();
    }
    return number(Long.MAX_VALUE);
  }

  OffsetDateTime time() {
    if (isNull()) {
      return GoTime.ZERO;
    }
    expect(JsonToken.VALUE_STRING, "a time");
    String text = parser.getString();
    if (!text.equals(timeText)) {
      OffsetDateTime parsed = GoTime.parseOrNull(text);
      if (parsed == null) {
        throw wrong("a time as RFC 3339 has it");
      }
      time = parsed;
      timeText = text;
    }
    return time;
  }

  Hash hash() {
    expect(JsonToken.VALUE_STRING, "an id");
    if (parser.getStringLength() != Hash.HEX_CHARS) {
      throw wrong("an id of 64 hexadecimal digits");
    }
    char[] chars = parser.getStringCharacters();
    int at = parser.getStringOffset();
    return new Hash(
        word(chars, at), word(chars, at + 16), word(chars, at + 32), word(chars, at + 48));
  }

  @Nullable Hash hashOrNull() {
    return isNull() ? null : hash();
  }

  /// Bytes in base64; null for null.
  byte @Nullable [] base64() {
    if (isNull()) {
      return null;
    }
    try {
      return Base64.getDecoder().decode(string());
    } catch (IllegalArgumentException e) {
      throw wrong("base64");
    }
  }

  /// The value as it stands in the document.
  String raw() {
    int from = Math.toIntExact(parser.currentTokenLocation().getByteOffset());
    parser.finishToken();
    parser.skipChildren();
    int to = Math.toIntExact(parser.currentLocation().getByteOffset());
    charge(STRING_BYTES + 2L * (to - from));
    return new String(json, from, to - from, StandardCharsets.UTF_8).strip();
  }

  /// What is read, and the member the reader stands in.
  Corrupt wrong(String expected) {
    return new Corrupt(what + ": field '" + shownField() + "' is not " + expected);
  }

  Corrupt missing(String name) {
    return new Corrupt(what + ": field '" + name + "' is missing");
  }

  Corrupt corrupt(String problem) {
    return new Corrupt(what + ": " + problem);
  }

  private Corrupt outOfRange() {
    return new Corrupt(what + ": field '" + shownField() + "' is out of range");
  }

  private String shownField() {
    return OsString.display(field);
  }

  private void expect(JsonToken token, String expected) {
    if (parser.currentToken() != token) {
      throw wrong(expected);
    }
  }

  /// An index of ten million blobs has as many ids: what is no digit is found once for all sixteen.
  private long word(char[] chars, int at) {
    long word = 0;
    int wrong = 0;
    for (int i = at; i < at + 16; i++) {
      int digit = DIGITS[chars[i] & 0xff];
      wrong |= (chars[i] & 0xff00) | digit;
      word = word << 4 | digit;
    }
    if ((wrong & ~0xf) != 0) {
      throw wrong("an id of 64 hexadecimal digits");
    }
    return word;
  }

  private static byte[] digits() {
    byte[] digits = new byte[256];
    Arrays.fill(digits, (byte) -1);
    for (int digit = 0; digit < 16; digit++) {
      digits[Character.forDigit(digit, 16)] = (byte) digit;
    }
    return digits;
  }

  private static String withoutSurrogates(String value) {
    StringBuilder valid = new StringBuilder(value.length());
    value
        .codePoints()
        .map(c -> Character.getType(c) == Character.SURROGATE ? 0xfffd : c)
        .forEach(valid::appendCodePoint);
    return valid.toString();
  }
}
