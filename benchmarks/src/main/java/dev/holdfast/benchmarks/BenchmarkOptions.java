package dev.holdfast.benchmarks;

import java.nio.file.Path;

/// What to measure.
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

  static BenchmarkOptions parse(Arguments given) {
    SqliteDataSet database = SqliteDataSet.parse(given);
    BenchmarkOptions options =
        new BenchmarkOptions(
            Path.of(given.take("scratch", "/var/tmp/holdfast-benchmark")),
            given.take("holdfast", "./holdfast"),
            given.take("restic", "restic"),
            given.take("runs", 5),
            database,
            new FileTreeDataSet(database.seed(), given.take("files", 50_000)));
    given.end();
    return options;
  }
}
