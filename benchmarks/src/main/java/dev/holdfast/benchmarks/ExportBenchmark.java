package dev.holdfast.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A database as a compressed archive: exported from a repository by Holdfast, and packed where it
/// lies by `tar -czf`, in turn.
final class ExportBenchmark {
  private static final Map<String, String> ENVIRONMENT = Map.of("RESTIC_PASSWORD", "benchmark");

  private ExportBenchmark() {}

  static void run(Arguments given, PrintStream out)
      throws IOException, SQLException, InterruptedException {
    SqliteDataSet data = SqliteDataSet.parse(given);
    Path scratch = Path.of(given.take("scratch", "/var/tmp/holdfast-benchmark"));
    String holdfast = given.take("holdfast", "./holdfast");
    int runs = given.take("runs", 3);
    given.end();
    Path database = data.in(Files.createDirectories(scratch));
    Contender contender = new Contender("holdfast", holdfast, scratch.resolve("to-export"));
    Folders.delete(contender.repository());
    measure(contender.command("init"), scratch);
    measure(contender.command("backup", database.toString()), scratch);
    Path exported = scratch.resolve("exported.tar.gz");
    Path packed = scratch.resolve("packed.tar.gz");
    List<Measurement> ours = new ArrayList<>();
    List<Measurement> theirs = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      Files.deleteIfExists(exported);
      Files.deleteIfExists(packed);
      ours.add(measure(contender.command("export", "latest", exported.toString()), scratch));
      theirs.add(
          measure(
              List.of(
                  "tar",
                  "-czf",
                  packed.toString(),
                  "-C",
                  scratch.toString(),
                  database.getFileName().toString()),
              scratch));
    }
    out.printf(
        Locale.ROOT,
        "%d runs each, in turn; database of %,d bytes%n%n",
        runs,
        Files.size(database));
    out.println("| way | wall s | CPU s | peak MiB | MB |");
    out.println("|---|---|---|---|---|");
    row(out, "holdfast export", ours, exported);
    row(out, "tar -czf", theirs, packed);
    out.printf(
        Locale.ROOT,
        "| ratio | %.2f | %.2f | | %.2f |%n",
        wall(ours).median() / wall(theirs).median(),
        cpu(ours).median() / cpu(theirs).median(),
        (double) Files.size(exported) / Files.size(packed));
    Files.deleteIfExists(exported.resolveSibling(exported.getFileName() + ".sha256"));
    Files.delete(exported);
    Files.delete(packed);
    Folders.delete(contender.repository());
  }

  private static void row(PrintStream out, String name, List<Measurement> runs, Path archive)
      throws IOException {
    out.printf(
        Locale.ROOT,
        "| %s | %s | %s | %s | %.1f |%n",
        name,
        wall(runs).text("%.2f", 1),
        cpu(runs).text("%.2f", 1),
        Spread.of(runs.stream().map(run -> run.peakKib() / 1024.0).toList()).text("%.0f", 1),
        Files.size(archive) / 1e6);
  }

  private static Spread wall(List<Measurement> runs) {
    return Spread.of(runs.stream().map(Measurement::wallSeconds).toList());
  }

  private static Spread cpu(List<Measurement> runs) {
    return Spread.of(runs.stream().map(Measurement::cpuSeconds).toList());
  }

  private static Measurement measure(List<String> command, Path scratch)
      throws IOException, InterruptedException {
    return Measurement.of(command, ENVIRONMENT, scratch);
  }
}
