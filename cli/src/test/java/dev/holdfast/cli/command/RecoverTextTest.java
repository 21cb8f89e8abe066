package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RecoverTextTest {
  @Test
  void ageIsToldInTheUnitThatAPersonWouldUse() {
    assertThat(RecoverText.ago(Duration.ofSeconds(5))).isEqualTo("0 minutes ago");
    assertThat(RecoverText.ago(Duration.ofMinutes(90))).isEqualTo("90 minutes ago");
    assertThat(RecoverText.ago(Duration.ofHours(30))).isEqualTo("30 hours ago");
    assertThat(RecoverText.ago(Duration.ofDays(400))).isEqualTo("400 days ago");
  }

  /// The clocks of two machines differ, and some are years ahead.
  @Test
  void whatIsOfTheFutureIsNotToldAsOfThePast() {
    assertThat(RecoverText.ago(Duration.ofSeconds(-5))).isEqualTo("0 minutes ago");
    assertThat(RecoverText.ago(Duration.ofDays(-4787))).isEqualTo("in 4787 days");
    assertThat(RecoverText.age(Duration.ofMinutes(-30))).isEqualTo("in 30 minutes");
  }
}
