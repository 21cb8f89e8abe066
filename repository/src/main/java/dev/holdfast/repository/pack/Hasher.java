package dev.holdfast.repository.pack;

import dev.holdfast.repository.format.Hash;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// SHA-256, which names everything in a repository. One thread at a time.
public final class Hasher {
  private final MessageDigest sha256 = sha256();
  private final byte[] result = new byte[Hash.BYTES];

  /// The hash of `length` bytes of `bytes` from `offset`.
  public Hash hash(byte[] bytes, int offset, int length) {
    sha256.update(bytes, offset, length);
    try {
      sha256.digest(result, 0, result.length);
    } catch (DigestException e) {
      throw new IllegalStateException(e);
    }
    return Hash.read(result, 0);
  }

  /// The hash of all of `bytes`.
  public static Hash of(byte[] bytes) {
    return Hash.read(sha256().digest(bytes), 0);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
