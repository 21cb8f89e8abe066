package dev.holdfast.repository.error;

import java.util.Locale;

/// Numbers in messages, in restic's forms.
public final class Quantity {
  private static final long KIB = 1L << 10;
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;
  private static final long TIB = 1L << 40;

  private Quantity() {}

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

  /// A count with what is counted, such as `1 file` or `2 files`.
  ///
  /// @param one the word for one, which takes an `s` for several
  public static String of(long count, String one) {
    return count == 1 ? "1 " + one : count + " " + one + "s";
  }

  private static String scaled(long bytes, long unit, String name) {
    return String.format(Locale.ROOT, "%.3f %s", (double) bytes / unit, name);
  }
}
