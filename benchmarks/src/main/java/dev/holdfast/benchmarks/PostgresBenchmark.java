package dev.holdfast.benchmarks;

import dev.holdfast.testkit.PostgresServerProcess;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// A PostgreSQL database that is backed up again and again while a few of its rows change: by
/// Holdfast, by `pg_dump -Fc` into a file each, and by `pg_dump -Fc -Z0` through a pipe into
/// `restic`. Prints what the first backup takes, beside the bare `pg_dump -Fc -Z0`, and what every
/// further one adds.
final class PostgresBenchmark {
  private static final Map<String, String> ENVIRONMENT = Map.of("RESTIC_PASSWORD", "benchmark");
  private static final int SERVER_VERSION = 15;

  private final Options options;
  private final PrintStream out;
  private final Path folder;

  /// @param scratch folder for repositories and dumps
  /// @param runs of each first backup
  /// @param backups after the first
  record Options(
      Path scratch,
      String holdfast,
      String restic,
      int runs,
      int backups,
      int updates,
      int inserts,
      int deletes,
      PostgresDataSet data) {}

  /// One of the ways to back up.
  ///
  /// @param stored where it puts what it stores
  /// @param prepare makes an empty place, or nothing
  /// @param command the backup
  private record Way(String name, Path stored, List<String> prepare, List<String> command) {}

  PostgresBenchmark(Options options, PrintStream out) {
    this.options = options;
    this.out = out;
    this.folder = options.scratch().resolve("postgres");
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Map<String, String> given = new HashMap<>();
    for (String argument : arguments) {
      String[] parts = argument.split("=", 2);
      given.put(parts[0], parts[1]);
    }
    Options options =
        new Options(
            Path.of(given.getOrDefault("scratch", "/var/tmp/holdfast-benchmark")).toAbsolutePath(),
            given.getOrDefault("holdfast", "./holdfast"),
            given.getOrDefault("restic", "restic"),
            number(given, "runs", 3),
            number(given, "backups", 10),
            number(given, "updates", 200),
            number(given, "inserts", 200),
            number(given, "deletes", 20),
            new PostgresDataSet(
                number(given, "seed", 20260101),
                number(given, "rows", 2_520_000),
                number(given, "row-bytes", 300),
                0.02));
    new PostgresBenchmark(options, System.out).run();
  }

  private static int number(Map<String, String> given, String name, int standard) {
    return Integer.parseInt(given.getOrDefault(name, Integer.toString(standard)));
  }

  void run() throws IOException, InterruptedException {
    delete(folder);
    Files.createDirectories(folder);
    try (PostgresServerProcess server =
        PostgresServerProcess.start(SERVER_VERSION, "shared_buffers=256MB", "max_wal_size=4GB")) {
      options.data().write(server);
      out.printf(
          Locale.ROOT,
          "database of %,d bytes (table %,d); %d runs of the first backup; %d further backups,"
              + " between two of them %d updates, %d inserts, %d deletes (seed %d)%n%n",
          number(server, "SELECT pg_database_size(current_database())"),
          number(server, "SELECT pg_table_size('orders')"),
          options.runs(),
          options.backups(),
          options.updates(),
          options.inserts(),
          options.deletes(),
          options.data().seed());
      List<Way> ways = ways(server.address(PostgresDataSet.DATABASE));
      first(ways);
      further(server, ways);
    } finally {
      delete(folder);
    }
  }

  private static long number(PostgresServerProcess server, String query) {
    return Long.parseLong(server.sql(PostgresDataSet.DATABASE, query));
  }

  private List<Way> ways(String address) {
    Path bare = folder.resolve("bare");
    Path ours = folder.resolve("holdfast");
    Path dumps = folder.resolve("dumps");
    Path piped = folder.resolve("piped");
    List<Way> ways = new ArrayList<>();
    ways.add(
        new Way(
            "bare `pg_dump -Fc -Z0`",
            bare,
            List.of("mkdir", bare.toString()),
            shell("pg_dump -Fc -Z0 '" + address + "' > " + bare + "/dump")));
    ways.add(
        new Way(
            "holdfast",
            ours,
            List.of(options.holdfast(), "-r", ours.toString(), "init"),
            List.of(options.holdfast(), "-r", ours.toString(), "backup", "--postgres", address)));
    ways.add(
        new Way(
            "`pg_dump -Fc`",
            dumps,
            List.of("mkdir", dumps.toString()),
            shell("pg_dump -Fc '" + address + "' > " + dumps + "/$(date +%s%N)")));
    ways.add(
        new Way(
            "`pg_dump -Fc -Z0` to restic",
            piped,
            List.of(options.restic(), "-r", piped.toString(), "init"),
            shell(
                "pg_dump -Fc -Z0 '%s' | %s -q -r %s backup --stdin --stdin-filename dump"
                    .formatted(address, options.restic(), piped))));
    return ways;
  }

