package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.engine.backup.BackupEvent;
import dev.holdfast.engine.backup.BackupObserver;
import dev.holdfast.posix.OsString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Shows a backup while it runs: a status on a terminal, JSON lines for scripts, and what cannot be
/// read on standard error. Thread-safe.
final class BackupProgress implements BackupObserver, AutoCloseable {
  private static final int DETAILS = 3;
  private static final int MORE = 2;

  /// More names than a glance takes in would only scroll.
  private static final int MAX_SHOWN_FILES = 8;

  private final Session session;
  private final boolean json;
  private final int verbosity;
  private final LongAdder bytes = new LongAdder();
  private final LongAdder files = new LongAdder();
  private final LongAdder problems = new LongAdder();
  private final Set<String> current = ConcurrentHashMap.newKeySet();
  private final LiveStatus live;
  private volatile BackupEvent.Totals totals = new BackupEvent.Totals(0, 0, 0);

  BackupProgress(Session session) {
    this.session = session;
    this.json = session.globals().json();
    this.verbosity = session.globals().verbosity();
    this.live = LiveStatus.start(session, this::show);
  }

  @Override
  public void on(BackupEvent event) {
    switch (event) {
      case BackupEvent.Totals found -> total(found);
      case BackupEvent.FileStarted started -> current.add(started.path());
      case BackupEvent.BytesDone done -> bytes.add(done.bytes());
      case BackupEvent.ItemDone done -> done(done);
      case BackupEvent.Excluded excluded -> excluded(excluded.path());
      case BackupEvent.Problem problem -> problem(problem);
      case BackupEvent.Warning warning -> warning(warning);
    }
  }

  private void total(BackupEvent.Totals found) {
    totals = found;
    if (verbosity < MORE) {
      return;
    }
    if (json) {
      session
          .console()
          .line(
              Json.message("verbose_status")
                  .field("action", "scan_finished")
                  .field("item", "")
                  .field("duration", seconds())
                  .field("data_size", found.bytes())
                  .field("data_size_in_repo", 0)
                  .field("metadata_size", 0)
                  .field("metadata_size_in_repo", 0)
                  .field("total_files", found.files())
                  .end());
    } else {
      session
          .console()
          .line(
              String.format(
                  Locale.ROOT,
                  "scan finished in %.3fs: %d files, %s",
                  seconds(),
                  found.files(),
                  Sizes.bytes(found.bytes())));
    }
  }

  private void done(BackupEvent.ItemDone item) {
    if (item.kind() == BackupEvent.ItemKind.FILE) {
      files.increment();
      current.remove(item.path());
    }
    if (verbosity >= (json ? MORE : DETAILS)) {
      session.console().line(json ? ItemLines.json(item) : ItemLines.text(item));
    }
  }

  private void excluded(String path) {
    if (json && verbosity >= MORE) {
      session.console().line(Json.message("excluded_item").field("item", path).end());
    } else if (!json && verbosity >= DETAILS) {
      session.console().line("excluded " + OsString.display(path));
    }
  }

  private void problem(BackupEvent.Problem problem) {
    problems.increment();
    session.console().errorLine(ItemLines.problem(json, problem.path(), problem.message()));
  }

  private void warning(BackupEvent.Warning warning) {
    session.console().errorLine(ItemLines.warning(json, warning.path(), warning.message()));
  }

  private double seconds() {
    return live.elapsed().toNanos() / 1e9;
  }

  private long secondsLeft(long done, long total, double elapsed) {
    return done == 0 || total <= done ? 0 : Math.round(elapsed * (total - done) / done);
  }

  private void show(LiveStatus display) {
    double elapsed = display.elapsed().toNanos() / 1e9;
    if (json) {
      session.console().line(statusJson(elapsed));
      session.console().flush();
    } else {
      display.show(statusLines(elapsed));
    }
  }

  private String statusJson(double elapsed) {
    BackupEvent.Totals total = totals;
    long done = bytes.sum();
    Json line =
        Json.message("status")
            .nonZero("seconds_elapsed", (long) elapsed)
            .nonZero("seconds_remaining", secondsLeft(done, total.bytes(), elapsed))
            .field("percent_done", total.bytes() == 0 ? 0 : (double) done / total.bytes())
            .nonZero("total_files", total.files())
            .nonZero("files_done", files.sum())
            .nonZero("total_bytes", total.bytes())
            .nonZero("bytes_done", done)
            .nonZero("error_count", problems.sum());
    return line.nonEmpty("current_files", current.stream().sorted().toList()).end();
  }

  private List<String> statusLines(double elapsed) {
    BackupEvent.Totals total = totals;
    long done = bytes.sum();
    String clock = Sizes.duration(Duration.ofMillis((long) (elapsed * 1000)));
    String rate = Sizes.bytes((long) (done / Math.max(elapsed, 0.001))) + "/s";
    String status;
    if (total.bytes() == 0) {
      status =
          "[%s] %d files, %s, %s, %d errors"
              .formatted(clock, files.sum(), Sizes.bytes(done), rate, problems.sum());
    } else {
      long left = secondsLeft(done, total.bytes(), elapsed);
      status =
          "[%s] %s  %d files %s, total %d files %s, %s, %d errors%s"
              .formatted(
                  clock,
                  Sizes.percent(done, total.bytes()),
                  files.sum(),
                  Sizes.bytes(done),
                  total.files(),
                  Sizes.bytes(total.bytes()),
                  rate,
                  problems.sum(),
                  left > 0 ? " ETA " + Sizes.seconds(left) : "");
    }
    List<String> lines = new ArrayList<>();
    lines.add(status);
    current.stream()
        .sorted()
        .limit(MAX_SHOWN_FILES)
        .forEach(path -> lines.add(OsString.display(path)));
    return lines;
  }

  /// Ends the display; nothing is shown afterwards.
  @Override
  public void close() {
    live.close();
  }
}
