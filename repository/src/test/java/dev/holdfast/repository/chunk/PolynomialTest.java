package dev.holdfast.repository.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PolynomialTest {
  /// The two irreducible ones among the vectors of restic's chunker.
  @ParameterizedTest
  @ValueSource(longs = {0x3DA3358B4DC173L, 0x2482734cacca49L, 0x2, 0x3, 0x7, 0xb, 0x11b})
  void irreduciblePolynomialsAreKnown(long bits) {
    assertThat(new Polynomial(bits).isIrreducible()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        1,
        0x4,
        0x5,
        0x9,
        0x38f1e565e288dfL,
        0x30a8295b9d5c91L,
        0x255f4350b962cbL,
        0x267f776110a235L,
        0x2f4dae10d41227L,
        0x312daf4b284899L,
        0x29dfb6553d01d1L,
        0x3548245eb26257L,
        0x3199e7ef4211b3L,
        0x362f39017dae8bL,
        0x200d57aa6fdacbL
      })
  void reduciblePolynomialsAreKnown(long bits) {
    assertThat(new Polynomial(bits).isIrreducible()).isFalse();
  }

  @Test
  void randomPolynomialCanCut() {
    Polynomial polynomial = Polynomial.random(new SecureRandom());
    assertThat(polynomial.degree()).isEqualTo(Polynomial.DEGREE);
    assertThat(polynomial.isIrreducible()).isTrue();
    assertThat(polynomial.bits() & 1).isEqualTo(1);
  }
}
