package dev.holdfast.engine.retention;

import dev.holdfast.repository.error.HoldfastException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A length of time as people count it, such as `1y5m7d2h`, with restic's meaning (format sheet,
/// section 12).
public record Period(int years, int months, int days, int hours) {
  public static final Period NONE = new Period(0, 0, 0, 0);

  /// More than this of any unit is a mistake, and would leave the calendar.
  private static final int UNITS_MAX = 100_000;

  private static final Pattern PART = Pattern.compile("(\\d{1,9})([ymdh])");

  public Period {
    for (int units : new int[] {years, months, days, hours}) {
      if (units < 0 || units > UNITS_MAX) {
        throw new IllegalArgumentException("a period of " + units);
      }
    }
  }

  /// Reads numbers each followed by `y`, `m`, `d` or `h`; the last of a unit counts.
  ///
  /// @param option named in the message
  /// @throws HoldfastException.Rejected if it is anything else
  public static Period parse(String option, String text) {
    int years = 0;
    int months = 0;
    int days = 0;
    int hours = 0;
    Matcher parts = PART.matcher(text.strip());
    int end = 0;
    while (parts.find() && parts.start() == end) {
      end = parts.end();
      int number = Integer.parseInt(parts.group(1));
      if (number > UNITS_MAX) {
        throw rejected(option, text);
      }
      switch (parts.group(2)) {
        case "y" -> years = number;
        case "m" -> months = number;
        case "d" -> days = number;
        default -> hours = number;
      }
    }
    if (end != text.strip().length() || end == 0) {
      throw rejected(option, text);
    }
    return new Period(years, months, days, hours);
  }

  private static HoldfastException rejected(String option, String text) {
    return new HoldfastException.Rejected(
        option + " '" + text + "' is no period",
        "write it as 1y5m7d2h: years, months, days, hours");
  }

  public boolean isZero() {
    return equals(NONE);
  }

  /// The moment this long before `time`. A day that a month does not have runs over into the next
  /// one, as in Go: a month before March 31 is March 3.
  public OffsetDateTime before(OffsetDateTime time) {
    LocalDate date =
        LocalDate.of(time.getYear(), time.getMonthValue(), 1)
            .minusYears(years)
            .minusMonths(months)
            .plusDays(time.getDayOfMonth() - 1L - days);
    return OffsetDateTime.of(date, time.toLocalTime(), time.getOffset()).minusHours(hours);
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    append(out, years, 'y');
    append(out, months, 'm');
    append(out, days, 'd');
    append(out, hours, 'h');
    return out.toString();
  }

  private static void append(StringBuilder out, int number, char unit) {
    if (number != 0) {
      out.append(number).append(unit);
    }
  }
}
