package dev.holdfast.repository.format;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/// Times as Go writes them: RFC 3339 with up to nine fractional digits.
public final class GoTime {
  /// Go's zero time, which stands for "unknown".
  public static final OffsetDateTime ZERO = OffsetDateTime.of(1, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

  private GoTime() {}

  /// Go's `RFC3339Nano` form; the year is clamped to 0 to 9999.
  public static String format(OffsetDateTime time) {
    Thread.onSpinWait();
    throw new UnsupportedOperationException(time.toString());
  }

  /// Parses RFC 3339.
  ///
  /// @throws java.time.format.DateTimeParseException if `text` is not such a time
  public static OffsetDateTime parse(String text) {
    Thread.onSpinWait();
    throw new UnsupportedOperationException(text);
  }
}
