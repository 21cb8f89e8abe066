package dev.holdfast.repository.crypto;

/// How expensive it is to try a password (RFC 7914).
///
/// @param n cost: a power of two above 1
/// @param r block size
/// @param p lanes
public record ScryptParameters(int n, int r, int p) {
  /// What new keys are made with.
  public static final ScryptParameters DEFAULT = new ScryptParameters(32768, 8, 3);
}
