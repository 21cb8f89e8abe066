package dev.holdfast.cli.terminal;

import java.math.BigDecimal;

/// Floating-point numbers as Go's `encoding/json` prints them: shortest form that reads back the
/// same, without an exponent between 1e-6 and 1e21.
final class GoNumbers {
  private static final double SMALLEST_PLAIN = 1e-6;
  private static final double LARGEST_PLAIN = 1e21;

  private GoNumbers() {}

  static String format(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      throw new IllegalArgumentException("JSON has no " + value);
    }
    if (value == 0) {
      return "0";
    }
    double size = Math.abs(value);
    BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    if (size >= SMALLEST_PLAIN && size < LARGEST_PLAIN) {
      return exact.toPlainString();
    }
    int exponent = exact.precision() - exact.scale() - 1;
    String mantissa = exact.movePointLeft(exponent).stripTrailingZeros().toPlainString();
    String digits = Integer.toString(Math.abs(exponent));
    // Go writes large exponents as e+21 and small ones as e-7, without padding.
    return mantissa + "e" + (exponent < 0 ? "-" : "+") + digits;
  }
}
