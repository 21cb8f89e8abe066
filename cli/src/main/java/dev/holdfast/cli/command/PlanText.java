package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.setup.Times;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.engine.config.recovery.AfterAction;
import dev.holdfast.engine.config.recovery.HealthCheck;
import dev.holdfast.engine.config.recovery.Service;
import dev.holdfast.engine.recover.TimeEstimate;
import dev.holdfast.engine.recover.plan.Plan;
import dev.holdfast.engine.recover.plan.Preview;
import dev.holdfast.engine.recover.plan.Replaced;
import dev.holdfast.engine.recover.plan.Replacement;
import dev.holdfast.engine.recover.plan.ServerDatabase;
import dev.holdfast.engine.recover.service.ServiceSettings;
import dev.holdfast.engine.source.sql.SqlScript;
import dev.holdfast.posix.OsString;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/// Shows a plan before it is carried out. An app of thousands of databases has as many to replace:
/// people see the first ones, and how many more; JSON has them all.
final class PlanText {
  private static final int STATEMENT_CHARACTERS_SHOWN = 120;

  private final Session session;

  PlanText(Session session) {
    this.session = session;
  }

  void print(Preview preview) {
    print(preview, Optional.empty());
  }

  void print(Preview preview, Optional<TimeEstimate> estimate) {
    if (session.globals().json()) {
      session.console().line(json(preview, estimate));
    } else {
      session.console().text(text(preview));
      estimate.ifPresent(it -> session.console().text(time(it)));
    }
    session.console().flush();
  }

  private String text(Preview preview) {
    Plan plan = preview.plan();
    StringBuilder out = new StringBuilder();
    out.append("recover ").append(OsString.display(plan.subject())).append('\n');
    plan.origin()
        .ifPresent(origin ->
            line(
                out,
                "from",
                "snapshot %s of %s, made %s, %s%s"
                    .formatted(
                        origin.shortId(),
                        origin.hostname(),
                        Times.local(origin.time().atOffset(ZoneOffset.UTC), session.clock()),
                        RecoverText.ago(Duration.between(origin.time(), plan.made())),
                        origin.tags().isEmpty()
                            ? ""
                            : " (" + String.join(", ", origin.tags()) + ")")));
    plan.undoes().ifPresent(id -> line(out, "undo", "recovery " + id));
    appendReplaced(out, plan.replaced());
    for (Preview.Space space : preview.space()) {
      line(
          out,
          "space",
          "%s needed in %s, %s there"
              .formatted(
                  Sizes.bytes(space.neededBytes()),
                  OsString.display(space.folder()),
                  Sizes.bytes(space.availableBytes())));
    }
    if (plan.origin().isPresent()) {
      appendChanges(out, preview);
    }
    appendService(out, plan);
    preview.warnings().forEach(warning -> line(out, "note", OsString.display(warning)));
    return out.toString();
  }

  /// What the lines of one that is replaced say of it, apart from its name: of those that say the
  /// same, the first ones are shown.
  private record Alike(String action, String kind, List<String> mask, boolean inPlace) {
    static Alike of(Replaced it) {
      return new Alike(
          RecoverText.action(it),
          RecoverText.kind(it),
          PlanText.mask(it),
          it instanceof ServerDatabase database && RecoverText.isInPlace(database));
    }
  }

  private static void appendReplaced(StringBuilder out, List<Replaced> replaced) {
    Map<Alike, List<Replaced>> groups =
        replaced.stream()
            .collect(Collectors.groupingBy(Alike::of, LinkedHashMap::new, Collectors.toList()));
    groups.forEach((alike, group) -> {
      List<Replaced> first = PathsText.first(group);
      first.forEach(it -> append(out, it));
      List<Replaced> more = group.subList(first.size(), group.size());
      if (!more.isEmpty()) {
        long bytes = more.stream().mapToLong(Replaced::bytes).sum();
        String what = "and %d more %ss".formatted(more.size(), alike.kind());
        line(out, alike.action(), what + (bytes == 0 ? "" : ", with " + Sizes.bytes(bytes)));
      }
    });
  }

  private static void append(StringBuilder out, Replaced it) {
    String what =
        switch (it) {
          case Replacement file -> RecoverText.kind(file) + " " + OsString.display(file.live());
          case ServerDatabase database ->
              "%s %s of %s%s"
                  .formatted(
                      RecoverText.kind(database),
                      OsString.display(database.live()),
                      database.server().name(),
                      RecoverText.isInPlace(database) ? ", in place, in one transaction" : "");
        };
    String bytes = it.bytes() == 0 ? "" : ", with " + Sizes.bytes(it.bytes());
    line(out, RecoverText.action(it), what + bytes);
    if (it instanceof Replacement file && file.fromExport()) {
      line(out, "", "made of the export " + OsString.display(file.from()) + " of the snapshot");
    }
    mask(it).forEach(statement -> line(out, "", "masked by " + shortened(statement)));
    if (it instanceof ServerDatabase database && RecoverText.isInPlace(database)) {
      line(out, "", "the way back is the restore point alone: no database beside it may be made");
    } else if (it.hadSomething()) {
      line(out, "", "what is there becomes " + OsString.display(it.safety()));
    }
  }

  private static List<String> mask(Replaced it) {
    return it.mask().map(SqlScript::split).orElse(List.of());
  }

