package dev.holdfast.cli.command;

import dev.holdfast.engine.status.Protection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// The numbers of `status` in the text form of Prometheus, for its node exporter or anything else
/// that reads such files. Times are seconds since 1970; what is not known is left out.
final class StatusMetrics {
  private static final double MILLIS_PER_SECOND = 1000;

  private StatusMetrics() {}

  static String of(List<Protection> all, Instant now) {
    StringBuilder text = new StringBuilder();
    metric(
        text,
        all,
        "well",
        "Whether nothing is overdue, failed or missing.",
        each -> Optional.of(each.isWell() ? 1.0 : 0.0));
    metric(
        text,
        all,
        "snapshots",
        "Complete snapshots of the app.",
        each -> Optional.of((double) each.snapshots()));
    metric(
        text,
        all,
        "newest_snapshot_timestamp_seconds",
        "When the newest complete snapshot was made.",
        each -> each.newest().map(seen -> seconds(seen.time())));
    metric(
        text,
        all,
        "verified_snapshot_timestamp_seconds",
        "When the newest verified snapshot was made.",
        each -> each.verified().map(seen -> seconds(seen.time())));
    metric(
        text,
        all,
        "drill_timestamp_seconds",
        "When the last drill ended.",
        each -> each.lastDrill().map(drill -> seconds(drill.end())));
    metric(
        text,
        all,
        "drill_passed",
        "Whether the last drill succeeded.",
        each -> each.lastDrill().map(drill -> drill.passed() ? 1.0 : 0.0));
    metric(
        text,
        all,
        "recovery_to_data_seconds",
        "How long the last drill took to the verified data.",
        each -> each.lastDrill().map(drill -> seconds(drill.times().toData())));
    metric(
        text,
        all,
        "recovery_to_service_seconds",
        "An estimate of how long a recovery takes.",
        each -> each.lastDrill().map(drill -> seconds(drill.times().toService())));
    metric(
        text,
        all,
        "size_bytes",
        "What the newest complete snapshot holds.",
        each ->
            each.bytes().isPresent()
                ? Optional.of((double) each.bytes().getAsLong())
                : Optional.empty());
    metric(
        text,
        all,
        "growth_bytes",
        "What the newest snapshot holds more than the one before.",
        each ->
            each.growth().isPresent()
                ? Optional.of((double) each.growth().getAsLong())
                : Optional.empty());
    metric(
        text,
        all,
        "next_backup_timestamp_seconds",
        "When the next snapshot is due.",
        each -> each.nextBackup().map(StatusMetrics::seconds));
    metric(
        text,
        all,
        "next_drill_timestamp_seconds",
        "When the next drill is due.",
        each -> each.nextDrill().map(StatusMetrics::seconds));
    text.append("# HELP holdfast_status_timestamp_seconds When this was found out.\n")
        .append("# TYPE holdfast_status_timestamp_seconds gauge\n")
        .append("holdfast_status_timestamp_seconds ")
        .append(number(seconds(now)))
        .append('\n');
    return text.toString();
  }

  private static void metric(
      StringBuilder text,
      List<Protection> all,
      String name,
      String help,
      Function<Protection, Optional<Double>> value) {
    String whole = "holdfast_" + name;
    StringBuilder lines = new StringBuilder();
    for (Protection each : all) {
      value
          .apply(each)
          .ifPresent(number ->
              lines.append(
                  "%s{app=\"%s\",repository=\"%s\",copy=\"%s\"} %s\n"
                      .formatted(
                          whole,
                          escape(each.app()),
                          escape(each.repository()),
                          each.isCopy(),
                          number(number))));
    }
    if (!lines.isEmpty()) {
      text.append("# HELP %s %s\n# TYPE %s gauge\n".formatted(whole, help, whole)).append(lines);
    }
  }

  /// Of the value of a label.
  private static String escape(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  private static double seconds(Instant time) {
    return time.toEpochMilli() / MILLIS_PER_SECOND;
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / MILLIS_PER_SECOND;
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.3f", value);
  }
}
