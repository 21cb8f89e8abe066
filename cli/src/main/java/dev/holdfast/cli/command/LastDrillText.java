package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.setup.Times;
import dev.holdfast.engine.drill.DrillRecords;
import dev.holdfast.engine.query.SnapshotView;
import java.time.ZoneOffset;
import java.util.Optional;

/// Says when a snapshot was drilled last, and whether that failed.
final class LastDrillText {
  private LastDrillText() {}

  /// Empty if it never was.
  static Optional<String> of(Session session, DrillRecords drills, SnapshotView snapshot) {
    return drills
        .last(snapshot)
        .map(drill ->
            (drill.passed() ? "" : "failed ")
                + Times.local(drill.end().atOffset(ZoneOffset.UTC), session.clock()));
  }
}
