package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.setup.Times;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.engine.query.SnapshotGroups.Group;
import dev.holdfast.engine.query.SnapshotView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// The table of snapshots, laid out as restic's.
final class SnapshotTable {
  private final Session session;
  private final boolean compact;
  private final Map<String, List<String>> reasons;
  private final Map<String, String> drills;

  SnapshotTable(Session session, boolean compact) {
    this(session, compact, Map.of(), Map.of());
  }

  private SnapshotTable(
      Session session,
      boolean compact,
      Map<String, List<String>> reasons,
      Map<String, String> drills) {
    this.session = session;
    this.compact = compact;
    this.reasons = reasons;
    this.drills = drills;
  }

  /// This table with a column of reasons, by the ids of snapshots.
  SnapshotTable withReasons(Map<String, List<String>> value) {
    return new SnapshotTable(session, compact, value, drills);
  }

  /// This table with a column of drills, by the ids of snapshots; none if there are none.
  SnapshotTable withDrills(Map<String, String> value) {
    return new SnapshotTable(session, compact, reasons, value);
  }

  private boolean showsDrills() {
    return !compact && !drills.isEmpty();
  }

  private boolean showsReasons() {
    return !compact && !reasons.isEmpty();
  }

  /// The line above a group's table; empty for a group of everything.
  String header(Group group) {
    List<String> parts = new ArrayList<>();
    if (!group.hostname().isEmpty()) {
      parts.add("host [" + group.hostname() + "]");
    }
    group.tags().ifPresent(tags -> parts.add("tags [" + String.join(", ", tags) + "]"));
    group.paths().ifPresent(paths -> parts.add("paths [" + PathsText.of(paths, ", ") + "]"));
    return parts.isEmpty() ? "" : "snapshots for (" + String.join(", ", parts) + "):\n";
  }

  /// @param snapshots in any order; shown oldest first
  String render(List<SnapshotView> snapshots) {
    boolean sizes = snapshots.stream().anyMatch(s -> s.totalBytes().isPresent());
    List<String> headers =
        new ArrayList<>(
            compact
                ? List.of("ID", "Time", "Host", "Tags  ")
                : List.of("ID", "Time", "Host      ", "Tags      ", "Paths"));
    if (showsReasons()) {
      headers.add(headers.size() - 1, "Reasons");
    }
    if (showsDrills()) {
      headers.add(headers.size() - 1, "Drilled");
    }
    if (sizes) {
      headers.add("Size");
    }
    Table table = new Table(headers.toArray(String[]::new));
    List<SnapshotView> ordered = new ArrayList<>(snapshots);
    ordered.sort((a, b) -> a.time().toInstant().compareTo(b.time().toInstant()));
    for (SnapshotView snapshot : ordered) {
      table.row(cells(snapshot, sizes));
      if (!compact && snapshot.paths().size() > 1) {
        table.spaced();
      }
    }
    table.footer(
        "Timestamps shown in " + Times.zone(session.environment(), session.clock().getZone()));
    table.footer(snapshots.size() + " snapshots");
    return table.render();
  }

  private String[] cells(SnapshotView snapshot, boolean sizes) {
    List<String> cells = new ArrayList<>();
    cells.add(snapshot.shortId());
    cells.add(Times.local(snapshot.time(), session.clock()));
    cells.add(snapshot.hostname());
    cells.add(String.join(compact ? "\n" : ",", snapshot.tags()));
    if (showsReasons()) {
      cells.add(String.join("\n", reasons.getOrDefault(snapshot.id(), List.of())));
    }
    if (showsDrills()) {
      cells.add(drills.getOrDefault(snapshot.id(), ""));
    }
    if (!compact) {
      cells.add(PathsText.of(snapshot.paths(), "\n"));
    }
    if (sizes) {
      OptionalLong total = snapshot.totalBytes();
      cells.add(total.isPresent() ? Sizes.bytes(total.getAsLong()) : "");
    }
    return cells.toArray(String[]::new);
  }
}
