package dev.holdfast.cli.command;

import dev.holdfast.repository.error.HoldfastException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Sizes as restic's options take them: a number, and k, m, g or t for powers of 1024.
final class ByteSize {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,18})([bBkKmMgGtT]?)");
  private static final String UNITS = "bkmgt";

  private ByteSize() {}

  static long parse(String option, String text) {
    Matcher size = SIZE.matcher(text);
    try {
      if (size.matches()) {
        String unit = size.group(2).toLowerCase(Locale.ROOT);
        int power = unit.isEmpty() ? 0 : UNITS.indexOf(unit);
        return Math.multiplyExact(Long.parseLong(size.group(1)), 1L << (10 * power));
      }
    } catch (ArithmeticException e) {
      throw rejected(option, text);
    }
    throw rejected(option, text);
  }

  private static HoldfastException.Rejected rejected(String option, String text) {
    return new HoldfastException.Rejected(
        "'" + text + "' is not a size for " + option, "give it like 500, 64k, 10M or 2G");
  }
}
