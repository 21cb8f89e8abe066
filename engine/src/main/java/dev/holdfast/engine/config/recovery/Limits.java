package dev.holdfast.engine.config.recovery;

import java.time.Duration;
import java.util.Optional;

/// How long a service may take.
///
/// @param givenStop for stopping; empty: [#DEFAULT]
/// @param givenStart for starting; empty: [#DEFAULT]
public record Limits(Optional<Duration> givenStop, Optional<Duration> givenStart) {
  /// What a service manager gives a service by itself is 90 seconds; one that takes longer is
  /// better looked at by a person.
  public static final Duration DEFAULT = Duration.ofSeconds(90);

  /// Nothing was said.
  public static final Limits NONE = new Limits(Optional.empty(), Optional.empty());

  /// For stopping.
  public Duration stop() {
    return givenStop.orElse(DEFAULT);
  }

  /// For starting.
  public Duration start() {
    return givenStart.orElse(DEFAULT);
  }

  /// These, with what `other` says put over them.
  public Limits with(Limits other) {
    return new Limits(
        other.givenStop.isPresent() ? other.givenStop : givenStop,
        other.givenStart.isPresent() ? other.givenStart : givenStart);
  }
}
