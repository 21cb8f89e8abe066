package dev.holdfast.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/// What planning a prune of a large repository takes: `prune --dry-run` on a [LargeRepository].
final class PlanBenchmark {
  private static final String PASSWORD = "benchmark";

  private PlanBenchmark() {}

  static void run(Arguments given, PrintStream out) throws IOException, InterruptedException {
    int snapshots = given.take("snapshots", 1_000);
    int blobs = given.take("blobs", 7_500);
    String restic = given.take("restic", "none");
    Path scratch = Path.of(given.take("scratch", "/tmp/holdfast-benchmarks")).resolve("plan");
    given.end();
    Folders.delete(scratch);
    Files.createDirectories(scratch);
    LargeRepository repository =
        new LargeRepository(scratch.resolve("repository"), snapshots, blobs);
    repository.make(PASSWORD);
    out.printf(
        Locale.ROOT,
        "%,d snapshots, %,d blobs of data, %,d bytes of index files%n%n",
        snapshots,
        (long) blobs * ((snapshots * 4L + 2) / 3),
        repository.indexBytes());
    out.println("| program | wall s | CPU s | peak MiB |");
    out.println("|---|---|---|---|");
    measure("holdfast", "./holdfast", scratch, out);
    if (!restic.equals("none")) {
      measure("restic", restic, scratch, out);
    }
    Folders.delete(scratch);
  }

  private static void measure(String name, String program, Path scratch, PrintStream out)
      throws IOException, InterruptedException {
    Contender contender = new Contender(name, program, scratch.resolve("repository"));
    Measurement taken =
        Measurement.of(
            contender.command("prune", "--dry-run"),
            Map.of(
                "RESTIC_PASSWORD",
                PASSWORD,
                "RESTIC_CACHE_DIR",
                scratch.resolve("cache").toString()),
            scratch);
    out.printf(
        Locale.ROOT,
        "| %s | %.1f | %.1f | %d |%n",
        name,
        taken.wallSeconds(),
        taken.cpuSeconds(),
        taken.peakKib() / 1024);
    out.flush();
  }
}
