package dev.holdfast.repository.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.SCrypt;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What every form of [Primitives] has to do: the vectors of the standards, and on random lengths
/// and offsets the same as the Java platform and Bouncy Castle.
interface PrimitivesContract {
  HexFormat HEX = HexFormat.of();

  /// Beyond the pieces in which OpenSSL is fed.
  int LONG_BYTES = 2 * OpenSsl.PIECE_BYTES + 777;

  Primitives primitives();

  @ParameterizedTest
  @CsvSource({
    "'',e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "abc,ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq,248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
  })
  default void examplesOfTheStandardHaveTheirHashes(String message, String hash) {
    byte[] bytes = message.getBytes(StandardCharsets.US_ASCII);
    assertThat(HEX.formatHex(hash(primitives().sha256(), bytes, 0, bytes.length))).isEqualTo(hash);
  }

  @Test
  default void anyRangeInAnyPartsHasTheHashOfThePlatform() throws GeneralSecurityException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Primitives.Digest digest = primitives().sha256();
    for (int i = 0; i < 500; i++) {
      int length = length(random, i);
      byte[] bytes = bytes(random, length + 40);
      int offset = random.nextInt(40);
      MessageDigest platform = MessageDigest.getInstance("SHA-256");
      platform.update(bytes, offset, length);
      int first = random.nextInt(length + 1);
      digest.update(bytes, offset, first);
      digest.update(bytes, offset + first, length - first);
      byte[] found = new byte[50];
      digest.end(found, 7);
      assertThat(Arrays.copyOfRange(found, 7, 39))
          .as("seed %d, round %d, %d bytes", seed, i, length)
          .isEqualTo(platform.digest());
      assertThat(found[6] | found[39]).isZero();
    }
  }

  /// NIST SP 800-38A, F.5.5.
  @Test
  default void exampleOfCounterModeHasItsCipherText() {
    byte[] key = HEX.parseHex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
    byte[] counter = HEX.parseHex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
    byte[] plain = HEX.parseHex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
    byte[] out = new byte[plain.length];
    try (Primitives.CounterMode cipher = primitives().aes256Counter(key)) {
      cipher.crypt(counter, plain, 0, plain.length, out, 0);
    }
    assertThat(HEX.formatHex(out))
        .isEqualTo("601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5");
  }

  @Test
  default void anyRangeIsEncryptedAsByThePlatform() throws GeneralSecurityException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    byte[] key = bytes(random, 32);
    try (Primitives.CounterMode cipher = primitives().aes256Counter(key)) {
      for (int i = 0; i < 500; i++) {
        int length = length(random, i);
        byte[] counter = bytes(random, Primitives.BLOCK_BYTES);
        // The carry runs through the whole counter.
        Arrays.fill(counter, random.nextInt(16), 16, (byte) 0xff);
        byte[] from = bytes(random, length + 40);
        int offset = random.nextInt(40);
        byte[] to = new byte[length + 40];
        int toOffset = random.nextInt(40);
        cipher.crypt(counter, from, offset, length, to, toOffset);
        Cipher platform = Cipher.getInstance("AES/CTR/NoPadding");
        platform.init(
            Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(counter));
        byte[] expected = new byte[length + 40];
        platform.update(from, offset, length, expected, toOffset);
        assertThat(Arrays.equals(to, expected))
            .as("seed %d, round %d, %d bytes", seed, i, length)
            .isTrue();
      }
    }
  }

  @Test
  default void rangesOfOneArrayThatDoNotOverlapAreEncrypted() {
    byte[] key = bytes(new Random(1), 32);
    byte[] both = bytes(new Random(2), 200);
    byte[] expected = new byte[100];
    byte[] counter = new byte[Primitives.BLOCK_BYTES];
    try (Primitives.CounterMode cipher = primitives().aes256Counter(key)) {
      cipher.crypt(counter, both, 0, 100, expected, 0);
      cipher.crypt(counter, both, 0, 100, both, 100);
    }
    assertThat(Arrays.copyOfRange(both, 100, 200)).isEqualTo(expected);
  }

  /// NIST SP 800-38A, F.1.1.
  @Test
  default void exampleOfABlockHasItsCipherText() {
    byte[] key = HEX.parseHex("2b7e151628aed2a6abf7158809cf4f3c");
    byte[] out = new byte[20];
    try (Primitives.BlockCipher cipher = primitives().aes128(key)) {
      for (int i = 0; i < 3; i++) {
        cipher.encrypt(HEX.parseHex("6bc1bee22e409f96e93d7e117393172a"), out, i);
        assertThat(HEX.formatHex(out, i, i + 16)).isEqualTo("3ad77bb40d7a3660a89ecaf32466ef97");
      }
    }
  }

  @Test
  default void exampleOfTheAuthenticatorHasItsTag() {
    String key = "85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b";
    byte[] message = "Cryptographic Forum Research Group".getBytes(StandardCharsets.US_ASCII);
    assertThat(tag(HEX.parseHex(key), message, 0, message.length))
        .isEqualTo("a8061dc1305136c6c22b8baf0c0127a9");
  }

  /// RFC 8439, appendix A.3, vectors 7 to 11: carries and remainders next to the prime.
  @ParameterizedTest
  @CsvSource({
    "02,00,ffffffffffffffffffffffffffffffff,03",
    "02,ffffffffffffffffffffffffffffffff,02000000000000000000000000000000,03",
    "01,00,fffffffffffffffffffffffffffffffff0ffffffffffffffffffffffffffffff11000000000000000000000000000000,05",
    "01,00,fffffffffffffffffffffffffffffffffbfefefefefefefefefefefefefefefe01010101010101010101010101010101,00",
    "02,00,fdffffffffffffffffffffffffffffff,faffffffffffffffffffffffffffffff"
  })
  default void numbersNextToThePrimeAreReduced(String r, String s, String message, String tag) {
    byte[] key = HEX.parseHex(pad(r) + pad(s));
    byte[] bytes = HEX.parseHex(message);
    assertThat(tag(key, bytes, 0, bytes.length)).isEqualTo(pad(tag));
  }

  @Test
  default void anyRangeHasTheTagOfBouncyCastle() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 5_000; i++) {
      byte[] key = edges(random, Poly1305.KEY_BYTES);
      int length = i % 500 == 0 ? length(random, i) : random.nextInt(1_500);
      byte[] message = edges(random, length + 20);
      int offset = random.nextInt(20);
      assertThat(tag(key, message, offset, length))
          .as("seed %d, round %d, %d bytes", seed, i, length)
          .isEqualTo(theirTag(key, message, offset, length));
    }
  }

  /// RFC 7914, section 12.
  @ParameterizedTest
  @CsvSource({
    "'','',16,1,1,77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906",
    "password,NaCl,1024,8,16,fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640",
    "pleaseletmein,SodiumChloride,16384,8,1,7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
  })
  default void exampleOfTheStandardHasItsKey(
      String password, String salt, int n, int r, int p, String key) {
    byte[] derived =
        primitives()
            .scrypt(
                password.getBytes(StandardCharsets.US_ASCII),
                salt.getBytes(StandardCharsets.US_ASCII),
                new ScryptParameters(n, r, p),
                64);
    assertThat(HEX.formatHex(derived)).isEqualTo(key);
  }

  @Test
  default void randomParametersGiveTheKeyOfBouncyCastle() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 60; i++) {
      byte[] password = bytes(random, random.nextInt(100));
      byte[] salt = bytes(random, random.nextInt(100));
      int n = 2 << random.nextInt(8);
      int r = 1 + random.nextInt(9);
      int p = 1 + random.nextInt(5);
      assertThat(primitives().scrypt(password, salt, new ScryptParameters(n, r, p), 64))
          .as("seed %d, round %d: N=%d r=%d p=%d", seed, i, n, r, p)
          .isEqualTo(SCrypt.generate(password, salt, n, r, p, 64));
    }
  }

  /// Beyond what OpenSSL takes if it is not told otherwise.
  @Test
  default void parametersThatOtherProgramsUseGiveTheKeyOfBouncyCastle() {
    byte[] password = bytes(new Random(3), 8);
    byte[] salt = bytes(new Random(4), UserKey.SALT_BYTES);
    assertThat(primitives().scrypt(password, salt, new ScryptParameters(65_536, 8, 2), 64))
        .isEqualTo(SCrypt.generate(password, salt, 65_536, 8, 2, 64));
  }

  @Test
  default void theKnownAnswerIsGiven() {
    assertThat(OpenSslProof.answer(primitives())).hasToString(OpenSslProof.ANSWER);
    assertThat(OpenSslProof.holds(primitives())).isTrue();
  }

  private String tag(byte[] key, byte[] message, int offset, int length) {
    byte[] tag = new byte[Poly1305.TAG_BYTES + 3];
    try (Primitives.Authenticator poly1305 = primitives().poly1305()) {
      // The second message must not be touched by the first.
      poly1305.tag(message.length < 32 ? key : message, key, 0, key.length, tag, 0);
      poly1305.tag(key, message, offset, length, tag, 3);
    }
    return HEX.formatHex(tag, 3, tag.length);
  }

  private static String theirTag(byte[] key, byte[] message, int offset, int length) {
    byte[] tag = new byte[Poly1305.TAG_BYTES];
    org.bouncycastle.crypto.macs.Poly1305 mac = new org.bouncycastle.crypto.macs.Poly1305();
    mac.init(new KeyParameter(key));
    mac.update(message, offset, length);
    mac.doFinal(tag, 0);
    return HEX.formatHex(tag);
  }

  private static byte[] hash(Primitives.Digest digest, byte[] bytes, int offset, int length) {
    byte[] hash = new byte[Primitives.DIGEST_BYTES];
    digest.update(bytes, offset, length);
    digest.end(hash, 0);
    return hash;
  }

  /// Mostly short, sometimes longer than a piece.
  private static int length(Random random, int round) {
    return round % 100 == 99 ? LONG_BYTES : random.nextInt(round % 10 == 0 ? 70_000 : 700);
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /// Random bytes, and often bytes with all bits set or none: there the carries are.
  private static byte[] edges(Random random, int length) {
    byte[] bytes = bytes(random, length);
    switch (random.nextInt(4)) {
      case 0 -> Arrays.fill(bytes, (byte) 0xff);
      case 1 -> {
        for (int i = 0; i < length; i++) {
          bytes[i] = random.nextInt(8) == 0 ? bytes[i] : (byte) (random.nextBoolean() ? 0xff : 0);
        }
      }
      default -> {}
    }
    return bytes;
  }

  private static String pad(String hex) {
    return hex + "0".repeat(2 * Poly1305.TAG_BYTES - hex.length());
  }
}
