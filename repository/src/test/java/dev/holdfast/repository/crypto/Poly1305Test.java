package dev.holdfast.repository.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class Poly1305Test {
  private static final HexFormat HEX = HexFormat.of();

  @Test
  void exampleOfTheStandardHasItsTag() {
    String key = "85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b";
    byte[] message = "Cryptographic Forum Research Group".getBytes(StandardCharsets.US_ASCII);
    assertThat(tag(HEX.parseHex(key), message)).isEqualTo("a8061dc1305136c6c22b8baf0c0127a9");
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
  void numbersNextToThePrimeAreReduced(String r, String s, String message, String tag) {
    byte[] key = HEX.parseHex(pad(r) + pad(s));
    assertThat(tag(key, HEX.parseHex(message))).isEqualTo(pad(tag));
  }

  @Test
  void randomMessagesHaveTheTagOfBouncyCastle() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] key = bytes(random, Poly1305.KEY_BYTES);
      byte[] message = bytes(random, random.nextInt(200));
      assertThat(tag(key, message))
          .as("seed %d, round %d", seed, i)
          .isEqualTo(theirs(key, message));
    }
  }

  /// Random bytes, and often bytes with all bits set or none: there the carries are.
  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    switch (random.nextInt(4)) {
      case 0 -> Arrays.fill(bytes, (byte) 0xff);
      case 1 -> bytes = sparse(random, length);
      default -> random.nextBytes(bytes);
    }
    return bytes;
  }

  private static byte[] sparse(Random random, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] =
          (byte) (random.nextInt(8) == 0 ? random.nextInt() : random.nextBoolean() ? 0xff : 0);
    }
    return bytes;
  }

  private static String tag(byte[] key, byte[] message) {
    byte[] tag = new byte[Poly1305.TAG_BYTES];
    new Poly1305().tag(key, message, 0, message.length, tag, 0);
    return HEX.formatHex(tag);
  }

  private static String theirs(byte[] key, byte[] message) {
    byte[] tag = new byte[Poly1305.TAG_BYTES];
    org.bouncycastle.crypto.macs.Poly1305 mac = new org.bouncycastle.crypto.macs.Poly1305();
    mac.init(new KeyParameter(key));
    mac.update(message, 0, message.length);
    mac.doFinal(tag, 0);
    return HEX.formatHex(tag);
  }

  private static String pad(String hex) {
    return hex + "0".repeat(2 * Poly1305.TAG_BYTES - hex.length());
  }
}
