package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.engine.recover.Pace;
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
  private final LiveStatus live;
  private @Nullable Step step;
  private final Pace pace = new Pace();
  private String subject = "";
  private long startedNanos;

  RecoverProgress(Session session) {
    this.session = session;
    this.console = session.console();
    this.live = LiveStatus.start(session, this::draw);
  }

  @Override
  public synchronized void on(RecoverEvent event) {
    switch (event) {
      case RecoverEvent.Started started -> begin(started.step());
      case RecoverEvent.Progress progress ->
          pace.reached(System.nanoTime(), progress.doneBytes(), progress.totalBytes());
      case RecoverEvent.Turned turned -> turn(turned);
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
    pace.begin(startedNanos);
    subject = "";
    tell("started", begun);
  }

  private void turn(RecoverEvent.Turned turned) {
    String which =
        turned.count() == 1 ? "" : "%d of %d: ".formatted(turned.number(), turned.count());
    subject = "  " + which + turned.subject();
    message(
        Json.message("step")
            .field("step", turned.step().word())
            .field("state", "turned")
            .field("subject", turned.subject())
            .field("number", turned.number())
            .field("count", turned.count()));
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
    console.status(List.of());
  }

  private synchronized void draw(LiveStatus display) {
    Step now = step;
    if (now == null) {
      return;
    }
    long nanos = System.nanoTime();
    Duration elapsed = Duration.ofNanos(nanos - startedNanos);
    if (session.globals().json()) {
      Json status =
          Json.message("status")
              .field("step", now.word())
              .field("seconds_elapsed", elapsed.toSeconds())
              .nonZero("bytes_done", pace.doneBytes())
              .nonZero("total_bytes", pace.totalBytes())
              .nonZero("bytes_per_second", pace.bytesPerSecond(nanos));
      pace.left(nanos).ifPresent(left -> status.field("seconds_left", left.toSeconds()));
      message(status);
      return;
    }
    String line =
        number(now) + now.phrase() + "  " + Sizes.duration(elapsed) + bytes(nanos) + subject;
    display.show(List.of(line));
  }

  private String bytes(long nanos) {
    if (pace.doneBytes() == 0) {
      return "";
    }
    String left =
        pace.left(nanos)
            .map(it ->
                "  %s, %s left"
                    .formatted(
                        Sizes.percent(pace.doneBytes(), pace.totalBytes()),
                        Sizes.seconds(it.toSeconds())))
            .orElse("");
    return "  %s  %s/s%s"
        .formatted(Sizes.bytes(pace.doneBytes()), Sizes.bytes(pace.bytesPerSecond(nanos)), left);
  }

  @Override
  public void close() {
    live.close();
  }
}
