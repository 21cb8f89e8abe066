package dev.holdfast.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// A DuckDB database: its first backup against `EXPORT DATABASE` to Parquet by DuckDB itself, and
/// what backups store after small changes.
final class DuckDbBenchmark {
  private static final Map<String, String> ENVIRONMENT = Map.of("RESTIC_PASSWORD", "benchmark");

  private final Options options;
  private final PrintStream out;
  private final Path database;
  private final Path export;
  private final Contender holdfast;

  DuckDbBenchmark(Options options, PrintStream out) {
    this.options = options;
    this.out = out;
    database =
        options
            .scratch()
            .resolve("hits-%d-%d.duckdb".formatted(options.data().seed(), options.data().rows()));
    export = options.scratch().resolve("export");
    holdfast =
        new Contender(
            "holdfast", options.holdfast(), options.scratch().resolve("repository-duckdb"));
  }

  /// What to measure.
  ///
  /// @param runs of the first backup and of the export
  /// @param backups after the first, every second with a checkpoint before it
  record Options(
      Path scratch,
      String holdfast,
      DuckDbDataSet data,
      int runs,
      int backups,
      int updates,
      int inserts,
      int deletes) {
    static Options parse(Arguments given) {
      Options options =
          new Options(
              Path.of(given.take("scratch", "/var/tmp/holdfast-benchmark")).toAbsolutePath(),
              given.take("holdfast", "./holdfast"),
              new DuckDbDataSet(
                  given.take("seed", 20260101L), given.take("duckdb-rows", 20_000_000L)),
              given.take("runs", 5),
              given.take("backups", 8),
              given.take("updates", 200),
              given.take("inserts", 200),
              given.take("deletes", 20));
      given.end();
      return options;
    }
  }

  void run() throws IOException, InterruptedException {
    Files.createDirectories(options.scratch());
    Path original = options.scratch().resolve(database.getFileName() + ".original");
    if (!Files.exists(original)) {
      Files.deleteIfExists(database);
      duckDb(options.data().statements());
      Files.move(database, original);
    }
    Files.deleteIfExists(Path.of(database + ".wal"));
    Files.copy(original, database, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    out.printf(
        Locale.ROOT,
        "DuckDB file of %,d bytes (%s), %d runs each, in turn%n%n",
        Files.size(database),
        options.data().name(),
        options.runs());
    compareFirstBackups();
    showGrowth();
  }

  private void compareFirstBackups() throws IOException, InterruptedException {
    Series exports = new Series();
    Series backups = new Series();
    List<Double> statements = new ArrayList<>();
    for (int i = 0; i < options.runs(); i++) {
      Folders.delete(export);
      exports.add(duckDb(List.of("EXPORT DATABASE '" + export + "' (FORMAT parquet)")));
      statements.add(
          Double.parseDouble(Files.readString(options.scratch().resolve("output")).strip()));
      Folders.delete(holdfast.repository());
      measure(holdfast.command("init"));
      backups.add(measure(holdfast.command("backup", database.toString())));
    }
    double exported = Folders.bytes(export) / 1e6;
    double stored = Folders.bytes(holdfast.repository()) / 1e6;
    out.println("| first backup | wall s | CPU s | peak MiB | MB |");
    out.println("|---|---|---|---|---|");
    row("EXPORT DATABASE (Parquet), whole process", exports, exported);
    out.printf(
        Locale.ROOT,
        "| of that, the statement alone | %.2f | | | |%n",
        statements.stream()
            .mapToDouble(Double::doubleValue)
            .sorted()
            .toArray()[statements.size() / 2]);
    row("holdfast backup", backups, stored);
    out.printf(
        Locale.ROOT,
        "| ratio | %.2f | %.2f | %.2f | %.2f |%n%n",
        ratio(backups, exports, Measurement::wallSeconds),
        ratio(backups, exports, Measurement::cpuSeconds),
        ratio(backups, exports, Measurement::peakKib),
        stored / exported);
  }

  private static double ratio(Series ours, Series theirs, ToDoubleFunction<Measurement> figure) {
    return ours.median(figure) / theirs.median(figure);
  }

  private void showGrowth() throws IOException, InterruptedException {
    out.printf(
        Locale.ROOT,
        "Then %d updates all over the table, %d inserts and %d deletes before each backup:%n%n",
        options.updates(),
        options.inserts(),
        options.deletes());
    out.println("| backup | of the changes, | stored MB | wall s | CPU s | peak MiB |");
    out.println("|---|---|---|---|---|---|");
    long before = Folders.bytes(holdfast.repository());
    for (int i = 1; i <= options.backups(); i++) {
      boolean checkpoint = i % 2 == 0;
      duckDb(
          options
              .data()
              .changes(i, options.updates(), options.inserts(), options.deletes(), checkpoint));
      Measurement backup = measure(holdfast.command("backup", database.toString()));
      long now = Folders.bytes(holdfast.repository());
      out.printf(
          Locale.ROOT,
          "| %d | %s | %.2f | %.2f | %.2f | %.0f |%n",
          i,
          checkpoint ? "checkpointed" : "in the log",
          (now - before) / 1e6,
          backup.wallSeconds(),
          backup.cpuSeconds(),
          backup.peakKib() / 1024.0);
      before = now;
    }
  }

  private void row(String name, Series series, double megabytes) {
    out.printf(
        Locale.ROOT,
        "| %s | %s | %s | %s | %.1f |%n",
        name,
        series.spread(Measurement::wallSeconds),
        series.spread(Measurement::cpuSeconds),
        series.spread(run -> run.peakKib() / 1024.0),
        megabytes);
  }

  private Measurement duckDb(List<String> statements) throws IOException, InterruptedException {
    return measure(DuckDbDataSet.program(database, statements));
  }

  private Measurement measure(List<String> command) throws IOException, InterruptedException {
    return Measurement.of(command, ENVIRONMENT, options.scratch());
  }
}
