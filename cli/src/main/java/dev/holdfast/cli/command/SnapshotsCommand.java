package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.drill.DrillRecords;
import dev.holdfast.engine.query.SnapshotGroups;
import dev.holdfast.engine.query.SnapshotGroups.Group;
import dev.holdfast.engine.query.SnapshotGroups.GroupBy;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.query.Snapshots;
import dev.holdfast.repository.error.HoldfastException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "snapshots", description = "List snapshots")
final class SnapshotsCommand implements Callable<Integer> {
  private final Session session;

  @Mixin SnapshotFilterOptions filter = new SnapshotFilterOptions();

  @Option(
      names = {"-c", "--compact"},
      description = "one line for each snapshot")
  boolean compact;

  @Option(names = "--last", hidden = true, description = "restic's old word for --latest 1")
  boolean last;

  @Option(
      names = "--latest",
      paramLabel = "N",
      description = "only the last N snapshots for each host and paths, or of each group")
  int latest;

  @Option(
      names = {"-g", "--group-by"},
      paramLabel = "GROUP",
      description = "group by host, paths, tags, separated by commas")
  String groupBy = "";

  @Parameters(paramLabel = "SNAPSHOT", arity = "0..*", description = "ids, or latest")
  List<String> names = new ArrayList<>();

  SnapshotsCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    GroupBy grouping = GroupBy.parse(groupBy);
    List<SnapshotView> found;
    DrillRecords drills;
    PassedOver damaged = new PassedOver(session);
    try (RepositoryAccess access = filter.openForReading(session)) {
      found =
          new Snapshots(access.repository())
              .select(names, filter.filter(session.environment()), damaged);
      drills = DrillRecords.load(access.repository(), this::sayDamaged);
    }
    int limit = last && latest == 0 ? 1 : latest;
    List<Group> groups = SnapshotGroups.of(found, grouping, limit);
    if (session.globals().json()) {
      session
          .console()
          .line(grouping.isGrouped() ? jsonGroups(groups, drills) : jsonList(groups, drills));
    } else {
      SnapshotTable table = new SnapshotTable(session, compact).withDrills(texts(found, drills));
      for (Group group : found.isEmpty() ? List.<Group>of() : groups) {
        session.console().text(grouping.isGrouped() ? table.header(group) : "");
        session.console().text(table.render(group.snapshots()));
      }
    }
    return damaged.status();
  }

  private void sayDamaged(HoldfastException cause) {
    session.console().errorLine("holdfast: " + cause.getMessage());
  }

  /// When each snapshot was drilled, and what came of it.
  private Map<String, String> texts(List<SnapshotView> snapshots, DrillRecords drills) {
    Map<String, String> texts = new HashMap<>();
    for (SnapshotView snapshot : snapshots) {
      LastDrillText.of(session, drills, snapshot).ifPresent(text -> texts.put(snapshot.id(), text));
    }
    return texts;
  }

  private static String jsonList(List<Group> groups, DrillRecords drills) {
    return Json.array(
        groups.stream()
            .flatMap(group -> group.snapshots().stream())
            .map(snapshot -> SnapshotJson.listed(snapshot, drills))
            .toList());
  }

  private static String jsonGroups(List<Group> groups, DrillRecords drills) {
    List<String> all = new ArrayList<>();
    for (Group group : groups) {
      String key =
          Json.object()
              .field("hostname", group.hostname())
              .raw("paths", group.paths().map(SnapshotsCommand::strings).orElse("null"))
              .raw("tags", group.tags().map(SnapshotsCommand::strings).orElse("null"))
              .end();
      all.add(
          Json.object()
              .raw("group_key", key)
              .raw(
                  "snapshots",
                  Json.array(
                      group.snapshots().stream()
                          .map(snapshot -> SnapshotJson.listed(snapshot, drills))
                          .toList()))
              .end());
    }
    return Json.array(all);
  }

  private static String strings(List<String> values) {
    return Json.array(values.stream().map(Json::quote).toList());
  }
}
