package dev.holdfast.repository.format;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/// Times as Go writes them: RFC 3339 with up to nine fractional digits.
public final class GoTime {
  /// Go's zero time, which stands for "unknown".
  public static final OffsetDateTime ZERO = OffsetDateTime.of(1, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

  private static final int MAX_YEAR = 9999;
  private static final int FRACTION_DIGITS = 9;

  /// Length of `2006-01-02T15:04:05`.
  private static final int SECONDS_CHARS = 19;

  /// Length of `+01:00`.
  private static final int OFFSET_CHARS = 6;

  /// The furthest offset that Java knows.
  private static final int MAX_OFFSET_SECONDS = ZoneOffset.MAX.getTotalSeconds();

  /// Go takes every offset of less than a day, and so does restic.
  private static final int DAY_SECONDS = 24 * 3600;

  private static final String PATTERN = "dddd-dd-ddTdd:dd:dd";

  private GoTime() {}

  /// Go's `RFC3339Nano` form; the year is clamped to 0 to 9999, as restic does.
  public static String format(OffsetDateTime time) {
    GoJson out = new GoJson(0);
    write(time, out);
    return new String(out.toBytes(), StandardCharsets.US_ASCII);
  }

  static void write(OffsetDateTime anyTime, GoJson out) {
    OffsetDateTime time = clamp(anyTime);
    out.paddedDigits(time.getYear(), 4);
    out.put('-');
    out.paddedDigits(time.getMonthValue(), 2);
    out.put('-');
    out.paddedDigits(time.getDayOfMonth(), 2);
    out.put('T');
    out.paddedDigits(time.getHour(), 2);
    out.put(':');
    out.paddedDigits(time.getMinute(), 2);
    out.put(':');
    out.paddedDigits(time.getSecond(), 2);
    writeFraction(time.getNano(), out);
    writeOffset(time.getOffset().getTotalSeconds(), out);
  }

  private static void writeFraction(int nanos, GoJson out) {
    if (nanos != 0) {
      int digits = FRACTION_DIGITS;
      int value = nanos;
      while (value % 10 == 0) {
        value /= 10;
        digits--;
      }
      out.put('.');
      out.paddedDigits(value, digits);
    }
  }

  private static void writeOffset(int seconds, GoJson out) {
    if (seconds == 0) {
      out.put('Z');
    } else {
      int minutes = Math.abs(seconds / 60);
      out.put(seconds / 60 < 0 ? '-' : '+');
      out.paddedDigits(minutes / 60, 2);
      out.put(':');
      out.paddedDigits(minutes % 60, 2);
    }
  }

  private static OffsetDateTime clamp(OffsetDateTime time) {
    int year = time.getYear();
    if (year >= 0 && year <= MAX_YEAR) {
      return time;
    }
    int target = year < 0 ? 0 : MAX_YEAR;
    // Go's AddDate turns a 29 February that the target year lacks into 1 March.
    boolean leapDay = time.getMonthValue() == 2 && time.getDayOfMonth() == 29;
    OffsetDateTime day = leapDay && !Year.isLeap(target) ? time.plusDays(1) : time;
    return day.withYear(target);
  }

  /// Parses RFC 3339. Digits after the ninth of the fraction are dropped. Of an offset beyond what
  /// Java knows only the instant is kept: the time is in UTC then.
  ///
  /// @throws DateTimeParseException if `text` is not such a time
  public static OffsetDateTime parse(String text) {
    OffsetDateTime time = parseOrNull(text);
    if (time == null) {
      throw new DateTimeParseException("not a time as RFC 3339 has it", text, 0);
    }
    return time;
  }

  static @Nullable OffsetDateTime parseOrNull(CharSequence text) {
    if (text.length() <= SECONDS_CHARS || !hasPattern(text)) {
      return null;
    }
    int at = SECONDS_CHARS;
    int nanos = 0;
    if (text.charAt(at) == '.') {
      int first = at + 1;
      at = endOfDigits(text, first);
      if (at == first) {
        return null;
      }
      nanos = nanos(text, first, at);
    }
    int offset = offsetSeconds(text, at);
    if (Math.abs(offset) >= DAY_SECONDS) {
      return null;
    }
    try {
      LocalDateTime time =
          LocalDateTime.of(
              number(text, 0, 4),
              number(text, 5, 7),
              number(text, 8, 10),
              number(text, 11, 13),
              number(text, 14, 16),
              number(text, 17, 19),
              nanos);
      return Math.abs(offset) <= MAX_OFFSET_SECONDS
          ? time.atOffset(ZoneOffset.ofTotalSeconds(offset))
          : clamp(time.minusSeconds(offset).atOffset(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static boolean hasPattern(CharSequence text) {
    for (int i = 0; i < SECONDS_CHARS; i++) {
      char wanted = PATTERN.charAt(i);
      char c = text.charAt(i);
      if (wanted == 'd' ? !isDigit(c) : c != wanted) {
        return false;
      }
    }
    return true;
  }

  /// A whole day if it is not an offset.
  private static int offsetSeconds(CharSequence text, int at) {
    int left = text.length() - at;
    if (left == 1 && text.charAt(at) == 'Z') {
      return 0;
    }
    if (left != OFFSET_CHARS
        || (text.charAt(at) != '-' && text.charAt(at) != '+')
        || text.charAt(at + 3) != ':'
        || endOfDigits(text, at + 1) != at + 3
        || endOfDigits(text, at + 4) != at + OFFSET_CHARS) {
      return DAY_SECONDS;
    }
    int minutes = 60 * number(text, at + 1, at + 3) + number(text, at + 4, at + OFFSET_CHARS);
    return 60 * (text.charAt(at) == '-' ? -minutes : minutes);
  }

  private static int nanos(CharSequence text, int from, int to) {
    int value = 0;
    for (int i = 0; i < FRACTION_DIGITS; i++) {
      value = 10 * value + (from + i < to ? text.charAt(from + i) - '0' : 0);
    }
    return value;
  }

  private static int number(CharSequence text, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      value = 10 * value + text.charAt(i) - '0';
    }
    return value;
  }

  private static int endOfDigits(CharSequence text, int from) {
    int at = from;
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
