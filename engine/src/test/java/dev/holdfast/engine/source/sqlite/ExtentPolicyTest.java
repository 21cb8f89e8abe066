package dev.holdfast.engine.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ExtentPolicyTest {
  private static final long GIB = 1L << 30;

  @Test
  void extentsBeginWithSixteenKibibytesAndHoldAPageAtLeast() {
    assertThat(ExtentPolicy.cutting(512, 0).extentBytes()).isEqualTo(16_384);
    assertThat(ExtentPolicy.cutting(4096, GIB).extentBytes()).isEqualTo(16_384);
    assertThat(ExtentPolicy.cutting(65_536, 65_536).extentBytes()).isEqualTo(65_536);
  }

  @Test
  void extentsGrowWithTheDatabaseSoThatTheirNumberStaysBounded() {
    assertThat(ExtentPolicy.cutting(4096, 4 * GIB).extentBytes()).isEqualTo(16_384);
    assertThat(ExtentPolicy.cutting(4096, 4 * GIB + 4096).extentBytes()).isEqualTo(32_768);
    assertThat(ExtentPolicy.cutting(4096, 1024 * GIB).extentBytes()).isEqualTo(4 * 1024 * 1024);
    assertThat(ExtentPolicy.cutting(65_536, 200_000 * GIB).extentBytes())
        .isEqualTo(ExtentPolicy.LARGEST_BYTES);
  }
}
