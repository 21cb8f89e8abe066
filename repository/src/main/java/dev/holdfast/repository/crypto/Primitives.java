package dev.holdfast.repository.crypto;

/// The algorithms that everything in a repository is named, sealed and locked with, in one of two
/// forms that do exactly the same: [OpenSslPrimitives] where the system has OpenSSL, and
/// [JavaPrimitives] everywhere.
///
/// What this makes is for one thread at a time; the interface itself is thread-safe.
sealed interface Primitives permits JavaPrimitives, OpenSslPrimitives {
  /// Length of what [Digest] makes.
  int DIGEST_BYTES = 32;

  /// Length of the counter that [CounterMode] begins with, and of what [BlockCipher] encrypts.
  int BLOCK_BYTES = 16;

  /// SHA-256.
  Digest sha256();

  /// AES-256 in counter mode. The key may be wiped afterwards.
  CounterMode aes256Counter(byte[] key);

  /// AES-128. The key may be wiped afterwards.
  BlockCipher aes128(byte[] key);

  /// Poly1305 of RFC 8439, section 2.5.
  Authenticator poly1305();

  /// Derives `length` bytes from a password (RFC 7914).
  byte[] scrypt(byte[] password, byte[] salt, ScryptParameters parameters, int length);

  /// A hash of what goes by, any number of times.
  interface Digest {
    /// Takes bytes in.
    void update(byte[] bytes, int offset, int length);

    /// Writes the hash of what was taken in since the last call, [#DIGEST_BYTES] bytes.
    void end(byte[] out, int offset);
  }

  /// A stream cipher, which encrypts and decrypts alike.
  interface CounterMode extends AutoCloseable {
    /// Encrypts `length` bytes, with `counter` for the first block. The arrays may be the same if
    /// the ranges do not overlap.
    void crypt(byte[] counter, byte[] from, int offset, int length, byte[] to, int toOffset);

    /// Forgets the key, as far as that can be done.
    @Override
    void close();
  }

  /// A block cipher, for one block.
  interface BlockCipher extends AutoCloseable {
    /// Encrypts the first [#BLOCK_BYTES] bytes of `block` into `out`.
    void encrypt(byte[] block, byte[] out, int outOffset);

    /// Forgets the key, as far as that can be done.
    @Override
    void close();
  }

  /// A one-time authenticator.
  interface Authenticator extends AutoCloseable {
    /// Writes the tag of `length` bytes of `message` into `tag`.
    ///
    /// @param key r, which is clamped here, and then s; for one message only
    void tag(byte[] key, byte[] message, int offset, int length, byte[] tag, int tagOffset);

    @Override
    void close();
  }
}
