package dev.holdfast.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Runs Holdfast and `restic` in turn on the same data and prints a Markdown table of medians
/// (minimum-maximum) and ratios. Data and repositories lie in one scratch folder; the data is made
/// once and kept.
final class BackupBenchmark {
  private static final Map<String, String> ENVIRONMENT = Map.of("RESTIC_PASSWORD", "benchmark");

  private final BenchmarkOptions options;
  private final PrintStream out;
  private final Contender holdfast;
  private final Contender restic;

  BackupBenchmark(BenchmarkOptions options, PrintStream out) {
    this.options = options;
    this.out = out;
    Path scratch = options.scratch();
    this.holdfast =
        new Contender("holdfast", options.holdfast(), scratch.resolve("repository-holdfast"));
    this.restic = new Contender("restic", options.restic(), scratch.resolve("repository-restic"));
  }

  void run() throws IOException, SQLException, InterruptedException {
    Files.createDirectories(options.scratch());
    Path database = options.database().in(options.scratch());
    Path tree = options.tree().in(options.scratch());
    out.printf(
        Locale.ROOT,
        "%d runs each, in turn; database of %,d bytes (%s); %,d files (seed %d)%n%n",
        options.runs(),
        Files.size(database),
        options.database().name(),
        options.tree().files(),
        options.tree().seed());
    out.println("| scenario | program | wall s | CPU s | peak MiB | stored MB |");
    out.println("|---|---|---|---|---|---|");
    measureSet("database", database, true);
    measureSet("small files", tree, false);
    measure("version", Step.NONE, each -> List.of(each.program(), "version"), false);
    measure("snapshots", Step.NONE, each -> each.command("snapshots"), false);
  }

  private void measureSet(String name, Path data, boolean touch)
      throws IOException, InterruptedException {
    measure(
        name + ", first backup",
        each -> {
          Folders.delete(each.repository());
          run(each, "init");
        },
        each -> each.command("backup", data.toString()),
        true);
    Step changeTime = each -> Files.setLastModifiedTime(data, FileTime.from(Instant.now()));
    measure(
        name + (touch ? ", unchanged with a new time" : ", unchanged"),
        touch ? changeTime : Step.NONE,
        each -> each.command("backup", data.toString()),
        true);
    Path target = options.scratch().resolve("restored");
    measure(
        name + ", restore",
        each -> Folders.delete(target),
        each -> each.command("restore", "latest", "--target", target.toString()),
        false);
    Folders.delete(target);
  }

  private void measure(String scenario, Step prepare, CommandLine command, boolean stored)
      throws IOException, InterruptedException {
    Series ours = new Series();
    Series theirs = new Series();
    for (int i = 0; i < options.runs(); i++) {
      prepare.accept(holdfast);
      ours.add(Measurement.of(command.of(holdfast), ENVIRONMENT, options.scratch()));
      prepare.accept(restic);
      theirs.add(Measurement.of(command.of(restic), ENVIRONMENT, options.scratch()));
    }
    row(scenario, holdfast, ours, stored);
    row("", restic, theirs, stored);
    out.printf(
        Locale.ROOT,
        "| | ratio | %.2f | %.2f | %.2f | %s |%n",
        ours.median(Measurement::wallSeconds) / theirs.median(Measurement::wallSeconds),
        ours.median(Measurement::cpuSeconds) / theirs.median(Measurement::cpuSeconds),
        ours.median(Measurement::peakKib) / theirs.median(Measurement::peakKib),
        stored ? ratio(megabytes(holdfast), megabytes(restic)) : "");
    out.flush();
  }

  private void row(String scenario, Contender contender, Series series, boolean stored)
      throws IOException {
    out.printf(
        Locale.ROOT,
        "| %s | %s | %s | %s | %s | %s |%n",
        scenario,
        contender.name(),
        series.spread(Measurement::wallSeconds),
        series.spread(Measurement::cpuSeconds),
        series.spread(run -> run.peakKib() / 1024.0),
        stored ? String.format(Locale.ROOT, "%.1f", megabytes(contender)) : "");
  }

  private static String ratio(double ours, double theirs) {
    return String.format(Locale.ROOT, "%.2f", ours / theirs);
  }

  private static double megabytes(Contender contender) throws IOException {
    return Folders.bytes(contender.repository()) / 1e6;
  }

  private void run(Contender contender, String... arguments)
      throws IOException, InterruptedException {
    Measurement.of(contender.command(arguments), ENVIRONMENT, options.scratch());
  }

  /// Something done before each run, unmeasured.
  private interface Step {
    Step NONE = each -> {};

    void accept(Contender contender) throws IOException, InterruptedException;
  }

  /// The measured command of a program.
  private interface CommandLine {
    List<String> of(Contender contender);
  }
}
