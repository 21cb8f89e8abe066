package dev.holdfast.repository.crypto;

import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.format.MasterKeyJson;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;

/// The key that everything in a repository is sealed with: for AES-256, and k and r for Poly1305
/// (format sheet, section 2). Also the key that a password derives, which seals the master key.
///
/// Wiped by [#close()]; never printed. Immutable until then, so any number of threads may share it.
public final class MasterKey implements AutoCloseable {
  /// Length of the whole: encryption key, k, r.
  static final int BYTES = MasterKeyJson.KEY_BYTES;

  private static final int ENCRYPT_BYTES = 32;
  private static final int MAC_PART_BYTES = 16;
  private static final int K_OFFSET = ENCRYPT_BYTES;
  private static final int R_OFFSET = K_OFFSET + MAC_PART_BYTES;

  private final byte[] bytes;
  private boolean closed;

  /// @param bytes encryption key, k, r; owned by this object from now on
  MasterKey(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a key of " + bytes.length + " bytes");
    }
    this.bytes = bytes;
  }

  /// A new random key.
  public static MasterKey generate(SecureRandom random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new MasterKey(bytes);
  }

  /// Parses the content of a key file's sealed data.
  ///
  /// @throws Corrupt if it is not a master key
  public static MasterKey fromJson(byte[] json) {
    byte[] bytes = MasterKeyJson.decode(json);
    if (isZero(bytes, 0, ENCRYPT_BYTES)
        || isZero(bytes, K_OFFSET, MAC_PART_BYTES)
        || isZero(bytes, R_OFFSET, MAC_PART_BYTES)) {
      throw new Corrupt("master key is all zero");
    }
    return new MasterKey(bytes);
  }

  /// The content of a key file's sealed data; the caller wipes it.
  public byte[] toJson() {
    requireOpen();
    return MasterKeyJson.encode(bytes);
  }

  /// A copy that is closed on its own.
  public MasterKey copy() {
    requireOpen();
    return new MasterKey(bytes.clone());
  }

  /// Whether both are the same key, in a time that does not depend on where they differ.
  public boolean isSameKey(MasterKey other) {
    requireOpen();
    other.requireOpen();
    return MessageDigest.isEqual(bytes, other.bytes);
  }

  /// The AES-256 key; the caller wipes it.
  byte[] encryptionKey() {
    requireOpen();
    return Arrays.copyOf(bytes, ENCRYPT_BYTES);
  }

  /// The AES-128 key that turns a nonce into the second half of the one-time key.
  byte[] k() {
    requireOpen();
    return Arrays.copyOfRange(bytes, K_OFFSET, R_OFFSET);
  }

  /// The first half of the one-time key, as stored: not clamped.
  byte[] r() {
    requireOpen();
    return Arrays.copyOfRange(bytes, R_OFFSET, BYTES);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("master key was wiped");
    }
  }

  private static boolean isZero(byte[] bytes, int offset, int length) {
    int any = 0;
    for (int i = offset; i < offset + length; i++) {
      any |= bytes[i];
    }
    return any == 0;
  }

  @Override
  public void close() {
    closed = true;
    Arrays.fill(bytes, (byte) 0);
  }

  @Override
  public String toString() {
    return "MasterKey";
  }
}
