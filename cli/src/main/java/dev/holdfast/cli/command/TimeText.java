package dev.holdfast.cli.command;

import dev.holdfast.repository.error.HoldfastException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/// Points in time as restic's options take them.
final class TimeText {
  private static final List<DateTimeFormatter> WITH_OFFSET =
      formatters("uuuu-MM-dd HH:mm:ss xx", "dd.MM.uuuu HH:mm:ss xx");
  private static final List<DateTimeFormatter> LOCAL =
      formatters(
          "uuuu-MM-dd HH:mm:ss", "uuuu-MM-dd HH:mm", "dd.MM.uuuu HH:mm:ss", "dd.MM.uuuu HH:mm");
  private static final List<DateTimeFormatter> DAYS = formatters("uuuu-MM-dd", "dd.MM.uuuu");

  private TimeText() {}

  private static List<DateTimeFormatter> formatters(String... patterns) {
    return Arrays.stream(patterns)
        .map(pattern -> DateTimeFormatter.ofPattern(pattern, Locale.ROOT))
        .toList();
  }

  static OffsetDateTime parse(String option, String text, Clock clock) {
    for (DateTimeFormatter format : WITH_OFFSET) {
      Optional<OffsetDateTime> time = attempt(() -> OffsetDateTime.parse(text, format));
      if (time.isPresent()) {
        return time.get();
      }
    }
    for (DateTimeFormatter format : LOCAL) {
      Optional<LocalDateTime> time = attempt(() -> LocalDateTime.parse(text, format));
      if (time.isPresent()) {
        return time.get().atZone(clock.getZone()).toOffsetDateTime();
      }
    }
    for (DateTimeFormatter format : DAYS) {
      Optional<LocalDate> day = attempt(() -> LocalDate.parse(text, format));
      if (day.isPresent()) {
        return day.get().atStartOfDay(clock.getZone()).toOffsetDateTime();
      }
    }
    throw new HoldfastException.Rejected(
        "'" + text + "' is not a time for " + option, "give it like '2026-01-31 12:00:00'");
  }

  private static <T> Optional<T> attempt(Supplier<T> parsing) {
    try {
      return Optional.of(parsing.get());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
