package dev.holdfast.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;

/// Backups into a bucket of an S3 server that is a [DistantNetwork] away, by Holdfast and by
/// `restic` in turn. The server runs in this process, and so on the same cores.
final class S3Benchmark {
  private static final String ID = "the-id-of-the-key";
  private static final String SECRET = "the-secret-of-the-key";
  private static final long DATABASE_MIB = 256;
  private static final int FILES = 5_000;

  private final Options options;
  private final PrintStream out;

  /// @param latencyMillis of a round trip
  /// @param traces whether each request of the last unchanged backups is printed
  record Options(
      Path scratch,
      String holdfast,
      String restic,
      int runs,
      int latencyMillis,
      boolean traces,
      SqliteDataSet database,
      FileTreeDataSet tree) {
    static Options parse(Arguments given) {
      SqliteDataSet database = SqliteDataSet.parse(given, DATABASE_MIB);
      Options options =
          new Options(
              Path.of(given.take("scratch", "/var/tmp/holdfast-benchmark")),
              given.take("holdfast", "./holdfast"),
              given.take("restic", "restic"),
              given.take("runs", 5),
              given.take("latency-ms", 20),
              Boolean.parseBoolean(given.take("trace", "false")),
              database,
              new FileTreeDataSet(database.seed(), given.take("files", FILES)));
      given.end();
      return options;
    }
  }

  S3Benchmark(Options options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  void run() throws Exception {
    Path scratch = Files.createDirectories(options.scratch());
    Path database = options.database().in(scratch);
    Path tree = options.tree().in(scratch);
    Path objects = scratch.resolve("bucket");
    Folders.delete(objects);
    Properties properties = new Properties();
    properties.setProperty(
        "jclouds.filesystem.basedir", Files.createDirectories(objects).toString());
    S3Proxy server =
        S3Proxy.builder()
            .blobStore(BlobStores.create("filesystem", properties))
            .awsAuthentication(AuthenticationType.AWS_V4, ID, SECRET)
            .endpoint(URI.create("http://127.0.0.1:0"))
            .build();
    server.start();
    List<String> trace = Collections.synchronizedList(new ArrayList<>());
    try (DistantNetwork network =
        new DistantNetwork(
            server.getPort(), Duration.ofMillis(options.latencyMillis()), trace::add)) {
      out.printf(
          Locale.ROOT,
          "%d runs each, in turn; %d ms of latency; database of %,d bytes (%s); %,d files%n%n",
          options.runs(),
          options.latencyMillis(),
          Files.size(database),
          options.database().name(),
          options.tree().files());
      out.println("| scenario | program | wall s | CPU s | peak MiB | requests | connections |");
      out.println("|---|---|---|---|---|---|---|");
      new Bench(network, trace, "database", database).run();
      new Bench(network, trace, "small files", tree).run();
    } finally {
      server.stop();
      Folders.delete(objects);
    }
  }

  /// What one run cost, and how often it asked the server.
  private record Run(Measurement cost, int requests, int connections) {}

  /// A program and its runs.
  private record Runs(String name, String program, List<Run> first, List<Run> unchanged) {
    Runs(String name, String program) {
      this(name, program, new ArrayList<>(), new ArrayList<>());
    }
  }

  /// One kind of data.
  private final class Bench {
    private final DistantNetwork network;
    private final List<String> trace;
    private final String name;
    private final Path data;

    Bench(DistantNetwork network, List<String> trace, String name, Path data) {
      this.network = network;
      this.trace = trace;
      this.name = name;
      this.data = data;
    }

    void run() throws IOException, InterruptedException {
      Runs ours = new Runs("holdfast", options.holdfast());
      Runs theirs = new Runs("restic", options.restic());
      for (int number = 0; number < options.runs(); number++) {
        for (Runs each : List.of(ours, theirs)) {
          Folders.delete(cache(each));
          measure(each, number, "init");
          each.first().add(measure(each, number, "backup", data.toString()));
        }
        for (Runs each : List.of(ours, theirs)) {
          trace.clear();
          each.unchanged().add(measure(each, number, "backup", data.toString()));
          if (options.traces() && number == options.runs() - 1) {
            List.copyOf(trace).forEach(line -> out.println(each.name() + ": " + line));
          }
        }
      }
      table("first backup", ours, theirs, Runs::first);
      table("unchanged", ours, theirs, Runs::unchanged);
    }

    private Run measure(Runs program, int number, String... arguments)
        throws IOException, InterruptedException {
      String bucket = "%s-%s-%d".formatted(name.replace(' ', '-'), program.name(), number);
      List<String> command =
          new ArrayList<>(
              List.of(
                  program.program(),
                  "-r",
                  "s3:http://127.0.0.1:%d/%s".formatted(network.port(), bucket)));
      Collections.addAll(command, arguments);
      network.takeConnections();
      network.takeRequests();
      Measurement cost = Measurement.of(command, environment(program), options.scratch());
      return new Run(cost, network.takeRequests(), network.takeConnections());
    }

    private Map<String, String> environment(Runs program) {
      return Map.of(
          "RESTIC_PASSWORD",
          "benchmark",
          "RESTIC_CACHE_DIR",
          cache(program).toString(),
          "AWS_ACCESS_KEY_ID",
          ID,
          "AWS_SECRET_ACCESS_KEY",
          SECRET);
    }

    private Path cache(Runs program) {
      return options.scratch().resolve("cache-" + program.name());
    }

    private void table(String scenario, Runs ours, Runs theirs, Function<Runs, List<Run>> runs) {
      row(name + ", " + scenario, ours.name(), runs.apply(ours));
      row("", theirs.name(), runs.apply(theirs));
      out.printf(
          Locale.ROOT,
          "| | ratio | %.2f | %.2f | %.2f | | |%n",
          ratio(runs.apply(ours), runs.apply(theirs), its -> its.cost().wallSeconds()),
          ratio(runs.apply(ours), runs.apply(theirs), its -> its.cost().cpuSeconds()),
          ratio(runs.apply(ours), runs.apply(theirs), its -> its.cost().peakKib()));
      out.flush();
    }

    private void row(String scenario, String program, List<Run> runs) {
      out.printf(
          Locale.ROOT,
          "| %s | %s | %s | %s | %s | %s | %s |%n",
          scenario,
          program,
          spread(runs, its -> its.cost().wallSeconds()).text("%.2f", 1),
          spread(runs, its -> its.cost().cpuSeconds()).text("%.2f", 1),
          spread(runs, its -> its.cost().peakKib() / 1024.0).text("%.0f", 1),
          spread(runs, Run::requests).text("%.0f", 1),
          spread(runs, Run::connections).text("%.0f", 1));
    }
  }

  private static Spread spread(List<Run> runs, ToDoubleFunction<Run> figure) {
    return Spread.of(runs.stream().mapToDouble(figure).boxed().toList());
  }

  private static double ratio(List<Run> ours, List<Run> theirs, ToDoubleFunction<Run> figure) {
    return spread(ours, figure).median() / spread(theirs, figure).median();
  }
}
