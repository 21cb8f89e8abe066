package dev.holdfast.repository.crypto;

import dev.holdfast.repository.format.Hash;
import java.util.Arrays;

/// A known answer that a library has to give before anything is trusted to it: a wrong hash would
/// be noticed too late. Takes microseconds.
final class OpenSslProof {
  /// Longer than the stride of any implementation, and no multiple of one.
  private static final int MESSAGE_BYTES = 5003;

  /// What [#answer] is for a right implementation.
  static final String ANSWER = "dd469ec35c4c0dd9866f9a60b7b44f4886e2f519bfc8d27e6c4f5a04848bf118";

  private OpenSslProof() {}

  /// Whether all algorithms but scrypt, which its result proves, do what they should.
  static boolean holds(Primitives primitives) {
    try {
      return answer(primitives).toString().equals(ANSWER);
    } catch (IllegalStateException e) {
      return false;
    }
  }

  /// The hash of a message, encrypted, with its tag and a block.
  static Hash answer(Primitives primitives) {
    byte[] message = new byte[MESSAGE_BYTES];
    for (int i = 0; i < message.length; i++) {
      message[i] = (byte) ((i * i) >> 3);
    }
    byte[] key = Arrays.copyOf(message, Poly1305.KEY_BYTES);
    byte[] counter = Arrays.copyOf(message, Primitives.BLOCK_BYTES);
    byte[] sealed = new byte[MESSAGE_BYTES + Poly1305.TAG_BYTES + Primitives.BLOCK_BYTES];
    try (Primitives.CounterMode cipher = primitives.aes256Counter(key);
        Primitives.Authenticator authenticator = primitives.poly1305();
        Primitives.BlockCipher block = primitives.aes128(counter)) {
      cipher.crypt(counter, message, 0, MESSAGE_BYTES, sealed, 0);
      authenticator.tag(key, sealed, 0, MESSAGE_BYTES, sealed, MESSAGE_BYTES);
      block.encrypt(message, sealed, sealed.length - Primitives.BLOCK_BYTES);
    }
    byte[] digest = new byte[Primitives.DIGEST_BYTES];
    Primitives.Digest sha256 = primitives.sha256();
    sha256.update(sealed, 0, sealed.length);
    sha256.end(digest, 0);
    return Hash.read(digest, 0);
  }
}
