package dev.holdfast.repository.crypto;

import dev.holdfast.repository.error.HoldfastException.Unsupported;

/// How expensive it is to try a password (RFC 7914). Bounded, because the numbers come from a file
/// that somebody else may have written.
///
/// @param n cost: a power of two above 1
/// @param r block size
/// @param p lanes
public record ScryptParameters(int n, int r, int p) {
  /// What new keys are made with: what restic's own calibration chooses, with fewer lanes.
  public static final ScryptParameters DEFAULT = new ScryptParameters(32768, 8, 3);

  /// Most memory that one lane may ask for. restic uses 32 MiB, rustic 128 MiB.
  public static final long MAX_LANE_BYTES = 1L << 30;

  /// Most memory to be run through, all lanes together: half a minute of work.
  public static final long MAX_TOTAL_BYTES = 16L << 30;

  private static final String HINT = "the key file was damaged, or made by an unusual program";

  public ScryptParameters {
    if (n < 2 || Integer.bitCount(n) != 1) {
      throw new Unsupported("scrypt parameter N is " + n + ", not a power of two", HINT);
    }
    if (r < 1 || p < 1) {
      throw new Unsupported("scrypt parameters r and p are " + r + " and " + p, HINT);
    }
    if (r > MAX_LANE_BYTES / Scrypt.BYTES_PER_R / n) {
      throw new Unsupported(
          "scrypt parameters N=" + n + ", r=" + r + " ask for more than 1 GiB of memory", HINT);
    }
    if (p > MAX_TOTAL_BYTES / laneBytes(n, r)) {
      throw new Unsupported(
          "scrypt parameters N=" + n + ", r=" + r + ", p=" + p + " ask for too much work", HINT);
    }
    if (p > Scrypt.MAX_INITIAL_BYTES / Scrypt.BYTES_PER_R / r) {
      throw new Unsupported("scrypt parameters r=" + r + ", p=" + p + " are too large", HINT);
    }
  }

  /// Memory that one lane needs.
  public long laneBytes() {
    return laneBytes(n, r);
  }

  private static long laneBytes(int n, int r) {
    return (long) Scrypt.BYTES_PER_R * n * r;
  }
}
