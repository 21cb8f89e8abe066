package dev.holdfast.cli.setup;

import dev.holdfast.repository.error.HoldfastException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations as restic's options take them: `90s`, `5m`, `1h30m`, `500ms`.
public final class GoDuration {
  private static final Pattern PART = Pattern.compile("(\\d{1,9})(ns|us|ms|s|m|h)");

  private GoDuration() {}

  public static Duration parse(String option, String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    Duration total = Duration.ZERO;
    Matcher part = PART.matcher(text);
    int at = 0;
    while (part.find() && part.start() == at) {
      total = total.plus(of(Long.parseLong(part.group(1)), part.group(2)));
      at = part.end();
    }
    if (at == 0 || at != text.length()) {
      throw new HoldfastException.Rejected(
          "'" + text + "' is not a duration for " + option, "give it like 90s, 5m or 1h30m");
    }
    return total;
  }

  private static Duration of(long amount, String unit) {
    return switch (unit) {
      case "ns" -> Duration.ofNanos(amount);
      case "us" -> Duration.ofNanos(Math.multiplyExact(amount, 1000));
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofHours(amount);
    };
  }
}
