package dev.holdfast.cli.terminal;

import dev.holdfast.repository.error.Quantity;
import java.time.Duration;
import java.util.Locale;

/// Numbers for people, in restic's forms.
public final class Sizes {
  private Sizes() {}

  /// A number of bytes, such as `1.500 KiB`.
  public static String bytes(long bytes) {
    return Quantity.bytes(bytes);
  }

  /// A duration, as `0:05` or `1:02:03`.
  public static String duration(Duration duration) {
    return seconds(duration.toSeconds());
  }

  /// A number of seconds, as `0:05` or `1:02:03`.
  public static String seconds(long seconds) {
    long hours = seconds / 3600;
    long minutes = seconds / 60 % 60;
    return hours > 0
        ? String.format(Locale.ROOT, "%d:%02d:%02d", hours, minutes, seconds % 60)
        : String.format(Locale.ROOT, "%d:%02d", minutes, seconds % 60);
  }

  /// A share in percent, such as `12.50%`; empty if the whole is zero.
  public static String percent(long part, long whole) {
    return whole == 0
        ? ""
        : String.format(Locale.ROOT, "%3.2f%%", Math.min(100, 100.0 * part / whole));
  }
}
