package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.cli.terminal.Ticker;
import dev.holdfast.engine.recover.RecoverEvent;
import dev.holdfast.engine.recover.RecoverObserver;
import dev.holdfast.engine.recover.plan.Step;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Shows a recovery while it runs: a line for each step, and on a terminal how far the present one
/// has come; with `--json` a message for each event.
final class RecoverProgress implements RecoverObserver, AutoCloseable {
  private static final double MILLIS_PER_SECOND = 1000;

  private static final List<Step> STEPS = List.of(Step.values());

  private final Session session;
  private final Console console;
  private final @Nullable Ticker ticker;
  private @Nullable Step step;
  private long startedNanos;
  private long doneBytes;
  private long totalBytes;

  RecoverProgress(Session session) {
    this.session = session;
    this.console = session.console();
    this.ticker =
        session.showsProgress() ? Ticker.start(session.progressInterval(), this::draw) : null;
  }

  @Override
  public synchronized void on(RecoverEvent event) {
    switch (event) {
      case RecoverEvent.Started started -> begin(started.step());
      case RecoverEvent.Progress progress -> {
        doneBytes = progress.doneBytes();
        totalBytes = progress.totalBytes();
      }
      case RecoverEvent.Done done -> {
        say(number(done.step()) + done.step().phrase() + ": done in " + seconds(done.took()));
        tell("done", done.step());
      }
      case RecoverEvent.Notice notice -> sayError(notice.text());
      case RecoverEvent.RestorePointMade made -> {
        say("the present state is in snapshot " + made.snapshotId().substring(0, 8));
        message(Json.message("restore_point").field("snapshot_id", made.snapshotId()));
      }
      case RecoverEvent.TurnedBack back -> {
        clear();
        say("failed while " + back.step().phrase() + ": taking everything back");
        tell("failed", back.step());
      }
      case RecoverEvent.TakingBack back -> tell("taking back", back.step());
      case RecoverEvent.Downtime down -> {
        say("the service was stopped for " + seconds(down.duration()));
        message(
            Json.message("downtime")
                .field("seconds", down.duration().toMillis() / MILLIS_PER_SECOND));
      }
      case RecoverEvent.Ended ended -> clear();
    }
  }

  private void begin(Step begun) {
    step = begun;
    startedNanos = System.nanoTime();
    doneBytes = 0;
    totalBytes = 0;
    tell("started", begun);
  }

  private static String number(Step step) {
    return "[%d/%d] ".formatted(STEPS.indexOf(step) + 1, STEPS.size());
  }

  private static String seconds(Duration duration) {
    return "%.1f s".formatted(duration.toMillis() / MILLIS_PER_SECOND);
  }

  private void tell(String what, Step which) {
    message(Json.message("step").field("step", which.word()).field("state", what));
  }

  private void message(Json message) {
    if (session.globals().json()) {
      console.line(message.end());
      console.flush();
    }
  }

  private void say(String text) {
    if (!session.globals().json() && !session.globals().quiet()) {
      clear();
      console.line(text);
      console.flush();
    }
  }

  private void sayError(String text) {
    clear();
    console.errorLine("holdfast: " + text);
  }

  private void clear() {
    if (console.outputIsTerminal()) {
      console.status(List.of());
    }
  }

  private synchronized void draw() {
    Step now = step;
    if (now == null) {
      return;
    }
    long elapsedNanos = System.nanoTime() - startedNanos;
    long rate = doneBytes * 1_000_000_000L / Math.max(elapsedNanos, 1);
    if (session.globals().json()) {
      message(
          Json.message("status")
              .field("step", now.word())
              .field("seconds_elapsed", Duration.ofNanos(elapsedNanos).toSeconds())
              .nonZero("bytes_done", doneBytes)
              .nonZero("total_bytes", totalBytes));
      return;
    }
    String bytes =
        doneBytes == 0 ? "" : "  " + Sizes.bytes(doneBytes) + "  " + Sizes.bytes(rate) + "/s";
    String left =
        totalBytes == 0 || rate == 0
            ? ""
            : "  %s, %s left"
                .formatted(
                    Sizes.percent(doneBytes, totalBytes),
                    Sizes.seconds(Math.max(0, totalBytes - doneBytes) / rate));
    console.status(
        List.of(
            number(now)
                + now.phrase()
                + "  "
                + Sizes.duration(Duration.ofNanos(elapsedNanos))
                + bytes
                + left));
  }

  @Override
  public void close() {
    if (ticker != null) {
      ticker.close();
    }
    clear();
  }
}
