package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.restore.RestoreEvent;
import dev.holdfast.repository.restore.RestoreEvent.Action;
import dev.holdfast.repository.restore.RestoreFinding;
import dev.holdfast.repository.restore.RestoreResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Shows a restore while it runs, and its end, in restic's words. Thread-safe.
final class RestoreProgress implements Consumer<RestoreEvent>, AutoCloseable {
  private static final int DETAILS = 3;

  private final Session session;
  private final boolean json;
  private final AtomicLong plannedItems = new AtomicLong();
  private final AtomicLong plannedBytes = new AtomicLong();
  private final AtomicLong items = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong skipped = new AtomicLong();
  private final AtomicLong skippedBytes = new AtomicLong();
  private final AtomicLong deleted = new AtomicLong();
  private final LiveStatus live;

  RestoreProgress(Session session) {
    this.session = session;
    this.json = session.globals().json();
    this.live = LiveStatus.start(session, this::show);
  }

  @Override
  public void accept(RestoreEvent event) {
    switch (event) {
      case RestoreEvent.Planned planned -> {
        plannedItems.addAndGet(planned.items());
        plannedBytes.addAndGet(planned.bytes());
      }
      case RestoreEvent.Written written -> bytes.addAndGet(written.bytes());
      case RestoreEvent.Done done -> done(done);
      case RestoreEvent.Verified verified -> {}
      case RestoreEvent.Found found -> found(found.finding());
    }
  }

  private void done(RestoreEvent.Done done) {
    switch (done.action()) {
      case RESTORED, UPDATED -> items.incrementAndGet();
      case UNCHANGED -> {
        skipped.incrementAndGet();
        skippedBytes.addAndGet(done.sizeBytes());
      }
      case DELETED -> deleted.incrementAndGet();
    }
    if (session.globals().verbosity() < DETAILS) {
      return;
    }
    if (json) {
      session
          .console()
          .line(
              Json.message("verbose_status")
                  .field("action", done.action().word())
                  .field("item", done.path())
                  .field("size", done.sizeBytes())
                  .end());
    } else {
      String size =
          done.action() == Action.DELETED || done.sizeBytes() == 0
              ? ""
              : " with size " + Sizes.bytes(done.sizeBytes());
      session
          .console()
          .line("%-9s %s%s".formatted(done.action().word(), OsString.display(done.path()), size));
    }
  }

  private void found(RestoreFinding finding) {
    String line =
        switch (finding.severity()) {
          case ERROR ->
              json
                  ? Json.message("error")
                      .raw("error", Json.object().field("message", finding.message()).end())
                      .field("during", "restore")
                      .field("item", finding.path())
                      .end()
                  : "error: " + OsString.display(finding.path()) + ": " + finding.message();
          case WARNING -> "warning: " + OsString.display(finding.path()) + ": " + finding.message();
        };
    session.console().errorLine(line);
  }

  private void show(LiveStatus display) {
    Duration elapsed = display.elapsed();
    if (json) {
      long total = plannedBytes.get();
      session
          .console()
          .line(
              numbers(Json.message("status"), elapsed)
                  .field("percent_done", total == 0 ? 0 : (double) bytes.get() / total)
                  .end());
      session.console().flush();
      return;
    }
    String line =
        "[%s] %s  %d files/dirs %s, total %d files/dirs %s, %s/s"
            .formatted(
                Sizes.duration(elapsed),
                Sizes.percent(bytes.get(), plannedBytes.get()),
                items.get(),
                Sizes.bytes(bytes.get()),
                plannedItems.get(),
                Sizes.bytes(plannedBytes.get()),
                Sizes.bytes(bytes.get() * 1000 / Math.max(1, elapsed.toMillis())));
    display.show(List.of(line));
  }

  private Json numbers(Json json, Duration elapsed) {
    return json.nonZero("seconds_elapsed", elapsed.toSeconds())
        .nonZero("total_files", plannedItems.get())
        .nonZero("files_restored", items.get())
        .nonZero("files_skipped", skipped.get())
        .nonZero("files_deleted", deleted.get())
        .nonZero("total_bytes", plannedBytes.get())
        .nonZero("bytes_restored", bytes.get())
        .nonZero("bytes_skipped", skippedBytes.get());
  }

  /// Says how it ended.
  void finish(RestoreResult result, String target, boolean verified) {
    Duration elapsed = live.elapsed();
    bytes.set(result.bytes());
    if (json) {
      session.console().line(numbers(Json.message("summary"), elapsed).end());
      return;
    }
    if (session.globals().quiet()) {
      return;
    }
    long total = plannedItems.get();
    String summary =
        result.isComplete()
            ? "Summary: Restored %d files/dirs (%s) in %s"
                .formatted(total, Sizes.bytes(result.bytes()), Sizes.duration(elapsed))
            : "Summary: Restored %d / %d files/dirs (%s / %s) in %s"
                .formatted(
                    items.get(),
                    total,
                    Sizes.bytes(result.bytes()),
                    Sizes.bytes(plannedBytes.get()),
                    Sizes.duration(elapsed));
    if (skipped.get() > 0) {
      summary +=
          ", skipped %d files/dirs %s".formatted(skipped.get(), Sizes.bytes(skippedBytes.get()));
    }
    if (deleted.get() > 0) {
      summary += ", deleted %d files/dirs".formatted(deleted.get());
    }
    session.console().line(summary);
    if (verified) {
      session
          .console()
          .line("finished verifying %d files in %s".formatted(result.verifiedFiles(), target));
    }
    if (result.ownersNotSet() > 0) {
      session.notice(
          "the owners of %d entries could not be set: that takes root, with the capability CAP_CHOWN"
              .formatted(result.ownersNotSet()));
    }
  }

  /// Ends the display; nothing is shown afterwards.
  @Override
  public void close() {
    live.close();
  }
}
