package dev.holdfast.repository.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.error.HoldfastException.Unsupported;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ScryptParametersTest {
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
}
