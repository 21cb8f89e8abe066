package dev.holdfast.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// The runs of one program in one scenario.
final class Series {
  private final List<Measurement> runs = new ArrayList<>();

  void add(Measurement run) {
    runs.add(run);
  }

  double median(ToDoubleFunction<Measurement> figure) {
    double[] sorted = sorted(figure);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /// Median with minimum and maximum, such as `1.23 (1.20-1.40)`.
  String spread(ToDoubleFunction<Measurement> figure) {
    double[] sorted = sorted(figure);
    return String.format(
        Locale.ROOT, "%.2f (%.2f-%.2f)", median(figure), sorted[0], sorted[sorted.length - 1]);
  }

  private double[] sorted(ToDoubleFunction<Measurement> figure) {
    return runs.stream().mapToDouble(figure).sorted().toArray();
  }
}
