package dev.holdfast.repository.crypto;

import java.security.DigestException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// What the Java platform has, and what it lacks in Java of our own.
final class JavaPrimitives implements Primitives {
  @Override
  public Digest sha256() {
    return new JavaDigest();
  }

  @Override
  public CounterMode aes256Counter(byte[] key) {
    return new JavaCounterMode(key);
  }

  @Override
  public BlockCipher aes128(byte[] key) {
    return new JavaBlockCipher(key);
  }

  @Override
  public Authenticator poly1305() {
    return new Poly1305();
  }

  @Override
  public byte[] scrypt(byte[] password, byte[] salt, ScryptParameters parameters, int length) {
    return Scrypt.derive(password, salt, parameters, length);
  }

  private static final class JavaDigest implements Digest {
    private final MessageDigest sha256;

    JavaDigest() {
      try {
        sha256 = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
    }

    @Override
    public void update(byte[] bytes, int offset, int length) {
      sha256.update(bytes, offset, length);
    }

    @Override
    public void end(byte[] out, int offset) {
      try {
        sha256.digest(out, offset, DIGEST_BYTES);
      } catch (DigestException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static final class JavaCounterMode implements CounterMode {
    /// The cipher is fed in steps of this size: the fast path of the JVM is only taken from
    /// compiled code, and few large calls would leave it interpreted for long.
    private static final int STEP_BYTES = 8 * 1024;

    private final SecretKeySpec key;
    private final Cipher cipher;

    JavaCounterMode(byte[] key) {
      this.key = new SecretKeySpec(key, "AES");
      try {
        cipher = Cipher.getInstance("AES/CTR/NoPadding");
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this JVM has no AES", e);
      }
    }

    @Override
    public void crypt(
        byte[] counter, byte[] from, int offset, int length, byte[] to, int toOffset) {
      try {
        cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(counter));
        int done = 0;
        while (done < length) {
          int step = Math.min(STEP_BYTES, length - done);
          done += cipher.update(from, offset + done, step, to, toOffset + done);
        }
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("AES in counter mode failed", e);
      }
    }

    /// Nothing can be done: the JVM's ciphers keep their round keys until they are collected.
    @Override
    public void close() {}
  }

  private static final class JavaBlockCipher implements BlockCipher {
    private final Cipher cipher;

    JavaBlockCipher(byte[] key) {
      try {
        cipher = Cipher.getInstance("AES/ECB/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this JVM has no AES", e);
      }
    }

    @Override
    public void encrypt(byte[] block, byte[] out, int outOffset) {
      try {
        cipher.update(block, 0, BLOCK_BYTES, out, outOffset);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("AES of one block failed", e);
      }
    }

    @Override
    public void close() {}
  }
}
