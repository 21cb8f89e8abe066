package dev.holdfast.engine.retention;

import java.time.OffsetDateTime;
import java.time.temporal.IsoFields;

/// Spans of time of which a policy keeps one snapshot each.
public enum Span {
  LAST("last"),
  HOURLY("hourly"),
  DAILY("daily"),
  WEEKLY("weekly"),
  MONTHLY("monthly"),
  YEARLY("yearly");

  private final String word;

  Span(String word) {
    this.word = word;
  }

  /// As it stands in the name of the option: `hourly` of `--keep-hourly`.
  public String word() {
    return word;
  }

  /// A number that two snapshots have in common exactly if they are in one span, by the clock that
  /// the snapshot was made under.
  ///
  /// @param number of the snapshot, counted from the newest
  long of(OffsetDateTime time, int number) {
    return switch (this) {
      case LAST -> number;
      case HOURLY -> DAILY.of(time, number) * 100 + time.getHour();
      case DAILY -> MONTHLY.of(time, number) * 100 + time.getDayOfMonth();
      case WEEKLY ->
          time.get(IsoFields.WEEK_BASED_YEAR) * 100L + time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
      case MONTHLY -> time.getYear() * 100L + time.getMonthValue();
      case YEARLY -> time.getYear();
    };
  }
}