  private static String shortened(String statement) {
    String line = OsString.display(statement.replaceAll("\\s+", " ").strip());
    return line.length() > STATEMENT_CHARACTERS_SHOWN
        ? line.substring(0, STATEMENT_CHARACTERS_SHOWN) + "…"
        : line;
  }

  private static void appendChanges(StringBuilder out, Preview preview) {
    List<Preview.TableChange> first = PathsText.first(preview.changes());
    for (Preview.TableChange change : first) {
      line(
          out,
          "rows",
          "%s: %s now, %s then (%s)"
              .formatted(
                  OsString.display(change.table()),
                  rows(change.now()),
                  rows(change.then()),
                  OsString.display(change.database())));
    }
    int more = preview.changes().size() - first.size();
    if (more > 0) {
      line(out, "rows", "and %d more tables with other numbers of rows".formatted(more));
    }
    if (!preview.counted()) {
      line(out, "rows", "not every database could be compared with the snapshot");
    } else if (preview.changes().isEmpty() && comparesRows(preview.plan())) {
      line(out, "rows", "every table has as many rows now as in the snapshot");
    }
  }

  /// Whether anything is replaced that can be a database: what is new has nothing to compare with.
  private static boolean comparesRows(Plan plan) {
    return plan.replaced().stream()
        .filter(it -> it.hadSomething() && it.bringsSomething())
        .anyMatch(it -> !(it instanceof Replacement file) || file.kind() != Replacement.Kind.FILE);
  }

  private static String rows(OptionalLong rows) {
    return rows.isPresent() ? Long.toString(rows.getAsLong()) : "no table";
  }

  private static void appendService(StringBuilder out, Plan plan) {
    ServiceSettings service = plan.service();
    for (Service one : service.services()) {
      line(
          out,
          "service",
          one.describe()
              + (one instanceof Service.Maintenance
                  ? " is switched on for the swap, and off again if it was off"
                  : " is stopped for the swap, and started again if it runs"));
    }
    service.after().forEach(action -> line(out, "after", action.describe()));
    for (HealthCheck check : service.health()) {
      line(out, "health", check.describe() + " within " + check.limit().toSeconds() + " s");
    }
    if (plan.restorePoint() && plan.replaced().stream().anyMatch(Replaced::hadSomething)) {
      line(out, "before", "the present state is backed up with the tag pre-restore");
    }
  }

  private static void line(StringBuilder out, String label, String text) {
    out.append("  %-10s %s%n".formatted(label, text).stripTrailing()).append('\n');
  }

  private static String time(TimeEstimate estimate) {
    StringBuilder out = new StringBuilder();
    long seconds = Math.max(1, estimate.duration().toSeconds());
    line(out, "time", "about " + Sizes.seconds(seconds) + ", " + estimate.basis());
    return out.toString();
  }

  private static String json(Preview preview, Optional<TimeEstimate> estimate) {
    Plan plan = preview.plan();
    Json out = Json.message("plan").field("recovery", plan.id()).field("subject", plan.subject());
    plan.origin()
        .ifPresent(origin ->
            out.field("snapshot_id", origin.snapshot())
                .field("snapshot_time", Times.rfc3339(origin.time().atOffset(ZoneOffset.UTC)))
                .field("hostname", origin.hostname())
                .strings("tags", origin.tags()));
    plan.undoes().ifPresent(id -> out.field("undoes", id));
    estimate.ifPresent(it ->
        out.field("seconds_estimated", it.duration().toSeconds())
            .field("estimated_by", it.basis()));
    return out.raw(
            "replacements", Json.array(plan.replaced().stream().map(PlanText::json).toList()))
        .raw("space", Json.array(preview.space().stream().map(PlanText::json).toList()))
        .raw("row_changes", Json.array(preview.changes().stream().map(PlanText::json).toList()))
        .field("rows_compared", preview.counted())
        .field("restore_point", plan.restorePoint())
        .field("stops_service", plan.service().hasService())
        .strings("services", plan.service().services().stream().map(Service::describe).toList())
        .strings("after", plan.service().after().stream().map(AfterAction::describe).toList())
        .strings("health", plan.service().health().stream().map(HealthCheck::describe).toList())
        .strings("warnings", preview.warnings())
        .end();
  }

  private static String json(Replaced it) {
    Json out =
        Json.object().field("action", RecoverText.action(it)).field("kind", RecoverText.kind(it));
    switch (it) {
      case Replacement file -> out.field("from", file.from()).field("path", file.live());
      case ServerDatabase database ->
          out.nonEmpty("from", database.from().orElse(""))
              .field("server", database.server().name())
              .field("database", database.live())
              .field("in_place", RecoverText.isInPlace(database));
    }
    if (!mask(it).isEmpty()) {
      out.strings("mask", mask(it));
    }
    return out.field("bytes", it.bytes()).nonEmpty("safety_copy", RecoverText.copy(it)).end();
  }

  private static String json(Preview.Space space) {
    return Json.object()
        .field("folder", space.folder())
        .field("needed_bytes", space.neededBytes())
        .field("available_bytes", space.availableBytes())
        .end();
  }

  private static String json(Preview.TableChange change) {
    Json out = Json.object().field("database", change.database()).field("table", change.table());
    change.now().ifPresent(rows -> out.field("rows_now", rows));
    change.then().ifPresent(rows -> out.field("rows_then", rows));
    return out.end();
  }
}
