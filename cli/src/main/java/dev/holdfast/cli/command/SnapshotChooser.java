package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.setup.Times;
import dev.holdfast.cli.terminal.Chooser;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.posix.OsString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Lets a person choose the snapshot to go back to.
final class SnapshotChooser {
  private final Session session;
  private final Function<SnapshotView, Optional<String>> drilled;

  /// @param drilled what is known of rehearsals with a snapshot; empty if there was none
  SnapshotChooser(Session session, Function<SnapshotView, Optional<String>> drilled) {
    this.session = session;
    this.drilled = drilled;
  }

  /// The one chosen.
  ///
  /// @param newestFirst not empty
  /// @param latest what would be taken if nobody chose; it is marked at first
  /// @return empty if none was chosen
  Optional<SnapshotView> choose(List<SnapshotView> newestFirst, Optional<SnapshotView> latest) {
    boolean withDrills = newestFirst.stream().anyMatch(it -> drilled.apply(it).isPresent());
    List<String> headers = new ArrayList<>(List.of("Snapshot", "Made", "Age", "Size", "Host"));
    if (withDrills) {
      headers.add("Drilled");
    }
    headers.add("Tags");
    List<List<String>> rows =
        newestFirst.stream().map(snapshot -> row(snapshot, withDrills)).toList();
    int marked =
        latest
            .map(it -> newestFirst.stream().map(SnapshotView::id).toList().indexOf(it.id()))
            .filter(index -> index >= 0)
            .orElse(0);
    return Chooser.onTheTerminal("Which snapshot?", headers, rows, marked).map(newestFirst::get);
  }

  private List<String> row(SnapshotView snapshot, boolean withDrills) {
    Duration age = Duration.between(snapshot.time().toInstant(), session.clock().instant());
    List<String> row =
        new ArrayList<>(
            List.of(
                snapshot.shortId(),
                Times.local(snapshot.time(), session.clock()),
                RecoverText.age(age),
                snapshot.totalBytes().isPresent()
                    ? Sizes.bytes(snapshot.totalBytes().getAsLong())
                    : "",
                OsString.display(snapshot.hostname())));
    if (withDrills) {
      row.add(drilled.apply(snapshot).orElse(""));
    }
    row.add(OsString.display(String.join(", ", snapshot.tags())));
    return row;
  }
}
