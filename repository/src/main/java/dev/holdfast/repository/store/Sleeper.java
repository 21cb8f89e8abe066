package dev.holdfast.repository.store;

import java.time.Duration;

/// Waits. Comes through constructors, so that tests of waiting do not wait.
@FunctionalInterface
public interface Sleeper {
  /// Really waits.
  Sleeper REAL = Thread::sleep;

  /// Returns after `duration`.
  ///
  /// @throws InterruptedException if the thread is interrupted before or meanwhile
  void sleep(Duration duration) throws InterruptedException;
}
