package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Times;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.engine.drill.DrillReport;
import dev.holdfast.engine.status.Protection;
import dev.holdfast.posix.OsString;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What `status` prints.
///
/// @param clock of now, in the zone of the times shown
record StatusText(Clock clock) {
  String of(List<Protection> all) {
    if (all.isEmpty()) {
      return "there is no app to look at\n";
    }
    Table table =
        new Table(
            "App", "Repository", "Newest", "Verified", "Snapshots", "Size", "Growth", "Next", "");
    for (Protection each : all) {
      table.row(
          each.app(),
          OsString.display(each.repository()) + (each.isCopy() ? " (copy)" : ""),
          age(each.newest()),
          age(each.verified()),
          Long.toString(each.snapshots()),
          each.bytes().isPresent() ? Sizes.bytes(each.bytes().getAsLong()) : "",
          growth(each.growth()),
          each.nextBackup().map(this::time).orElse(""),
          each.isWell() ? "well" : "NOT WELL");
    }
    return table.render() + problems(all);
  }

  /// Only what is not well.
  String problems(List<Protection> all) {
    StringBuilder text = new StringBuilder();
    for (Protection each : all) {
      for (String problem : each.problems()) {
        text.append(
            "%s in %s: %s\n"
                .formatted(
                    OsString.display(each.app()),
                    OsString.display(each.repository()),
                    OsString.display(problem)));
      }
    }
    return text.toString();
  }

  private String age(Optional<Protection.Seen> seen) {
    return seen.map(one -> RecoverText.ago(Duration.between(one.since(), clock.instant())))
        .orElse("never");
  }

  private String time(Instant instant) {
    return Times.local(instant.atOffset(ZoneOffset.UTC), clock);
  }

  private static String growth(OptionalLong growth) {
    if (growth.isEmpty()) {
      return "";
    }
    long bytes = growth.getAsLong();
    return (bytes < 0 ? "-" : "+") + Sizes.bytes(Math.abs(bytes));
  }

  /// One object a place, in a list.
  static String json(List<Protection> all) {
    return Json.array(all.stream().map(StatusText::json).toList());
  }

  private static String json(Protection each) {
    Json json =
        Json.object()
            .field("app", each.app())
            .field("repository", each.repository())
            .field("copy", each.isCopy())
            .field("well", each.isWell())
            .field("snapshots", each.snapshots());
    each.newest()
        .ifPresent(seen ->
            json.field("newest_snapshot", seen.id()).field("newest_time", seen.time().toString()));
    each.verified()
        .ifPresent(seen ->
            json.field("verified_snapshot", seen.id())
                .field("verified_time", seen.time().toString())
                .field("verified_at", seen.since().toString()));
    each.lastDrill().ifPresent(drill -> drill(json, drill));
    each.bytes().ifPresent(bytes -> json.field("bytes", bytes));
    each.growth().ifPresent(bytes -> json.field("growth_bytes", bytes));
    each.nextBackup().ifPresent(time -> json.field("next_backup", time.toString()));
    each.nextDrill().ifPresent(time -> json.field("next_drill", time.toString()));
    return json.strings("problems", each.problems()).end();
  }

  private static void drill(Json json, DrillReport drill) {
    json.field("last_drill", drill.end().toString())
        .field("last_drill_passed", drill.passed())
        .field("to_data_millis", drill.times().toData().toMillis())
        .field("to_service_millis", drill.times().toService().toMillis());
  }
}
