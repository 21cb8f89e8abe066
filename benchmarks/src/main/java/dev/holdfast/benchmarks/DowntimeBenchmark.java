package dev.holdfast.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// How long an application stands still while it is recovered: from the moment its service is asked
/// to stop until it was started again, by the clock of the service itself, and what the journal
/// says of the steps in between. One database of each engine and size.
final class DowntimeBenchmark {
  private static final String APP = "shop";

  private final Options options;
  private final PrintStream out;
  private final Path folder;

  DowntimeBenchmark(Options options, PrintStream out) {
    this.options = options;
    this.out = out;
    this.folder = options.scratch().resolve("downtime");
  }

  /// What to measure.
  ///
  /// @param runs recoveries of each database
  /// @param sizesMib of the databases
  record Options(
      Path scratch,
      String holdfast,
      long seed,
      int runs,
      List<LiveDatabase.Kind> engines,
      List<Long> sizesMib) {
    static Options parse(Arguments given) {
      Options options =
          new Options(
              Path.of(given.take("scratch", "/var/tmp/holdfast-benchmark")).toAbsolutePath(),
              Path.of(given.take("holdfast", "./holdfast")).toAbsolutePath().toString(),
              given.take("seed", 20260101L),
              given.take("runs", 5),
              words(given.take("engines", "sqlite,duckdb,postgres"))
                  .map(word -> LiveDatabase.Kind.valueOf(word.toUpperCase(Locale.ROOT)))
                  .toList(),
              words(given.take("database-mib", "128,1024")).map(Long::valueOf).toList());
      given.end();
      return options;
    }

    private static Stream<String> words(String list) {
      return Stream.of(list.split(",", -1));
    }
  }

  /// One recovery.
  ///
  /// @param stopped from before the stop command to after the start command
  /// @param journal from the record that the service is about to be stopped to the one that it runs
  /// @param settled until nobody holds the database any more and its log was brought in
  /// @param swapped what the change of names took
  private record Downtime(Duration stopped, Duration journal, Duration settled, Duration swapped) {}

  void run() throws IOException, SQLException, InterruptedException {
    out.printf("%d recoveries each, seed %d%n%n", options.runs(), options.seed());
    out.println(
        "| database | bytes | stopped s | by the journal s | stop and settle s | swap s |"
            + " whole recovery s |");
    out.println("|---|---|---|---|---|---|---|");
    for (LiveDatabase.Kind kind : options.engines()) {
      for (long mib : options.sizesMib()) {
        Folders.delete(folder);
        Files.createDirectories(folder);
        try (LiveDatabase database =
            LiveDatabase.of(kind, options.scratch(), folder, options.seed(), mib)) {
          measure(database, "%s, %d MiB".formatted(kind.title(), mib));
        } finally {
          Folders.delete(folder);
        }
      }
    }
  }

  private void measure(LiveDatabase database, String name)
      throws IOException, InterruptedException {
    try (SmallService service = new SmallService(folder, database.holder())) {
      Files.writeString(
          folder.resolve("holdfast.yaml"),
          """
          apps:
            shop:
              root: %s
              sources:
                main: %s
              recover:
                service:
                  - commands: {stop: [%s], start: [%s], status: [%s]}
          """
              .formatted(
                  folder, database.source(), service.stop(), service.start(), service.status()));
      holdfast("init");
      holdfast("backup", APP);
      List<Downtime> downtimes = new ArrayList<>();
      List<Double> whole = new ArrayList<>();
      for (int i = 0; i < options.runs(); i++) {
        database.change(i);
        service.run();
        whole.add(holdfast("recover", APP, "--yes").wallSeconds());
        downtimes.add(downtime(service));
        service.end();
        holdfast("recover", "confirm", "--yes");
      }
      out.printf(
          Locale.ROOT,
          "| %s | %,d | %s | %s | %s | %s | %s |%n",
          name,
          database.bytes(),
          spread(downtimes.stream().map(Downtime::stopped)),
          spread(downtimes.stream().map(Downtime::journal)),
          spread(downtimes.stream().map(Downtime::settled)),
          spread(downtimes.stream().map(Downtime::swapped)),
          Spread.of(whole).text("%.1f", 1));
      out.flush();
    }
  }

  private static String spread(Stream<Duration> durations) {
    return Spread.of(durations.map(it -> it.toNanos() / 1e9).toList()).text("%.3f", 1);
  }

  private Measurement holdfast(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(options.holdfast()));
    command.addAll(List.of("-r", folder.resolve("repository").toString()));
    command.addAll(List.of(arguments));
    return Measurement.of(
        command,
        Map.of(
            "RESTIC_PASSWORD", "benchmark",
            "HOLDFAST_CONFIG", folder.resolve("holdfast.yaml").toString(),
            "XDG_STATE_HOME", folder.resolve("state").toString()),
        folder);
  }

  private Downtime downtime(SmallService service) throws IOException {
    List<String> records = Files.readAllLines(newestJournal());
    Instant quiesce = time(records, "begin", "quiesce");
    return new Downtime(
        service.stoppedFor(),
        Duration.between(quiesce, time(records, "done", "start")),
        Duration.between(quiesce, time(records, "done", "quiesce")),
        Duration.between(time(records, "begin", "swap"), time(records, "done", "swap")));
  }

  private Path newestJournal() throws IOException {
    try (Stream<Path> journals = Files.list(folder.resolve("state/holdfast/recover"))) {
      return journals
          .filter(path -> path.toString().endsWith(".jsonl"))
          .max((a, b) -> Long.compare(a.toFile().lastModified(), b.toFile().lastModified()))
          .orElseThrow();
    }
  }

  private static Instant time(List<String> records, String record, String step) throws IOException {
    Pattern line =
        Pattern.compile(
            "\"at\":\"([^\"]+)\",\"record\":\"%s\",\"step\":\"%s\"".formatted(record, step));
    for (String each : records) {
      Matcher matcher = line.matcher(each);
      if (matcher.find()) {
        return Instant.parse(matcher.group(1));
      }
    }
    throw new IOException("the journal has no record " + record + " of the step " + step);
  }
}
