package dev.holdfast.cli.setup;

import dev.holdfast.repository.error.HoldfastException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations as restic's options take them: `90s`, `5m`, `1h30m`, `1.5h`, `500ms`.
public final class GoDuration {
  private static final Pattern PART =
      Pattern.compile("(\\d{1,9}(?:\\.\\d{0,9})?|\\.\\d{1,9})(ns|us|[µμ]s|ms|s|m|h)");

  private static final BigInteger NANOS_PER_SECOND = BigInteger.valueOf(1_000_000_000);

  private GoDuration() {}

  public static Duration parse(String option, String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    Duration total = Duration.ZERO;
    Matcher part = PART.matcher(text);
    int at = 0;
    while (part.find() && part.start() == at) {
      total = total.plus(of(new BigDecimal(part.group(1)), part.group(2)));
      at = part.end();
    }
    if (at == 0 || at != text.length()) {
      throw new HoldfastException.Rejected(
          "'" + text + "' is not a duration for " + option, "give it like 90s, 5m or 1h30m");
    }
    return total;
  }

  private static Duration of(BigDecimal amount, String unit) {
    Duration one =
        switch (unit) {
          case "ns" -> Duration.ofNanos(1);
          case "ms" -> Duration.ofMillis(1);
          case "s" -> Duration.ofSeconds(1);
          case "m" -> Duration.ofMinutes(1);
          case "h" -> Duration.ofHours(1);
          default -> Duration.ofNanos(1000);
        };
    BigInteger[] seconds =
        amount
            .multiply(BigDecimal.valueOf(one.toNanos()))
            .toBigInteger()
            .divideAndRemainder(NANOS_PER_SECOND);
    return Duration.ofSeconds(seconds[0].longValueExact(), seconds[1].longValueExact());
  }
}
