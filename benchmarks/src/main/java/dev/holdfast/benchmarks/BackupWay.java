package dev.holdfast.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// A way to back up a database, and what it has cost so far.
final class BackupWay {
  private static final Map<String, String> ENVIRONMENT = Map.of("RESTIC_PASSWORD", "benchmark");

  private final Contender contender;
  private final Path database;
  private final boolean isVacuumed;
  private final int backupsMax;
  private final List<Double> growth = new ArrayList<>();
  private final List<Measurement> backups = new ArrayList<>();
  private final List<Measurement> restores = new ArrayList<>();
  private long firstBytes;
  private long bytes;

  private BackupWay(Contender contender, Path database, boolean isVacuumed, int backupsMax) {
    this.contender = contender;
    this.database = database;
    this.isVacuumed = isVacuumed;
    this.backupsMax = backupsMax;
  }

  /// The program reads the database file.
  ///
  /// @param backupsMax of how many backups it takes part in
  static BackupWay ofFile(Contender contender, Path database, int backupsMax) {
    return new BackupWay(contender, database, false, backupsMax);
  }

  /// The program reads a vacuumed and compressed copy.
  static BackupWay ofVacuumed(Contender contender, Path database, int backupsMax) {
    return new BackupWay(contender, database, true, backupsMax);
  }

  private Path packed() {
    return database.resolveSibling("copy.db.zst");
  }

  private List<String> backup() {
    if (!isVacuumed) {
      return contender.command("backup", database.toString());
    }
    Path copy = database.resolveSibling("copy.db");
    String commands =
        "rm -f '%s' && sqlite3 '%s' \"VACUUM INTO '%s'\" && zstd -q -f --rsyncable '%s' -o '%s' && %s"
            .formatted(
                copy,
                database,
                copy,
                copy,
                packed(),
                String.join(" ", contender.command("backup", packed().toString())));
    return List.of("sh", "-c", commands);
  }

  /// Makes the first backup.
  void begin() throws IOException, InterruptedException {
    measure(contender.command("init"));
    measure(backup());
    bytes = Folders.bytes(contender.repository());
    firstBytes = bytes;
  }

  void backUp() throws IOException, InterruptedException {
    if (backups.size() >= backupsMax) {
      return;
    }
    backups.add(measure(backup()));
    long now = Folders.bytes(contender.repository());
    growth.add((double) (now - bytes));
    bytes = now;
  }

  /// Restores the last snapshot.
  ///
  /// @param total how many backups there were; who took part in all must restore what is there now
  void restore(Path target, int total) throws IOException, InterruptedException {
    Folders.delete(target);
    List<String> restore = contender.command("restore", "latest", "--target", target.toString());
    Path packedTarget = target.resolve(Path.of("/").relativize(packed()));
    if (isVacuumed) {
      restore =
          List.of(
              "sh", "-c", String.join(" ", restore) + " && zstd -q -d -f '" + packedTarget + "'");
    }
    restores.add(measure(restore));
    Path restored = target.resolve(Path.of("/").relativize(database));
    if (!isVacuumed && growth.size() == total && Files.mismatch(restored, database) >= 0) {
      throw new IOException(restored + " is not " + database);
    }
    Folders.delete(target);
  }

  private Measurement measure(List<String> command) throws IOException, InterruptedException {
    return Measurement.of(command, ENVIRONMENT, database.resolveSibling("."));
  }

  /// A row of the table.
  String row(double floor) {
    Spread spread = Spread.of(growth);
    return String.format(
        Locale.ROOT,
        "| %s | %d | %.1f | %s | %.2f | %s | %s | %s | %.1f | %s | %s |",
        contender.name(),
        growth.size(),
        firstBytes / 1e6,
        spread.text("%.0f", 1e-3),
        spread.mean() / floor,
        text(backups, Measurement::wallSeconds),
        text(backups, Measurement::cpuSeconds),
        text(backups, run -> run.peakKib() / 1024.0),
        bytes / 1e6,
        text(restores, Measurement::wallSeconds),
        text(restores, Measurement::cpuSeconds));
  }

  private static String text(List<Measurement> runs, ToDoubleFunction<Measurement> figure) {
    return Spread.of(runs.stream().map(figure::applyAsDouble).toList()).text("%.2f", 1);
  }
}
