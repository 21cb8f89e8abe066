package dev.holdfast.benchmarks;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// What to measure, from `name=value` arguments; everything has a default.
///
/// @param scratch folder for data and repositories
/// @param holdfast the program to measure
/// @param restic the program to compare with
/// @param runs of each command of each program
record BenchmarkOptions(
    Path scratch,
    String holdfast,
    String restic,
    int runs,
    SqliteDataSet database,
    FileTreeDataSet tree) {

  static BenchmarkOptions parse(String[] arguments) {
    Map<String, String> values = new HashMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (equals <= 0) {
        throw new IllegalArgumentException("expected name=value, got " + argument);
      }
      values.put(argument.substring(0, equals), argument.substring(equals + 1));
    }
    long seed = Long.parseLong(take(values, "seed", "20260101"));
    BenchmarkOptions options =
        new BenchmarkOptions(
            Path.of(take(values, "scratch", "/var/tmp/holdfast-benchmark")),
            take(values, "holdfast", "./holdfast"),
            take(values, "restic", "restic"),
            Integer.parseInt(take(values, "runs", "5")),
            new SqliteDataSet(
                seed,
                Long.parseLong(take(values, "database-mib", "1024")) << 20,
                Integer.parseInt(take(values, "page-size", "4096")),
                Integer.parseInt(take(values, "row-bytes", "300")),
                Double.parseDouble(take(values, "deleted-share", "0.02"))),
            new FileTreeDataSet(seed, Integer.parseInt(take(values, "files", "50000"))));
    if (!values.isEmpty()) {
      throw new IllegalArgumentException("unknown: " + values.keySet());
    }
    return options;
  }

  private static String take(Map<String, String> values, String name, String standard) {
    String value = values.remove(name);
    return value == null ? standard : value;
  }
}
