package dev.holdfast.interop;

/// How often a test kills, and the seed of when: more of it by hand, and the same once more.
///
/// `-Dholdfast.kills=300` kills so often; `-Dholdfast.seed=NUMBER` uses the seed that an earlier
/// run printed.
final class KillNumbers {
  private KillNumbers() {}

  static int kills(int standard) {
    return Integer.getInteger("holdfast.kills", standard);
  }

  static long seed() {
    return Long.getLong("holdfast.seed", System.nanoTime());
  }
}
