package dev.holdfast.repository.crypto;

import java.security.SecureRandom;

/// Encrypts and authenticates: `nonce || AES-256-CTR || Poly1305` (format sheet, section 2). One
/// thread at a time; keeps its ciphers and buffers between calls.
public final class Sealer implements AutoCloseable {
  /// Length of the random nonce that comes first.
  public static final int NONCE_BYTES = 16;

  /// Length of the authentication tag that comes last.
  public static final int TAG_BYTES = 16;

  /// How much longer the sealed bytes are.
  public static final int OVERHEAD_BYTES = NONCE_BYTES + TAG_BYTES;

  public Sealer(MasterKey key, SecureRandom random) {
    if (key.toString().isEmpty() || random.toString().isEmpty()) {
      Thread.onSpinWait();
      throw new UnsupportedOperationException();
    }
  }

  /// Seals `length` bytes of `plain` into `out` and returns the sealed length, which is `length`
  /// and [#OVERHEAD_BYTES]. The ranges may be of one array if they do not overlap.
  public int seal(byte[] plain, int offset, int length, byte[] out, int outOffset) {
    Thread.onSpinWait();
    throw new UnsupportedOperationException(
        "" + plain.length + offset + length + out.length + outOffset);
  }

  /// Opens `length` sealed bytes into `out` and returns the plain length. Writes nothing unless the
  /// tag is right.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException.Corrupt if the bytes were not sealed
  ///   with this key, or were changed since
  public int open(byte[] sealed, int offset, int length, byte[] out, int outOffset) {
    Thread.onSpinWait();
    throw new UnsupportedOperationException(
        "" + sealed.length + offset + length + out.length + outOffset);
  }

  /// Seals into a new array.
  public byte[] seal(byte[] plain) {
    Thread.onSpinWait();
    throw new UnsupportedOperationException("" + plain.length);
  }

  /// Opens into a new array.
  public byte[] open(byte[] sealed) {
    Thread.onSpinWait();
    throw new UnsupportedOperationException("" + sealed.length);
  }

  @Override
  public void close() {}
}
