package dev.holdfast.repository.store;

import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.error.HoldfastException.Transient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Tries again what failed with [Transient], and nothing else: waits grow exponentially, with
/// jitter, within the bounds of a [RetryPolicy]. When they are used up, the last failure is thrown.
/// An interrupt ends the waiting at once with [Cancelled]. Thread-safe.
///
/// @param onRetry told before each wait, in the thread that waits
public record Retries(
    RetryPolicy policy,
    Consumer<RetryingStore.Retry> onRetry,
    Clock clock,
    Sleeper sleeper,
    RandomGenerator random) {
  void run(String doing, Runnable call) {
    Supplier<Boolean> counted =
        () -> {
          call.run();
          return true;
        };
    get(doing, counted);
  }

  <T> T get(String doing, Supplier<T> call) {
    Instant last = clock.instant().plus(policy.maxTotal());
    for (int attempt = 1; ; attempt++) {
      try {
        return call.get();
      } catch (Transient failure) {
        Duration delay = jittered(policy.delayAfter(attempt));
        if (attempt >= policy.maxAttempts() || clock.instant().plus(delay).isAfter(last)) {
          throw failure;
        }
        onRetry.accept(new RetryingStore.Retry(doing, attempt, delay, failure));
        await(doing, delay);
      }
    }
  }

  /// Between half of `delay` and all of it, so that clients that failed together do not return
  /// together.
  private Duration jittered(Duration delay) {
    long nanos = delay.toNanos();
    return Duration.ofNanos(nanos - random.nextLong(nanos / 2 + 1));
  }

  private void await(String doing, Duration delay) {
    try {
      sleeper.sleep(delay);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancelled("interrupted while waiting to " + doing + " once more");
    }
  }
}
