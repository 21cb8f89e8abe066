package dev.holdfast.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The day of a busy application: a database that is backed up again and again while a few rows of
/// it change, by Holdfast, by `restic` on the raw file, and by `VACUUM INTO`, `zstd --rsyncable`
/// and `restic`. Prints what each backup added to each repository, and the floor: the changed pages
/// of each interval, compressed together.
final class DayBenchmark {
  private final DayOptions options;
  private final PrintStream out;
  private final Path folder;
  private final Path database;
  private final Path target;
  private final List<BackupWay> ways = new ArrayList<>();
  private final List<Double> floor = new ArrayList<>();
  private final List<Double> changedPages = new ArrayList<>();

  DayBenchmark(DayOptions options, PrintStream out) {
    this.options = options;
    this.out = out;
    folder = options.scratch().resolve("day");
    database = folder.resolve("live.db");
    target = folder.resolve("restored");
    Contender holdfast = contender(folder, "holdfast", options.holdfast());
    Contender restic = contender(folder, "restic", options.restic());
    Contender vacuum = contender(folder, "vacuum+zstd+restic", options.restic());
    ways.add(BackupWay.ofFile(holdfast, database, options.backups()));
    if (options.peerBackups() > 0) {
      ways.add(BackupWay.ofFile(restic, database, options.peerBackups()));
    }
    if (options.peerBackups() > 0 && options.hasVacuumed()) {
      ways.add(BackupWay.ofVacuumed(vacuum, database, options.peerBackups()));
    }
  }

  private static Contender contender(Path folder, String name, String program) {
    return new Contender(name, program, folder.resolve("repository-" + name));
  }

  void run() throws IOException, SQLException, InterruptedException {
    Folders.delete(folder);
    Files.createDirectories(folder);
    Path morning = options.database().in(options.scratch());
    Files.copy(morning, database, StandardCopyOption.REPLACE_EXISTING);
    for (BackupWay way : ways) {
      way.begin();
    }
    try (Workday day = new Workday(database, options.database(), options.shape())) {
      for (int i = 0; i < options.backups(); i++) {
        Workday.Changes changes = day.work();
        changedPages.add((double) changes.pages().size());
        floor.add((double) compressed(changes.bytes()));
        for (BackupWay way : ways) {
          way.backUp();
        }
      }
    }
    for (int i = 0; i < options.restores(); i++) {
      for (BackupWay way : ways) {
        way.restore(target, options.backups());
      }
    }
    print();
    Folders.delete(folder);
  }

  /// What the floor compresses with: zstd's level 3.
  private long compressed(byte[] pages) throws IOException, InterruptedException {
    Path plain = database.resolveSibling("changed");
    Path small = database.resolveSibling("changed.zst");
    Files.write(plain, pages);
    Measurement.of(
        List.of("zstd", "-q", "-3", "-f", plain.toString(), "-o", small.toString()),
        Map.of(),
        options.scratch());
    return Files.size(small);
  }

  private void print() throws IOException {
    SqliteDataSet data = options.database();
    Workday.Shape shape = options.shape();
    Spread floorSpread = Spread.of(floor);
    out.printf(
        Locale.ROOT,
        "%,d bytes at the end, pages of %d (%s); %d backups, between two of them %d updates (%s),"
            + " %d inserts, %d deletes: %s pages changed; floor %s kB%n%n",
        Files.size(database),
        data.pageSizeBytes(),
        data.name(),
        options.backups(),
        shape.updates(),
        shape.skew(),
        shape.inserts(),
        shape.deletes(),
        Spread.of(changedPages).text("%.0f", 1),
        floorSpread.text("%.0f", 1e-3));
    out.println(
        "| way | backups | first MB | growth kB | mean growth / floor | wall s | CPU s | peak MiB |"
            + " at the end MB | restore s | restore CPU s |");
    out.println("|---|---|---|---|---|---|---|---|---|---|---|");
    for (BackupWay way : ways) {
      out.println(way.row(floorSpread.mean()));
    }
    out.flush();
  }
}
