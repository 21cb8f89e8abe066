package dev.holdfast.benchmarks;

import java.nio.file.Path;
import java.util.Locale;

/// What day to measure.
///
/// @param scratch folder for data and repositories
/// @param holdfast the program to measure
/// @param restic the program to compare with
/// @param database what there is in the morning
/// @param shape what happens between two backups
/// @param backups after the first
/// @param peerBackups how many of them the others make, too; each of theirs stores a large part of
///   the database
/// @param hasVacuumed whether the vacuumed copy is one of the others; it takes twice the database
///   on the disk, beside its repository
/// @param restores of the last snapshot, by each
record DayOptions(
    Path scratch,
    String holdfast,
    String restic,
    SqliteDataSet database,
    Workday.Shape shape,
    int backups,
    int peerBackups,
    boolean hasVacuumed,
    int restores) {

  static DayOptions parse(Arguments given) {
    int backups = given.take("backups", 120);
    DayOptions options =
        new DayOptions(
            Path.of(given.take("scratch", "/var/tmp/holdfast-benchmark")).toAbsolutePath(),
            given.take("holdfast", "./holdfast"),
            given.take("restic", "restic"),
            SqliteDataSet.parse(given),
            shape(given),
            backups,
            Math.min(backups, given.take("peer-backups", backups)),
            hasVacuumed(given.take("peers", "all")),
            given.take("restores", 3));
    given.end();
    return options;
  }

  private static boolean hasVacuumed(String peers) {
    return switch (peers) {
      case "all" -> true;
      case "restic" -> false;
      default -> throw new IllegalArgumentException("peers are all or restic, not " + peers);
    };
  }

  static Workday.Shape shape(Arguments given) {
    return new Workday.Shape(
        given.take("updates", 200),
        given.take("inserts", 200),
        given.take("deletes", 20),
        Skew.valueOf(given.take("skew", "zipf").toUpperCase(Locale.ROOT).replace('-', '_')));
  }
}
