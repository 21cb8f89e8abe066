package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.engine.query.SnapshotGroups.Group;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.retention.RetentionPolicy;
import dev.holdfast.engine.retention.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What `forget` says, in restic's tables and JSON: what is kept of each group and why, and what is
/// removed.
final class ForgetOutput {
  private final Session session;
  private final boolean compact;
  private final boolean dryRun;
  private final List<String> jsonGroups = new ArrayList<>();

  private final Optional<Place> place;

  /// An app in one of its repositories.
  record Place(String app, String repository) {}

  /// @param place what it is about, if there may be others
  ForgetOutput(Session session, boolean compact, boolean dryRun, Optional<Place> place) {
    this.session = session;
    this.compact = compact;
    this.dryRun = dryRun;
    this.place = place;
  }

  private boolean isText() {
    return !session.globals().json() && !session.globals().quiet();
  }

  void policy(RetentionPolicy policy) {
    if (isText()) {
      place.ifPresent(it -> session.console().line(it.app() + " in " + it.repository()));
      session.console().line("Applying Policy: " + policy.rules());
      policy
          .own()
          .forEach((its, rules) -> session.console().line("of " + its.tag() + " ones: " + rules));
    }
  }

  /// How a group is called in messages.
  String name(Group group) {
    return new SnapshotTable(session, compact).header(group).strip();
  }

  /// @param verdicts on the group's snapshots, newest first
  void group(Group group, List<Verdict> verdicts) {
    List<Verdict> kept = verdicts.stream().filter(Verdict::isKept).toList();
    List<SnapshotView> removed =
        verdicts.stream().filter(v -> !v.isKept()).map(Verdict::snapshot).toList();
    jsonGroups.add(json(group, kept, removed));
    if (!isText()) {
      return;
    }
    SnapshotTable table = new SnapshotTable(session, compact);
    session.console().text(table.header(group));
    if (!kept.isEmpty()) {
      session.console().line("keep " + kept.size() + " snapshots:");
      Map<String, List<String>> reasons = new LinkedHashMap<>();
      kept.forEach(verdict -> reasons.put(verdict.snapshot().id(), verdict.reasons()));
      session
          .console()
          .text(table.withReasons(reasons).render(kept.stream().map(Verdict::snapshot).toList()));
      session.console().line("");
    }
    if (!removed.isEmpty()) {
      session.console().line("remove " + removed.size() + " snapshots:");
      session.console().text(table.render(removed));
      session.console().line("");
    }
  }

  private static String json(Group group, List<Verdict> kept, List<SnapshotView> removed) {
    List<String> reasons =
        kept.stream()
            .map(verdict ->
                Json.object()
                    .raw("snapshot", SnapshotJson.listed(verdict.snapshot()))
                    .raw("matches", strings(verdict.reasons()))
                    .end())
            .toList();
    return Json.object()
        .raw("tags", group.tags().map(ForgetOutput::strings).orElse("null"))
        .field("host", group.hostname())
        .raw("paths", group.paths().map(ForgetOutput::strings).orElse("null"))
        .raw("keep", snapshots(kept.stream().map(Verdict::snapshot).toList()))
        .raw("remove", snapshots(removed))
        .raw("reasons", reasons.isEmpty() ? "null" : Json.array(reasons))
        .end();
  }

  private static String snapshots(List<SnapshotView> snapshots) {
    return snapshots.isEmpty()
        ? "null"
        : Json.array(snapshots.stream().map(SnapshotJson::listed).toList());
  }

  private static String strings(List<String> values) {
    return Json.array(values.stream().map(Json::quote).toList());
  }

  void removing(List<SnapshotView> removed) {
    if (!isText() || removed.isEmpty()) {
      return;
    }
    if (dryRun) {
      session.console().line("Would have removed the following snapshots:");
      session
          .console()
          .line("{" + String.join(" ", removed.stream().map(SnapshotView::shortId).toList()) + "}");
    } else {
      session.console().line("removing " + removed.size() + " snapshots");
    }
  }

  void end() {
    if (!session.globals().json()) {
      return;
    }
    if (place.isPresent()) {
      session
          .console()
          .line(
              Json.message("forget")
                  .field("app", place.get().app())
                  .field("repository", place.get().repository())
                  .raw("groups", Json.array(jsonGroups))
                  .end());
    } else if (!jsonGroups.isEmpty()) {
      session.console().line(Json.array(jsonGroups));
    }
  }
}
