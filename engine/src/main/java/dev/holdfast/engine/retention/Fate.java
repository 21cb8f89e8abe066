package dev.holdfast.engine.retention;

import java.time.Instant;

/// Until when a snapshot lives under a policy.
public sealed interface Fate {
  /// The first `forget` at or after this moment removes it.
  record Dropped(Instant when) implements Fate {}

  /// Nothing removes it, because of this.
  record Kept(String reason) implements Fate {}

  /// It is there still at this moment; what comes later was not reckoned.
  record Beyond(Instant when) implements Fate {}
}
