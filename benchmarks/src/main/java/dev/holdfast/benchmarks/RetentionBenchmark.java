package dev.holdfast.benchmarks;

import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.backup.BackupObserver;
import dev.holdfast.engine.backup.BackupRequest;
import dev.holdfast.engine.backup.BackupSubject;
import dev.holdfast.engine.backup.BackupTargets;
import dev.holdfast.engine.source.files.SelectionRules;
import dev.holdfast.engine.source.sqlite.SqliteEngine;
import dev.holdfast.engine.source.sqlite.SqliteOptions;
import dev.holdfast.repository.lock.LinuxProcesses;
import dev.holdfast.repository.store.LocalStore;
import dev.holdfast.repository.write.WriterOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Backups of a small database on a schedule of 12 minutes, thinned and pruned every night: two
/// repositories that get the same snapshots, one pruned by Holdfast and one by `restic`.
///
/// The backups are made in this process, because 43,800 processes would take days; the nights are
/// runs of the programs.
final class RetentionBenchmark {
  private static final String PASSWORD = "benchmark";
  private static final Duration PERIOD = Duration.ofMinutes(12);
  private static final int BACKUPS_PER_DAY = (int) (Duration.ofDays(1).toMinutes() / 12);
  private static final int ROWS_OF_GROWTH = 20;
  private static final OffsetDateTime START =
      OffsetDateTime.of(2025, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);
  private static final List<String> RULES =
      List.of(
          "forget",
          "--prune",
          "--keep-last",
          "10",
          "--keep-hourly",
          "24",
          "--keep-daily",
          "7",
          "--keep-weekly",
          "4",
          "--keep-monthly",
          "6");

  private final Options options;
  private final PrintStream out;
  private final Path folder;
  private final Path database;

  /// @param days simulated; a year has 365
  /// @param perDay backups; of a schedule of 12 minutes, 120
  /// @param keeps whether the repositories stay when all is done, to be looked at
  record Options(
      Path scratch,
      String holdfast,
      String restic,
      int days,
      int perDay,
      boolean keeps,
      SqliteDataSet database,
      Workday.Shape shape) {
    static Options parse(Arguments given) {
      Options options =
          new Options(
              Path.of(given.take("scratch", "/var/tmp/holdfast-benchmark")),
              given.take("holdfast", "./holdfast"),
              given.take("restic", "restic"),
              given.take("days", 365),
              given.take("per-day", BACKUPS_PER_DAY),
              given.take("keep", "false").equals("true"),
              SqliteDataSet.parse(given, 8),
              new Workday.Shape(
                  given.take("updates", 20),
                  given.take("inserts", 5),
                  given.take("deletes", 4),
                  Skew.ZIPF));
      given.end();
      return options;
    }
  }

  /// A program, its repository, and its nights.
  private record Side(Contender contender, List<Measurement> nights, List<Double> megabytes) {}

  RetentionBenchmark(Options options, PrintStream out) {
    this.options = options;
    this.out = out;
    folder = options.scratch().resolve("retention");
    database = folder.resolve("live.db");
  }

  void run() throws IOException, SQLException, InterruptedException {
    Folders.delete(folder);
    Files.createDirectories(folder);
    Files.copy(
        options.database().in(options.scratch()), database, StandardCopyOption.REPLACE_EXISTING);
    Side ours = side("holdfast", options.holdfast());
    Side theirs = side("restic", options.restic());
    List<Side> sides = List.of(ours, theirs);
    for (Side side : sides) {
      measure(side, List.of("init"));
    }
    out.printf(
        Locale.ROOT,
        "%d days of %d backups of a database of %,d bytes; between two of them %d updates, %d"
            + " inserts, %d deletes%n%n",
        options.days(),
        options.perDay(),
        Files.size(database),
        options.shape().updates(),
        options.shape().inserts(),
        options.shape().deletes());
    out.println(
        "| day | snapshots made | holdfast MB | restic MB | holdfast prune s | restic prune s |"
            + " holdfast CPU s | restic CPU s |");
    out.println("|---|---|---|---|---|---|---|---|");
    try (Workday work = new Workday(database, options.database(), options.shape())) {
      for (int day = 1; day <= options.days(); day++) {
        live(work, day, sides);
        for (Side side : sides) {
          side.nights().add(measure(side, RULES));
          side.megabytes().add(Folders.bytes(side.contender().repository()) / 1e6);
        }
        if (day % Math.max(1, options.days() / ROWS_OF_GROWTH) == 0 || day == options.days()) {
          row(day, ours, theirs);
        }
      }
    }
    sum(ours, theirs);
    for (Side side : sides) {
      measure(side, List.of("check"));
    }
    if (!options.keeps()) {
      Folders.delete(folder);
    }
  }

