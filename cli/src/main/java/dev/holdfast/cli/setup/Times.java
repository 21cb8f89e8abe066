package dev.holdfast.cli.setup;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;

/// Instants for people and for scripts, in restic's forms.
public final class Times {
  private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss");
  private static final int NANO_DIGITS = 9;

  private Times() {}

  /// Date and time in the zone of `clock`, such as `2026-01-31 12:00:05`.
  public static String local(OffsetDateTime time, Clock clock) {
    return time.atZoneSameInstant(clock.getZone()).format(LOCAL);
  }

  /// RFC 3339 as Go writes it: as many digits of the second as it takes, `Z` for no offset.
  public static String rfc3339(OffsetDateTime time) {
    StringBuilder text = new StringBuilder(time.format(SECONDS));
    int nanos = time.get(ChronoField.NANO_OF_SECOND);
    if (nanos != 0) {
      String digits = Integer.toString(nanos);
      text.append('.').append("0".repeat(NANO_DIGITS - digits.length()));
      text.append(digits.replaceAll("0+$", ""));
    }
    return text.append(time.getOffset()).toString();
  }

  /// The name of the zone that [#local] shows, in the words of restic.
  public static String zone(Environment environment, ZoneId zone) {
    if (!environment.variables().containsKey("TZ")) {
      return "local time";
    }
    return environment.variable("TZ").isEmpty() ? "UTC" : zone.getId();
  }
}
