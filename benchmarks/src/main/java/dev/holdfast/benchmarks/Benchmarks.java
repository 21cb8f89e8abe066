package dev.holdfast.benchmarks;

/// Runs the benchmark that `scenario=` names.
final class Benchmarks {
  private Benchmarks() {}

  public static void main(String[] arguments) throws Exception {
    Arguments given = new Arguments(arguments);
    String scenario = given.take("scenario", "backup");
    switch (scenario) {
      case "backup" -> new BackupBenchmark(BenchmarkOptions.parse(given), System.out).run();
      case "day" -> new DayBenchmark(DayOptions.parse(given), System.out).run();
      case "extents" -> ExtentBenchmark.run(given, System.out);
      case "duckdb" -> new DuckDbBenchmark(DuckDbBenchmark.Options.parse(given), System.out).run();
      case "s3" -> new S3Benchmark(S3Benchmark.Options.parse(given), System.out).run();
      case "downtime" ->
          new DowntimeBenchmark(DowntimeBenchmark.Options.parse(given), System.out).run();
      case "export" -> ExportBenchmark.run(given, System.out);
      case "retention" ->
          new RetentionBenchmark(RetentionBenchmark.Options.parse(given), System.out).run();
      case "prune-plan" -> PlanBenchmark.run(given, System.out);
      default -> throw new IllegalArgumentException("no scenario " + scenario);
    }
  }
}