  private Side side(String name, String program) {
    return new Side(
        new Contender(name, program, folder.resolve("repository-" + name)),
        new ArrayList<>(),
        new ArrayList<>());
  }

  private void live(Workday work, int day, List<Side> sides)
      throws IOException, SQLException, InterruptedException {
    try (RepositoryAccess one = open(sides.getFirst());
        RepositoryAccess other = open(sides.getLast());
        ExecutorService beside = Executors.newSingleThreadExecutor()) {
      for (int i = 0; i < options.perDay(); i++) {
        work.work();
        OffsetDateTime time =
            START
                .plusDays(day - 1)
                .plus(PERIOD.multipliedBy(i * BACKUPS_PER_DAY / options.perDay()));
        Future<?> theirs = beside.submit(() -> backUp(other, time));
        backUp(one, time);
        await(theirs);
      }
    }
  }

  private static void await(Future<?> work) throws IOException, InterruptedException {
    try {
      work.get();
    } catch (ExecutionException e) {
      throw new IOException("a backup failed", e.getCause());
    }
  }

  private static RepositoryAccess open(Side side) {
    return RepositoryAccess.open(
        new LocalStore(side.contender().repository()),
        PASSWORD.getBytes(StandardCharsets.UTF_8),
        new RepositoryAccess.Options(
            Optional.empty(), Optional.empty(), Duration.ZERO, true, Optional.empty()),
        notice -> {});
  }

  private void backUp(RepositoryAccess access, OffsetDateTime time) {
    new BackupRequest(
            BackupTargets.ofPaths(List.of(database.toString())),
            SelectionRules.EVERYTHING,
            List.of(),
            List.of(),
            Optional.of("simulated"),
            Optional.of(time),
            Optional.empty(),
            false,
            Set.of(),
            WriterOptions.DEFAULT,
            folder.toString(),
            BackupSubject.PATHS,
            "holdfast benchmark")
        .run(
            access.repository(),
            List.of(new SqliteEngine(SqliteOptions.defaults())),
            LinuxProcesses.holder(),
            Clock.systemUTC(),
            parent -> {},
            BackupObserver.NONE);
  }

  private Measurement measure(Side side, List<String> words)
      throws IOException, InterruptedException {
    return Measurement.of(
        side.contender().command(words.toArray(String[]::new)),
        Map.of("RESTIC_PASSWORD", PASSWORD, "RESTIC_CACHE_DIR", folder.resolve("cache").toString()),
        folder);
  }

  private void row(int day, Side ours, Side theirs) {
    out.printf(
        Locale.ROOT,
        "| %d | %,d | %.1f | %.1f | %.2f | %.2f | %.2f | %.2f |%n",
        day,
        day * options.perDay(),
        ours.megabytes().getLast(),
        theirs.megabytes().getLast(),
        ours.nights().getLast().wallSeconds(),
        theirs.nights().getLast().wallSeconds(),
        ours.nights().getLast().cpuSeconds(),
        theirs.nights().getLast().cpuSeconds());
    out.flush();
  }

  private void sum(Side ours, Side theirs) {
    for (Side side : List.of(ours, theirs)) {
      out.printf(
          Locale.ROOT,
          "%n%s: %s s for a night, %s s of CPU, %s MiB%n",
          side.contender().name(),
          Spread.of(side.nights().stream().map(Measurement::wallSeconds).toList()).text("%.2f", 1),
          Spread.of(side.nights().stream().map(Measurement::cpuSeconds).toList()).text("%.2f", 1),
          Spread.of(side.nights().stream().map(run -> run.peakKib() / 1024.0).toList())
              .text("%.0f", 1));
    }
  }
}
