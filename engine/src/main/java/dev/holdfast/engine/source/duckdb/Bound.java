package dev.holdfast.engine.source.duckdb;

import dev.holdfast.repository.error.HoldfastException;
import java.time.Duration;

/// How long a database is run after: in time, and in rounds once everything was copied. One thread
/// at a time.
final class Bound {
  static final Duration PAUSE = Duration.ofMillis(2);

  private final Place place;
  private final int rounds;
  private long deadline;
  private int used;

  Bound(Place place, DuckDbOptions options) {
    this.place = place;
    this.rounds = options.rounds();
    this.deadline = System.nanoTime() + options.patience().toNanos();
  }

  /// Allows for the time in which `lengthBytes` are copied once.
  void expect(long lengthBytes, long bytesPerSecond) {
    deadline += Duration.ofSeconds(lengthBytes / bytesPerSecond).toNanos();
  }

  /// Begins another round.
  ///
  /// @param counts whether everything had been copied, so that the database was too fast
  /// @throws HoldfastException.Rejected if there have been too many
  void round(boolean counts) {
    if (counts) {
      used++;
    }
    if (used > rounds || System.nanoTime() - deadline > 0) {
      throw tooBusy();
    }
  }

  /// Waits a little, for a writer to get on.
  void pause() {
    checkNotCancelled();
    if (System.nanoTime() - deadline > 0) {
      throw tooBusy();
    }
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      checkNotCancelled();
    }
  }

  /// @throws HoldfastException.Cancelled if this thread is interrupted
  void checkNotCancelled() {
    if (Thread.currentThread().isInterrupted()) {
      throw new HoldfastException.Cancelled("cancelled while copying " + place.shown());
    }
  }

  private HoldfastException tooBusy() {
    return new HoldfastException.Rejected(
        "database %s changes faster than it can be copied: given up after %d rounds"
            .formatted(place.shown(), used),
        "let its application checkpoint less often (checkpoint_threshold), or stop it for the"
            + " backup, have it make a copy itself (EXPORT DATABASE, COPY FROM DATABASE), or back up"
            + " a file system snapshot");
  }
}
