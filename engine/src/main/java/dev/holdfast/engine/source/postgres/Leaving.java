package dev.holdfast.engine.source.postgres;

import dev.holdfast.repository.error.HoldfastException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/// Waiting for what an earlier process left at work.
final class Leaving {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration PAUSE = Duration.ofMillis(10);

  private Leaving() {}

  /// Looks, again and again, until nothing is left.
  ///
  /// @param look what is left; may end it
  /// @param stays what is thrown if one of them does not end in time
  /// @param doing completes "interrupted while ..."
  static <T> void await(
      Supplier<List<T>> look, Function<T, HoldfastException> stays, String doing) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    List<T> left = look.get();
    while (!left.isEmpty()) {
      if (System.nanoTime() - deadline > 0) {
        throw stays.apply(left.getFirst());
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        throw new HoldfastException.Cancelled("interrupted while " + doing);
      }
      left = look.get();
    }
  }
}
