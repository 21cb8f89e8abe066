package dev.holdfast.cli.command;

import dev.holdfast.engine.retention.KeepRules;
import dev.holdfast.engine.retention.Period;
import dev.holdfast.engine.retention.RetentionPolicy;
import dev.holdfast.engine.retention.Span;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that say what a policy keeps, with restic's meaning.
final class KeepOptions {
  @Option(
      names = {"-l", "--keep-last"},
      paramLabel = "N",
      description = "keep the last N snapshots ('unlimited' for all)")
  @Nullable String last;

  @Option(
      names = {"-H", "--keep-hourly"},
      paramLabel = "N",
      description = "keep the last snapshot of the last N hours that have one")
  @Nullable String hourly;

  @Option(
      names = {"-d", "--keep-daily"},
      paramLabel = "N",
      description = "keep the last snapshot of the last N days that have one")
  @Nullable String daily;

  @Option(
      names = {"-w", "--keep-weekly"},
      paramLabel = "N",
      description = "keep the last snapshot of the last N weeks that have one")
  @Nullable String weekly;

  @Option(
      names = {"-m", "--keep-monthly"},
      paramLabel = "N",
      description = "keep the last snapshot of the last N months that have one")
  @Nullable String monthly;

  @Option(
      names = {"-y", "--keep-yearly"},
      paramLabel = "N",
      description = "keep the last snapshot of the last N years that have one")
  @Nullable String yearly;

  @Option(
      names = "--keep-within",
      paramLabel = "PERIOD",
      description = "keep what is newer than PERIOD (such as 1y5m7d2h) before the newest")
  @Nullable String within;

  @Option(
      names = "--keep-within-hourly",
      paramLabel = "PERIOD",
      description = "keep one snapshot an hour within PERIOD before the newest")
  @Nullable String withinHourly;

  @Option(
      names = "--keep-within-daily",
      paramLabel = "PERIOD",
      description = "keep one snapshot a day within PERIOD before the newest")
  @Nullable String withinDaily;

  @Option(
      names = "--keep-within-weekly",
      paramLabel = "PERIOD",
      description = "keep one snapshot a week within PERIOD before the newest")
  @Nullable String withinWeekly;

  @Option(
      names = "--keep-within-monthly",
      paramLabel = "PERIOD",
      description = "keep one snapshot a month within PERIOD before the newest")
  @Nullable String withinMonthly;

  @Option(
      names = "--keep-within-yearly",
      paramLabel = "PERIOD",
      description = "keep one snapshot a year within PERIOD before the newest")
  @Nullable String withinYearly;

  @Option(
      names = "--keep-tag",
      paramLabel = "TAG[,TAG...]",
      description = "keep what has all of these tags, repeatable")
  List<String> tags = new ArrayList<>();

  @Option(
      names = "--keep-restore-points",
      paramLabel = "PERIOD",
      description = "keep restore points of recoveries for PERIOD (default: 30d)")
  @Nullable String restorePoints;

  /// Whether any of them was given.
  boolean isGiven() {
    return restorePoints != null || !policy().rules().equals(KeepRules.NOTHING);
  }

  RetentionPolicy policy() {
    Period points =
        restorePoints == null
            ? RetentionPolicy.RESTORE_POINTS_DEFAULT
            : Period.parse("--keep-restore-points", restorePoints);
    return RetentionPolicy.of(rules(), points);
  }

  private KeepRules rules() {
    Map<Span, Integer> counts = new EnumMap<>(Span.class);
    count(counts, Span.LAST, last);
    count(counts, Span.HOURLY, hourly);
    count(counts, Span.DAILY, daily);
    count(counts, Span.WEEKLY, weekly);
    count(counts, Span.MONTHLY, monthly);
    count(counts, Span.YEARLY, yearly);
    Map<Span, Period> periods = new EnumMap<>(Span.class);
    period(periods, Span.HOURLY, withinHourly);
    period(periods, Span.DAILY, withinDaily);
    period(periods, Span.WEEKLY, withinWeekly);
    period(periods, Span.MONTHLY, withinMonthly);
    period(periods, Span.YEARLY, withinYearly);
    return new KeepRules(
        counts,
        within == null ? Period.NONE : Period.parse("--keep-within", within),
        periods,
        tags.stream().map(SnapshotFilterOptions.TagList::parse).toList());
  }

  private static void count(Map<Span, Integer> counts, Span span, @Nullable String text) {
    if (text != null) {
      counts.put(span, KeepRules.parseCount("--keep-" + span.word(), text));
    }
  }

  private static void period(Map<Span, Period> periods, Span span, @Nullable String text) {
    if (text != null) {
      periods.put(span, Period.parse("--keep-within-" + span.word(), text));
    }
  }
}
