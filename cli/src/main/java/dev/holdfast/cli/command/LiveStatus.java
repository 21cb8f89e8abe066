package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Terminals;
import dev.holdfast.cli.terminal.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What is drawn anew while a command runs, until this is closed: lines below all others on a
/// terminal, messages for programs. Thread-safe.
final class LiveStatus implements AutoCloseable {
  private final Session session;
  private final long startNanos = System.nanoTime();
  private final int columns;
  private @Nullable Ticker ticker;

  private LiveStatus(Session session, boolean shows) {
    this.session = session;
    columns = shows && session.console().outputIsTerminal() ? Terminals.columns() : 0;
  }

  /// Calls `draw` from time to time, in a thread of its own, if the session shows progress.
  static LiveStatus start(Session session, Consumer<LiveStatus> draw) {
    return start(session, session.showsProgress(), draw);
  }

  /// @param shows whether `draw` is called at all
  static LiveStatus start(Session session, boolean shows, Consumer<LiveStatus> draw) {
    LiveStatus status = new LiveStatus(session, shows);
    if (shows) {
      status.ticker = Ticker.start(session.progressInterval(), () -> draw.accept(status));
    }
    return status;
  }

  /// Since the start.
  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  /// Shows lines in place of those before, each cut to the width of the terminal. Where there is
  /// none, but progress was asked for, they are lines like all others.
  void show(List<String> lines) {
    Console console = session.console();
    if (console.outputIsTerminal()) {
      console.status(lines.stream().map(line -> Terminals.fit(line, columns)).toList());
    } else {
      lines.forEach(console::line);
      console.flush();
    }
  }

  /// Ends the display; nothing is shown afterwards.
  @Override
  public void close() {
    if (ticker != null) {
      ticker.close();
    }
    session.console().status(List.of());
  }
}
