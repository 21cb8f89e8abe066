package dev.holdfast.repository.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GoTimeTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05.1Z",
        "2026-01-02T03:04:05.000000001+01:00",
        "2026-12-31T23:59:59.999999999-18:00",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.12+05:45",
        "2024-02-29T00:00:00-00:30"
      })
  void timesAreWrittenAsTheyWereRead(String text) {
    assertThat(GoTime.format(GoTime.parse(text))).isEqualTo(text);
  }

  @Test
  void moreThanNineDigitsOfTheSecondAreDropped() {
    assertThat(GoTime.parse("2026-01-02T03:04:05.1234567899Z").getNano()).isEqualTo(123456789);
  }

  @Test
  void yearsBeyondFourDigitsAreClampedAsResticDoes() {
    assertThat(GoTime.format(time(-5, 6, 7))).isEqualTo("0000-06-07T00:00:00Z");
    assertThat(GoTime.format(time(12345, 6, 7))).isEqualTo("9999-06-07T00:00:00Z");
    assertThat(GoTime.format(time(10004, 2, 29))).isEqualTo("9999-03-01T00:00:00Z");
  }

  @Test
  void secondsOfAnOffsetAreDroppedAsGoDropsThem() {
    OffsetDateTime local = time(1890, 1, 1).withOffsetSameLocal(ZoneOffset.ofTotalSeconds(3208));
    assertThat(GoTime.format(local)).isEqualTo("1890-01-01T00:00:00+00:53");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-02T03:04:05-23:59, 2026-01-03T03:03:05Z",
    "2026-01-02T03:04:05.999999999+23:59, 2026-01-01T03:05:05.999999999Z",
    "2026-01-02T03:04:05+18:01, 2026-01-01T09:03:05Z",
    "9999-12-31T23:59:59-18:20, 9999-01-01T18:19:59Z"
  })
  void ofAnOffsetThatJavaDoesNotKnowTheInstantIsKept(String text, String instant) {
    assertThat(GoTime.format(GoTime.parse(text))).isEqualTo(instant);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2026",
        "2026-01-02T03:04:05",
        "2026-01-02 03:04:05Z",
        "2026-01-02T03:04:05.Z",
        "2026-13-02T03:04:05Z",
        "2026-02-29T03:04:05Z",
        "2026-01-02T24:00:00Z",
        "2026-01-02T03:04:60Z",
        "2026-01-02T03:04:05+1:00",
        "2026-01-02T03:04:05+01:0",
        "2026-01-02T03:04:05+0100",
        "2026-01-02T03:04:05z",
        "2026-01-02T03:04:05Zx",
        "2026-01-02T03:04:05+24:00",
        "2026-01-02T03:04:05-23:60",
        "2026-01-02T03:04:05+",
        "2026-01-02T03:04:05*01:00",
        "2026-01-02T03:04:05+01:00Z",
        "-026-01-02T03:04:05Z",
        "+2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05,5Z"
      })
  void otherTextIsNoTime(String text) {
    assertThatThrownBy(() -> GoTime.parse(text)).isInstanceOf(DateTimeParseException.class);
  }

  private static OffsetDateTime time(int year, int month, int day) {
    return OffsetDateTime.of(year, month, day, 0, 0, 0, 0, ZoneOffset.UTC);
  }
}
