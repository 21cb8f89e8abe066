package dev.holdfast.cli.terminal;

import java.time.Duration;
import java.util.Locale;

/// Numbers for people, in restic's forms.
public final class Sizes {
  private static final long KIB = 1L << 10;
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;
  private static final long TIB = 1L << 40;

  private Sizes() {}

  /// A number of bytes, such as `1.500 KiB`.
  public static String bytes(long bytes) {
    if (bytes >= TIB) {
      return scaled(bytes, TIB, "TiB");
    }
    if (bytes >= GIB) {
      return scaled(bytes, GIB, "GiB");
    }
    if (bytes >= MIB) {
      return scaled(bytes, MIB, "MiB");
    }
    return bytes >= KIB ? scaled(bytes, KIB, "KiB") : bytes + " B";
  }

  private static String scaled(long bytes, long unit, String name) {
    return String.format(Locale.ROOT, "%.3f %s", (double) bytes / unit, name);
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