  private static List<String> shell(String command) {
    return List.of("bash", "-o", "pipefail", "-c", command);
  }

  private Measurement run(List<String> command) throws IOException, InterruptedException {
    return Measurement.of(command, ENVIRONMENT, options.scratch());
  }

  private void first(List<Way> ways) throws IOException, InterruptedException {
    List<Series> series = new ArrayList<>();
    ways.forEach(way -> series.add(new Series()));
    for (int run = 0; run < options.runs(); run++) {
      for (int i = 0; i < ways.size(); i++) {
        Way way = ways.get(i);
        delete(way.stored());
        run(way.prepare());
        // The disk does for nobody what another left behind.
        run(List.of("sync"));
        series.get(i).add(run(way.command()));
      }
    }
    out.println(
        "| first backup | wall s | times bare | CPU s without server | peak MiB | stored MB |");
    out.println("|---|---|---|---|---|---|");
    double bare = series.getFirst().median(Measurement::wallSeconds);
    for (int i = 0; i < ways.size(); i++) {
      Series each = series.get(i);
      out.printf(
          Locale.ROOT,
          "| %s | %s | %.2f | %s | %.0f | %.1f |%n",
          ways.get(i).name(),
          each.spread(Measurement::wallSeconds),
          each.median(Measurement::wallSeconds) / bare,
          each.spread(Measurement::cpuSeconds),
          each.median(Measurement::peakKib) / 1024,
          bytes(ways.get(i).stored()) / 1e6);
    }
    out.println();
    out.flush();
  }

  private void further(PostgresServerProcess server, List<Way> ways)
      throws IOException, InterruptedException {
    SplittableRandom random = new SplittableRandom(options.data().seed() + 1);
    List<Way> measured = ways.subList(1, ways.size());
    List<List<Double>> growth = new ArrayList<>();
    List<Series> series = new ArrayList<>();
    measured.forEach(way -> {
      growth.add(new ArrayList<>());
      series.add(new Series());
    });
    for (int backup = 0; backup < options.backups(); backup++) {
      Path changes = folder.resolve("changes.sql");
      Files.writeString(
          changes,
          options.data().changes(random, options.updates(), options.inserts(), options.deletes()));
      run(
          List.of(
              "psql",
              "-X",
              "-q",
              "-f",
              changes.toString(),
              server.address(PostgresDataSet.DATABASE)));
      for (int i = 0; i < measured.size(); i++) {
        long before = bytes(measured.get(i).stored());
        series.get(i).add(run(measured.get(i).command()));
        growth.get(i).add((bytes(measured.get(i).stored()) - before) / 1e6);
      }
    }
    print(measured, growth, series);
  }

  private void print(List<Way> ways, List<List<Double>> growth, List<Series> series)
      throws IOException {
    out.println("| further backups | growth MB, mean (each) | wall s | CPU s | at the end MB |");
    out.println("|---|---|---|---|---|");
    for (int i = 0; i < ways.size(); i++) {
      out.printf(
          Locale.ROOT,
          "| %s | %.2f (%s) | %s | %s | %.1f |%n",
          ways.get(i).name(),
          growth.get(i).stream().mapToDouble(Double::doubleValue).average().orElse(0),
          String.join(
              " ",
              growth.get(i).stream().map(mb -> String.format(Locale.ROOT, "%.1f", mb)).toList()),
          series.get(i).spread(Measurement::wallSeconds),
          series.get(i).spread(Measurement::cpuSeconds),
          bytes(ways.get(i).stored()) / 1e6);
    }
    out.flush();
  }

  private static long bytes(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      long bytes = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
      return bytes;
    }
  }

  private static void delete(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
