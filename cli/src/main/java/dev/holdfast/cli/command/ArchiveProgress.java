package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.engine.archive.ExportEvent;
import dev.holdfast.engine.archive.ExportObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Shows how far the making or reading of an archive is, and says its notices.
final class ArchiveProgress implements ExportObserver, AutoCloseable {
  private final Session session;
  private final boolean onOutput;
  private final LiveStatus live;
  private final AtomicLong done = new AtomicLong();
  private volatile long total;

  /// @param onOutput whether standard output is free for it
  ArchiveProgress(Session session, boolean onOutput) {
    this.session = session;
    this.onOutput = onOutput;
    live = LiveStatus.start(session, onOutput && session.showsProgress(), this::show);
  }

  @Override
  public void on(ExportEvent event) {
    switch (event) {
      case ExportEvent.Total(long bytes) -> total = bytes;
      case ExportEvent.Done(long bytes) -> done.addAndGet(bytes);
      case ExportEvent.Notice(String text) -> notice(text);
    }
  }

  /// What is said of content that goes to standard output is about that content, and whoever reads
  /// it has nothing else to learn it from: so it is said with `-q`, too.
  private void notice(String text) {
    String json = Json.message("notice").field("message", text).end();
    if (session.globals().json() && onOutput) {
      session.console().line(json);
    } else if (onOutput) {
      session.notice("holdfast: " + text);
    } else {
      session.console().errorLine(session.globals().json() ? json : "holdfast: " + text);
    }
  }

  private void show(LiveStatus display) {
    long bytes = done.get();
    Duration elapsed = display.elapsed();
    if (session.globals().json()) {
      session
          .console()
          .line(
              Json.message("status")
                  .nonZero("seconds_elapsed", elapsed.toSeconds())
                  .field("percent_done", total == 0 ? 0 : Math.min(1, (double) bytes / total))
                  .nonZero("total_bytes", total)
                  .nonZero("bytes_done", bytes)
                  .end());
      session.console().flush();
      return;
    }
    String of = total == 0 ? "" : " of " + Sizes.bytes(total);
    String line = "[%s] %s%s".formatted(Sizes.duration(elapsed), Sizes.bytes(bytes), of);
    display.show(List.of(line));
  }

  /// Nothing is shown from now on.
  void end() {
    live.close();
  }

  @Override
  public void close() {
    end();
  }
}
