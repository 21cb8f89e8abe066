package dev.holdfast.cli.command;

import dev.holdfast.cli.terminal.Json;
import dev.holdfast.engine.drill.DrillRecords;
import dev.holdfast.engine.query.SnapshotView;

/// Snapshots as restic's JSON has them: the fields of the snapshot's file, then the rest.
final class SnapshotJson {
  private SnapshotJson() {}

  /// As `snapshots` lists it.
  static String listed(SnapshotView snapshot) {
    return merge(snapshot.sortedJson(), ids(snapshot).end());
  }

  /// The same, with what the last drill of it said.
  static String listed(SnapshotView snapshot, DrillRecords drills) {
    return drills
        .last(snapshot)
        .map(drill ->
            merge(
                listed(snapshot),
                Json.object()
                    .field("drill", drill.passed() ? "passed" : "failed")
                    .field("drill_time", drill.end().toString())
                    .end()))
        .orElseGet(() -> listed(snapshot));
  }

  /// As `ls` announces it.
  static String announced(SnapshotView snapshot) {
    return merge(
        snapshot.json(),
        ids(snapshot).field("message_type", "snapshot").field("struct_type", "snapshot").end());
  }

  private static Json ids(SnapshotView snapshot) {
    return Json.object().field("id", snapshot.id()).field("short_id", snapshot.shortId());
  }

  private static String merge(String first, String second) {
    return first.substring(0, first.length() - 1) + "," + second.substring(1);
  }
}
