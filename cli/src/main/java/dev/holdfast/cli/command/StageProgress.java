package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.terminal.Sizes;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Shows work that goes through stages, in each of which things are counted: a line of its own for
/// each stage, and one below that keeps changing. Thread-safe.
final class StageProgress implements AutoCloseable {
  private final Session session;
  private final boolean json;
  private final AtomicLong advanced = new AtomicLong();
  private final LiveStatus live;
  private volatile Stage stage = new Stage(-1, "");

  /// @param total how many things there are to count; negative if that is not known
  /// @param name empty if the line is to have none
  private record Stage(long total, String name) {}

  StageProgress(Session session) {
    this.session = session;
    this.json = session.globals().json();
    this.live = LiveStatus.start(session, session.showsProgress() && !json, this::show);
  }

  /// Begins to count anew.
  ///
  /// @param total how many things there are to count; negative if that is not known
  /// @param name of the stage, shown behind the number; may be empty
  void begin(long total, String name) {
    stage = new Stage(total, name);
    advanced.set(0);
  }

  /// One thing more is done.
  void advance() {
    advanced.incrementAndGet();
  }

  /// Prints a line for people, unless they want quiet or JSON.
  void say(String line) {
    if (!json && !session.globals().quiet()) {
      session.console().line(line);
      session.console().flush();
    }
  }

  private void show(LiveStatus display) {
    Stage now = stage;
    long done = advanced.get();
    String count =
        now.total < 0
            ? Long.toString(done)
            : "%s  %d / %d".formatted(Sizes.percent(done, now.total), done, now.total);
    String line =
        "[%s] %s %s".formatted(Sizes.duration(display.elapsed()), count, now.name).stripTrailing();
    display.show(List.of(line));
  }

  /// Ends the display; nothing is shown afterwards.
  @Override
  public void close() {
    live.close();
  }
}
