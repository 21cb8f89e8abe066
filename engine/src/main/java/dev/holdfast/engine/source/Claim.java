package dev.holdfast.engine.source;

/// What a source promises of the bytes it hands over (design, section 1).
public enum Claim {
  /// One committed state of the database.
  TRANSACTIONAL,
  /// What a power cut would have left, proven to open.
  CRASH_CONSISTENT,
  /// Read while it may have changed.
  FUZZY
}
