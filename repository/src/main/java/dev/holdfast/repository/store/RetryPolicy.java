package dev.holdfast.repository.store;

import java.time.Duration;

/// How often and how long a failed call is tried again.
///
/// @param maxAttempts calls in all, the first included; at least 1
/// @param firstDelay the wait before the second attempt; doubles with each further one
/// @param maxDelay the longest single wait
/// @param maxTotal no attempt starts later than this after the first
public record RetryPolicy(
    int maxAttempts, Duration firstDelay, Duration maxDelay, Duration maxTotal) {
  /// Bridges an outage of a quarter of an hour, as restic does, without hammering the other side.
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(25, Duration.ofMillis(500), Duration.ofMinutes(1), Duration.ofMinutes(15));

  /// For a look at a repository: whoever waits for the answer wants to hear soon that there is
  /// none.
  public static final RetryPolicy BRIEF =
      new RetryPolicy(25, Duration.ofMillis(500), Duration.ofMinutes(1), Duration.ofSeconds(10));

  public RetryPolicy {
    if (maxAttempts < 1) {
      throw new IllegalArgumentException("maxAttempts " + maxAttempts + " is less than 1");
    }
    if (firstDelay.isNegative() || maxDelay.compareTo(firstDelay) < 0 || maxTotal.isNegative()) {
      throw new IllegalArgumentException(
          "delays out of order: " + firstDelay + ", " + maxDelay + ", " + maxTotal);
    }
  }

  /// The same with another number of calls.
  public RetryPolicy withMaxAttempts(int value) {
    return new RetryPolicy(value, firstDelay, maxDelay, maxTotal);
  }

  /// The wait after `attempt` failed attempts, before jitter.
  Duration delayAfter(int attempt) {
    Duration delay = firstDelay;
    for (int i = 1; i < attempt && delay.compareTo(maxDelay) < 0; i++) {
      delay = delay.multipliedBy(2);
    }
    return delay.compareTo(maxDelay) < 0 ? delay : maxDelay;
  }
}
