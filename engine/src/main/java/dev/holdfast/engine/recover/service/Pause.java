package dev.holdfast.engine.recover.service;

import dev.holdfast.repository.error.HoldfastException;
import java.time.Duration;

/// Waits between two looks at something that another process changes.
final class Pause {
  private static final Duration SHORT = Duration.ofMillis(100);

  private Pause() {}

  static void shortly() {
    of(SHORT);
  }

  /// @throws HoldfastException.Cancelled if it is interrupted
  static void of(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      throw new HoldfastException.Cancelled("interrupted while waiting for the service");
    }
  }
}
