package dev.holdfast.repository.crypto;

import dev.holdfast.repository.error.HoldfastException.Corrupt;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;

/// Encrypts and authenticates: `nonce || AES-256-CTR || Poly1305 of the cipher text` (format sheet,
/// section 2). One thread at a time; keeps its ciphers and buffers between calls, so a call costs
/// next to nothing beyond the bytes.
public final class Sealer implements AutoCloseable {
  /// Length of the random nonce that comes first.
  public static final int NONCE_BYTES = 16;

  /// Length of the authentication tag that comes last.
  public static final int TAG_BYTES = Poly1305.TAG_BYTES;

  /// How much longer the sealed bytes are.
  public static final int OVERHEAD_BYTES = NONCE_BYTES + TAG_BYTES;

  private static final int R_BYTES = Poly1305.KEY_BYTES - NONCE_BYTES;

  private final SecureRandom random;
  private final Primitives.CounterMode counterMode;
  private final Primitives.BlockCipher nonceCipher;
  private final Primitives.Authenticator poly1305;
  private final byte[] oneTimeKey = new byte[Poly1305.KEY_BYTES];
  private final byte[] nonce = new byte[NONCE_BYTES];
  private final byte[] tag = new byte[TAG_BYTES];

  /// A sealer for one thread. The key may be closed afterwards.
  public Sealer(MasterKey key, SecureRandom random) {
    this(key, random, ChosenPrimitives.PRIMITIVES);
  }

  Sealer(MasterKey key, SecureRandom random, Primitives primitives) {
    this.random = random;
    byte[] encrypt = key.encryptionKey();
    byte[] k = key.k();
    byte[] r = key.r();
    counterMode = primitives.aes256Counter(encrypt);
    nonceCipher = primitives.aes128(k);
    poly1305 = primitives.poly1305();
    System.arraycopy(r, 0, oneTimeKey, 0, R_BYTES);
    Arrays.fill(encrypt, (byte) 0);
    Arrays.fill(k, (byte) 0);
    Arrays.fill(r, (byte) 0);
  }

  /// Seals `length` bytes of `plain` into `out` and returns the sealed length, which is `length`
  /// and [#OVERHEAD_BYTES]. The arrays may be the same if the ranges do not overlap.
  public int seal(byte[] plain, int offset, int length, byte[] out, int outOffset) {
    Objects.checkFromIndexSize(offset, length, plain.length);
    Objects.checkFromIndexSize(outOffset, Math.addExact(length, OVERHEAD_BYTES), out.length);
    do {
      random.nextBytes(nonce);
    } while (isZero(nonce));
    System.arraycopy(nonce, 0, out, outOffset, NONCE_BYTES);
    int body = outOffset + NONCE_BYTES;
    counterMode.crypt(nonce, plain, offset, length, out, body);
    authenticate(out, body, length, out, body + length);
    return length + OVERHEAD_BYTES;
  }

  /// Opens `length` sealed bytes into `out` and returns the plain length, which is `length` less
  /// [#OVERHEAD_BYTES]. Writes nothing unless the tag is right. The arrays may be the same if the
  /// ranges do not overlap.
  ///
  /// @throws Corrupt if the bytes were not sealed with this key, or were changed since
  public int open(byte[] sealed, int offset, int length, byte[] out, int outOffset) {
    Objects.checkFromIndexSize(offset, length, sealed.length);
    int plainLength = length - OVERHEAD_BYTES;
    if (plainLength < 0) {
      throw new Corrupt("sealed bytes are too short: " + length + " of at least " + OVERHEAD_BYTES);
    }
    Objects.checkFromIndexSize(outOffset, plainLength, out.length);
    System.arraycopy(sealed, offset, nonce, 0, NONCE_BYTES);
    if (isZero(nonce)) {
      throw new Corrupt("sealed bytes have an all-zero nonce");
    }
    int body = offset + NONCE_BYTES;
    authenticate(sealed, body, plainLength, tag, 0);
    if (!sameTag(sealed, body + plainLength)) {
      throw new Corrupt("sealed bytes fail authentication");
    }
    counterMode.crypt(nonce, sealed, body, plainLength, out, outOffset);
    return plainLength;
  }

  /// Seals into a new array.
  public byte[] seal(byte[] plain) {
    byte[] sealed = new byte[Math.addExact(plain.length, OVERHEAD_BYTES)];
    seal(plain, 0, plain.length, sealed, 0);
    return sealed;
  }

  /// Opens into a new array.
  ///
  /// @throws Corrupt if the bytes were not sealed with this key, or were changed since
  public byte[] open(byte[] sealed) {
    byte[] plain = new byte[Math.max(0, sealed.length - OVERHEAD_BYTES)];
    open(sealed, 0, sealed.length, plain, 0);
    return plain;
  }

  private void authenticate(byte[] bytes, int offset, int length, byte[] to, int toOffset) {
    nonceCipher.encrypt(nonce, oneTimeKey, R_BYTES);
    poly1305.tag(oneTimeKey, bytes, offset, length, to, toOffset);
  }

  private boolean sameTag(byte[] sealed, int tagOffset) {
    return MessageDigest.isEqual(tag, Arrays.copyOfRange(sealed, tagOffset, tagOffset + TAG_BYTES));
  }

  private static boolean isZero(byte[] bytes) {
    int any = 0;
    for (byte b : bytes) {
      any |= b;
    }
    return any == 0;
  }

  /// Forgets the key as far as that can be done. Once; nothing is sealed or opened afterwards.
  @Override
  public void close() {
    counterMode.close();
    nonceCipher.close();
    poly1305.close();
    Arrays.fill(oneTimeKey, (byte) 0);
  }
}
