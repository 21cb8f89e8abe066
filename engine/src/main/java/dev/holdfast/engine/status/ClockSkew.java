package dev.holdfast.engine.status;

import java.time.Duration;
import java.time.Instant;

/// Tells a clock that was wrong from one that is a little fast.
public final class ClockSkew {
  /// Clocks of two machines differ, but not by this much.
  private static final Duration MAX = Duration.ofMinutes(10);

  private ClockSkew() {}

  /// Whether something that was made bears a time that is yet to come.
  public static boolean isToCome(Instant time, Instant now) {
    return time.isAfter(now.plus(MAX));
  }
}
