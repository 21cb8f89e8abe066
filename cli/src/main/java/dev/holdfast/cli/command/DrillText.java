package dev.holdfast.cli.command;

import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.engine.drill.DrillReport;
import dev.holdfast.engine.drill.DrillReport.CheckResult;
import dev.holdfast.engine.drill.DrillReport.SourceProof;
import dev.holdfast.posix.OsString;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.stream.Collectors;

/// The report of a drill for people to read and to file.
///
/// @param zone of the times shown
record DrillText(ZoneId zone) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss xxx", Locale.ROOT);
  private static final double MILLIS_PER_SECOND = 1000;

  String of(DrillReport report) {
    StringBuilder text = new StringBuilder();
    line(text, title(report));
    line(text, "");
    line(
        text,
        "snapshot         %s of %s, made on %s"
            .formatted(
                report.snapshot().shortId(),
                time(report.snapshot().time()),
                report.snapshot().host()));
    line(text, "repository       " + report.repository());
    line(
        text,
        "drilled          %s on %s by %s, as %s"
            .formatted(time(report.start()), report.host(), report.program(), report.id()));
    line(text, "time to data     " + toData(report));
    line(text, "time to service  " + toService(report));
    text.append('\n').append(sources(report));
    if (!report.checks().isEmpty()) {
      text.append('\n').append(checks(report));
    }
    report.notes().forEach(note -> line(text, "note: " + OsString.display(note)));
    report.reasons().forEach(reason -> line(text, "FAILED: " + OsString.display(reason)));
    return text.toString();
  }

  /// The outcome in one line.
  static String title(DrillReport report) {
    return "The drill of %s %s."
        .formatted(report.app(), report.passed() ? "succeeded: it can be recovered" : "FAILED");
  }

  String time(Instant time) {
    return TIME.format(time.atZone(zone));
  }

  static String toData(DrillReport report) {
    return "%s for %s: %s to write and read it again, %s to open, check and count"
        .formatted(
            seconds(report.times().toData()),
            Sizes.bytes(report.bytes()),
            seconds(report.times().stage()),
            seconds(report.times().verify()));
  }

  static String toService(DrillReport report) {
    return "about %s, with a restore point that takes as long as the snapshot did (%s), and without what the service takes to stop and to start"
        .formatted(seconds(report.times().toService()), seconds(report.times().restorePoint()));
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / MILLIS_PER_SECOND);
  }

  static String name(SourceProof source) {
    String bindings =
        source.bindings().entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining(", "));
    return OsString.display(
        bindings.isEmpty() ? source.name() : source.name() + " (" + bindings + ")");
  }

  static String result(SourceProof source) {
    return OsString.display(source.failure().map(why -> "FAILED: " + why).orElse(source.proof()));
  }

  private static String sources(DrillReport report) {
    Table table = new Table("Source", "Kind", "Path", "Size", "Proven");
    for (SourceProof source : report.sources()) {
      table.row(
          name(source),
          source.kind(),
          OsString.display(source.path()),
          Sizes.bytes(source.bytes()),
          result(source));
    }
    return table.render();
  }

  private static String checks(DrillReport report) {
    Table table = new Table("Check", "Kind", "Result", "Found");
    for (CheckResult check : report.checks()) {
      table.row(
          check.name(),
          check.kind(),
          check.passed() ? "passed" : "FAILED",
          OsString.display(check.detail()));
    }
    return table.render();
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append('\n');
  }
}
