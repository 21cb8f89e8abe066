package dev.holdfast.engine.recover.journal;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How a recovery ended.
public enum Ending {
  /// The new state is live; the old one is in the safety copies.
  RECOVERED,
  /// It failed, or was stopped, and the old state is live again.
  ROLLED_BACK,
  /// It failed, or was stopped, before anything live was touched.
  UNCHANGED;

  /// The word in journals and JSON.
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<Ending> parse(String word) {
    return Arrays.stream(values()).filter(ending -> ending.word().equals(word)).findFirst();
  }
}
