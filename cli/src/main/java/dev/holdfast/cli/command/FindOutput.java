package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.setup.Times;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.engine.query.EntryView;
import dev.holdfast.engine.query.ObjectFinder;
import dev.holdfast.engine.query.SnapshotView;
import org.jspecify.annotations.Nullable;

/// What `find` prints: lines under a heading for each snapshot, or one JSON array.
final class FindOutput {
  private final Session session;
  private final boolean json;
  private final boolean longFormat;
  private final boolean humanReadable;
  private @Nullable SnapshotView present;
  private boolean any;
  private long hits;

  FindOutput(Session session, boolean longFormat, boolean humanReadable) {
    this.session = session;
    this.json = session.globals().json();
    this.longFormat = longFormat;
    this.humanReadable = humanReadable;
  }

  /// Prints an entry of a snapshot.
  void entry(SnapshotView snapshot, EntryView entry) {
    if (json) {
      openJson(snapshot);
      session.console().text((hits++ > 0 ? "," : "") + FoundEntry.json(entry));
      return;
    }
    if (present != snapshot) {
      if (!session.globals().quiet()) {
        session
            .console()
            .text(
                "%sFound matching entries in snapshot %s from %s\n"
                    .formatted(
                        present == null ? "" : "\n",
                        snapshot.shortId(),
                        Times.local(snapshot.time(), session.clock())));
      }
      present = snapshot;
    }
    session
        .console()
        .line(
            longFormat ? EntryText.longLine(entry, humanReadable, session.clock()) : entry.path());
  }

  private void openJson(SnapshotView snapshot) {
    SnapshotView before = present;
    if (before == snapshot) {
      return;
    }
    if (before == null) {
      session.console().text("[");
    } else {
      session.console().text(closing(before) + ",");
    }
    any = true;
    hits = 0;
    present = snapshot;
    session.console().text("{\"matches\":[");
  }

  private String closing(SnapshotView snapshot) {
    return "],\"hits\":%d,\"snapshot\":\"%s\"}".formatted(hits, snapshot.id());
  }

  /// Prints a use of an object.
  void use(ObjectFinder.Use use) {
    if (json) {
      session.console().text((any ? "," : "[") + json(use));
      any = true;
      return;
    }
    StringBuilder text = new StringBuilder("Found %s %s\n".formatted(use.kind(), use.id()));
    if (use.parentTree().isPresent()) {
      text.append(
          " ... in file %s\n     (tree %s)\n".formatted(use.path(), use.parentTree().get()));
    } else {
      text.append(" ... path %s\n".formatted(use.path()));
    }
    session
        .console()
        .text(
            text.append(
                    " ... in snapshot %s (%s)\n"
                        .formatted(
                            use.snapshot().shortId(),
                            Times.local(use.snapshot().time(), session.clock())))
                .toString());
  }

  private static String json(ObjectFinder.Use use) {
    return Json.object()
        .field("object_type", use.kind())
        .field("id", use.id())
        .field("path", use.path())
        .nonEmpty("parent_tree", use.parentTree().orElse(""))
        .field("snapshot", use.snapshot().id())
        .field("time", Times.rfc3339(use.snapshot().time()))
        .end();
  }

  /// Ends the JSON.
  void finish() {
    if (!json) {
      return;
    }
    SnapshotView last = present;
    if (last != null) {
      session.console().text(closing(last));
    }
    session.console().text(any ? "]\n" : "[]\n");
  }
}
