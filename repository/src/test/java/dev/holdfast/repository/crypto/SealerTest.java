package dev.holdfast.repository.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.error.HoldfastException.Corrupt;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SealerTest {
  private final SecureRandom random = new SecureRandom();
  private final MasterKey key = MasterKey.generate(random);
  private final Sealer sealer = new Sealer(key, random);

  @Test
  void whatOneFormOfTheAlgorithmsSealsTheOtherOpens() {
    byte[] plain = new byte[70_000];
    new Random(1).nextBytes(plain);
    try (Sealer java = new Sealer(key, random, new JavaPrimitives())) {
      assertThat(java.open(sealer.seal(plain))).isEqualTo(plain);
      assertThat(sealer.open(java.seal(plain))).isEqualTo(plain);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15, 16, 17, 8191, 8192, 8193, 100_000})
  void whatWasSealedOpensAgain(int length) {
    byte[] plain = new byte[length];
    new Random(length).nextBytes(plain);

    byte[] sealed = sealer.seal(plain);

    assertThat(sealed).hasSize(length + Sealer.OVERHEAD_BYTES);
    assertThat(sealer.open(sealed)).isEqualTo(plain);
    assertThat(new Sealer(key.copy(), random).open(sealed)).isEqualTo(plain);
  }

  @Test
  void rangesInsideLargerArraysAreLeftAloneOutside() {
    byte[] plain = "..secret..".getBytes(StandardCharsets.US_ASCII);
    byte[] sealed = new byte[60];
    int length = sealer.seal(plain, 2, 6, sealed, 5);

    byte[] opened = new byte[8];
    assertThat(sealer.open(sealed, 5, length, opened, 1)).isEqualTo(6);

    assertThat(new String(opened, StandardCharsets.US_ASCII)).isEqualTo("\0secret\0");
    assertThat(Arrays.copyOf(sealed, 5)).containsOnly(0);
    assertThat(Arrays.copyOfRange(sealed, 5 + length, 60)).containsOnly(0);
  }

  @Test
  void anyChangedBitIsFound() {
    byte[] sealed = sealer.seal(new byte[20]);
    byte[] out = new byte[20];
    Arrays.fill(out, (byte) 7);
    for (int bit = 0; bit < 8 * sealed.length; bit++) {
      byte[] changed = sealed.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> sealer.open(changed, 0, changed.length, out, 0))
          .isInstanceOf(Corrupt.class)
          .hasMessageContaining("authentication");
    }
    assertThat(out).containsOnly(7);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 31})
  void bytesTooShortToBeSealedAreCorrupt(int length) {
    assertThatThrownBy(() -> sealer.open(new byte[length])).isInstanceOf(Corrupt.class);
  }

  @Test
  void zeroNonceIsRefused() {
    assertThatThrownBy(() -> sealer.open(new byte[40]))
        .isInstanceOf(Corrupt.class)
        .hasMessageContaining("nonce");
  }

  @Test
  void anotherKeyDoesNotOpen() {
    Sealer other = new Sealer(MasterKey.generate(random), random);
    byte[] sealed = other.seal(new byte[3]);
    assertThatThrownBy(() -> sealer.open(sealed)).isInstanceOf(Corrupt.class);
  }

  @Test
  void theSamePlainBytesAreSealedDifferentlyEachTime() {
    assertThat(sealer.seal(new byte[9])).isNotEqualTo(sealer.seal(new byte[9]));
  }
}
