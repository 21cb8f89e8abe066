package dev.holdfast.repository.crypto;

import dev.holdfast.repository.format.Hash;

/// SHA-256, which names everything in a repository. One thread at a time.
public final class Hasher {
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
}
