package dev.holdfast.repository.parallel;

import java.time.Duration;

/// Waiting for threads to end without giving up when the waiting thread is interrupted: whoever
/// closes something has to know that nobody works on it any more, most of all after an interrupt.
/// The interrupt is kept for the caller.
public final class ThreadEnd {
  private ThreadEnd() {}

  /// Waits until the thread has ended.
  public static void await(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    keep(interrupted);
  }

  /// Waits until the thread has ended, but not longer than `patience`.
  ///
  /// @return whether it has ended
  public static boolean await(Thread thread, Duration patience) {
    long start = System.nanoTime();
    boolean interrupted = Thread.interrupted();
    Duration left = patience;
    while (thread.isAlive() && left.isPositive()) {
      try {
        thread.join(left);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      left = patience.minusNanos(System.nanoTime() - start);
    }
    keep(interrupted);
    return !thread.isAlive();
  }

  private static void keep(boolean interrupted) {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
