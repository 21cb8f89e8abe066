package dev.holdfast.benchmarks;

import java.util.List;
import java.util.Locale;

/// Sorted figures of one kind.
record Spread(List<Double> sorted) {
  static Spread of(List<Double> figures) {
    return new Spread(figures.stream().sorted().toList());
  }

  double mean() {
    return sorted.stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }

  double median() {
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /// Median with minimum and maximum, such as `1.23 (1.20-1.40)`.
  String text(String format, double scale) {
    if (sorted.isEmpty()) {
      return "-";
    }
    String all = format + " (" + format + "-" + format + ")";
    return String.format(
        Locale.ROOT, all, median() * scale, sorted.getFirst() * scale, sorted.getLast() * scale);
  }
}
