package dev.holdfast.repository.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.error.HoldfastException.Unsupported;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.bouncycastle.crypto.generators.SCrypt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ScryptTest {
  /// RFC 7914, section 12.
  @ParameterizedTest
  @CsvSource({
    "'','',16,1,1,77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906",
    "password,NaCl,1024,8,16,fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640",
    "pleaseletmein,SodiumChloride,16384,8,1,7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
  })
  void exampleOfTheStandardHasItsKey(
      String password, String salt, int n, int r, int p, String key) {
    byte[] derived = Scrypt.derive(ascii(password), ascii(salt), new ScryptParameters(n, r, p), 64);
    assertThat(HexFormat.of().formatHex(derived)).isEqualTo(key);
  }

  @Test
  void randomParametersGiveTheKeyOfBouncyCastle() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 60; i++) {
      byte[] password = new byte[random.nextInt(100)];
      byte[] salt = new byte[random.nextInt(100)];
      random.nextBytes(password);
      random.nextBytes(salt);
      int n = 2 << random.nextInt(8);
      int r = 1 + random.nextInt(9);
      int p = 1 + random.nextInt(5);
      assertThat(Scrypt.derive(password, salt, new ScryptParameters(n, r, p), 64))
          .as("seed %d, round %d: N=%d r=%d p=%d", seed, i, n, r, p)
          .isEqualTo(SCrypt.generate(password, salt, n, r, p, 64));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0,8,1",
    "1,8,1",
    "3,8,1",
    "-2147483648,8,1",
    "32768,0,1",
    "32768,8,0",
    "32768,-1,1",
    "32768,8,-1",
    "1073741824,8,1",
    "32768,2147483647,1",
    "32768,8,2147483647",
    "2,1,2147483647",
    "1048576,16,1",
    "32768,8,1000"
  })
  void hostileParametersAreRefused(int n, int r, int p) {
    assertThatThrownBy(() -> new ScryptParameters(n, r, p))
        .isInstanceOf(Unsupported.class)
        .hasMessageContaining("scrypt");
  }

  @ParameterizedTest
  @CsvSource({"32768,8,7", "131072,8,1", "65536,8,1", "1048576,8,1"})
  void parametersThatProgramsUseAreTaken(int n, int r, int p) {
    assertThat(new ScryptParameters(n, r, p).laneBytes()).isEqualTo(128L * n * r);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
