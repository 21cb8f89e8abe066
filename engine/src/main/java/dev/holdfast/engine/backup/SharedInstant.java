package dev.holdfast.engine.backup;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The moment that one or several databases show, which each of them knows more or less exactly:
/// the earliest counts, as nothing later can be missing from what is compared with it. Thread-safe.
final class SharedInstant {
  private final Instant noted;
  private @Nullable Instant told;

  /// @param noted the moment as it looks from outside, for those who do not say
  SharedInstant(Instant noted) {
    this.noted = noted;
  }

  /// One of them says when it was.
  synchronized void told(Optional<Instant> instant) {
    if (instant.isPresent() && (told == null || instant.get().isBefore(told))) {
      told = instant.get();
    }
  }

  synchronized Instant instant() {
    return told == null || told.isAfter(noted) ? noted : told;
  }
}
