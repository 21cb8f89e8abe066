package dev.holdfast.posix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HomeTest {
  @ParameterizedTest
  @CsvSource(
      nullValues = "unset",
      value = {
        "/home/me, /home/known, /home/me",
        "unset, /home/known, /home/known",
        "'', /home/known, /home/known",
        "., /home/known, /home/known",
        "unset, ?, /",
        "relative/home, ?, /",
        "unset, unset, /"
      })
  void variableGoesBeforeTheSystemAndNothingIsRelative(String variable, String known, String home) {
    assertThat(Home.of(variable, known)).isEqualTo(home);
  }
}
