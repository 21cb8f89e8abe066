package dev.holdfast.repository.crypto;

import dev.holdfast.repository.format.Hash;
import java.nio.ByteBuffer;

/// SHA-256, which names everything in a repository. One thread at a time.
public final class Hasher {
  private static final int PART_BYTES = 64 * 1024;

  private final Primitives.Digest sha256;
  private final byte[] result = new byte[Hash.BYTES];

  public Hasher() {
    this(ChosenPrimitives.PRIMITIVES);
  }

  Hasher(Primitives primitives) {
    sha256 = primitives.sha256();
  }

  /// The hash of `length` bytes of `bytes` from `offset`.
  public Hash hash(byte[] bytes, int offset, int length) {
    update(bytes, offset, length);
    return end();
  }

  /// Takes in a part of what [#end] gives the hash of.
  public void update(byte[] bytes, int offset, int length) {
    sha256.update(bytes, offset, length);
  }

  /// The hash of all that was taken in since the last one.
  public Hash end() {
    sha256.end(result, 0);
    return Hash.read(result, 0);
  }

  /// The hash of all of `bytes`.
  public static Hash of(byte[] bytes) {
    return new Hasher().hash(bytes, 0, bytes.length);
  }

  /// The hash of the remaining bytes of a buffer, wherever it lies. Its position stays.
  public static Hash of(ByteBuffer bytes) {
    Hasher hasher = new Hasher();
    byte[] part = new byte[Math.min(bytes.remaining(), PART_BYTES)];
    int at = bytes.position();
    while (at < bytes.limit()) {
      int length = Math.min(part.length, bytes.limit() - at);
      bytes.get(at, part, 0, length);
      hasher.update(part, 0, length);
      at += length;
    }
    return hasher.end();
  }
}
