package dev.holdfast.cli.command;

import dev.holdfast.engine.query.SnapshotView;

/// A snapshot in a sentence, as restic names it.
final class SnapshotText {
  private SnapshotText() {}

  static String of(SnapshotView snapshot) {
    return "snapshot %s of [%s] at %s by %s@%s"
        .formatted(
            snapshot.shortId(),
            PathsText.of(snapshot.paths(), " "),
            GoTimes.text(snapshot.time()),
            snapshot.username(),
            snapshot.hostname());
  }
}
