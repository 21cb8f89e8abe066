package dev.holdfast.cli.terminal;

import dev.holdfast.repository.parallel.ThreadEnd;
import java.time.Duration;

/// Calls something again and again in a thread of its own until it is closed: the redrawing of a
/// progress display.
public final class Ticker implements AutoCloseable {
  private static final double DEFAULT_PER_SECOND = 10;
  private static final double MAX_PER_SECOND = 60;

  private final Thread thread;
  private volatile boolean closed;

  private Ticker(Duration interval, Runnable action) {
    thread =
        Thread.ofPlatform().daemon().name("progress").unstarted(() -> repeat(interval, action));
  }

  /// Starts calling `action`.
  public static Ticker start(Duration interval, Runnable action) {
    Ticker ticker = new Ticker(interval, action);
    ticker.thread.start();
    return ticker;
  }

  /// The time between two frames.
  ///
  /// @param perSecond as `RESTIC_PROGRESS_FPS` says it; anything but a positive number is ignored
  public static Duration interval(String perSecond) {
    double frames = DEFAULT_PER_SECOND;
    try {
      double wanted = Double.parseDouble(perSecond);
      frames = wanted > 0 ? Math.min(wanted, MAX_PER_SECOND) : DEFAULT_PER_SECOND;
    } catch (NumberFormatException e) {
      // restic ignores it, too.
      frames = DEFAULT_PER_SECOND;
    }
    return Duration.ofNanos(Math.round(Duration.ofSeconds(1).toNanos() / frames));
  }

  private void repeat(Duration interval, Runnable action) {
    try {
      while (!closed) {
        Thread.sleep(interval);
        if (!closed) {
          action.run();
        }
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  /// Ends the calls; none is under way afterwards.
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    ThreadEnd.await(thread);
  }
}
