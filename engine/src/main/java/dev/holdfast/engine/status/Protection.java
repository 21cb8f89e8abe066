package dev.holdfast.engine.status;

import dev.holdfast.engine.config.proof.Proof;
import dev.holdfast.engine.drill.DrillRecords;
import dev.holdfast.engine.drill.DrillReport;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.repository.SnapshotList;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// How one app is protected by one repository.
///
/// @param repository the name in the configuration, or where it is
/// @param isCopy whether backups do not go there, but snapshots are copied there
/// @param snapshots how many complete ones there are
/// @param newest the newest complete one
/// @param verified the newest complete one whose last drill succeeded
/// @param lastDrill of any snapshot of the app, whatever came of it
/// @param bytes what the newest one holds; empty if its program did not say
/// @param growth what the newest holds more than the one before
/// @param nextBackup when the next snapshot is due; empty if nothing is said of that
/// @param nextDrill when the next drill is due
/// @param problems why it is not well, sentences; empty if it is
public record Protection(
    String app,
    String repository,
    boolean isCopy,
    long snapshots,
    Optional<Seen> newest,
    Optional<Seen> verified,
    Optional<DrillReport> lastDrill,
    OptionalLong bytes,
    OptionalLong growth,
    Optional<Instant> nextBackup,
    Optional<Instant> nextDrill,
    List<String> problems) {
  public Protection {
    problems = List.copyOf(problems);
  }

  /// A snapshot.
  ///
  /// @param since the moment that its age is reckoned from: of a verified one, that of its drill
  public record Seen(String id, Instant time, Instant since) {}

  /// Where an app is looked for.
  ///
  /// @param name of the repository
  public record Place(String app, String name, boolean isCopy, Proof proof) {}

  /// A repository that could not be looked at.
  public static Protection unreachable(Place place, String reason) {
    return new Protection(
        place.app(),
        place.name(),
        place.isCopy(),
        0,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of("the repository cannot be looked at: " + reason));
  }

  /// Judges what is there.
  ///
  /// @param all snapshots of the repository
  public static Protection of(
      Place place, List<SnapshotView> all, DrillRecords drills, Instant now) {
    String tag = Manifest.APP_TAG + place.app();
    List<SnapshotView> complete =
        all.stream()
            .filter(snapshot -> snapshot.tags().contains(tag))
            .filter(
                snapshot -> snapshot.tags().stream().noneMatch(SnapshotList.NEVER_LATEST::contains))
            .sorted((a, b) -> b.time().toInstant().compareTo(a.time().toInstant()))
            .toList();
    Optional<SnapshotView> newest = complete.stream().findFirst();
    Optional<SnapshotView> verified = complete.stream().filter(drills::isVerified).findFirst();
    Optional<DrillReport> lastDrill =
        drills.reports().reversed().stream()
            .filter(report -> report.app().equals(place.app()))
            .findFirst();
    Optional<Instant> newestTime = newest.map(snapshot -> snapshot.time().toInstant());
    Optional<Instant> lastPassed =
        drills.reports().reversed().stream()
            .filter(report -> report.app().equals(place.app()) && report.passed())
            .map(DrillReport::end)
            .findFirst();
    // A copy is drilled if somebody wants to: what is due is due where backups go.
    Optional<Duration> drillEvery = place.isCopy() ? Optional.empty() : place.proof().drillEvery();
    Optional<Instant> nextBackup = due(newestTime, place.proof().backupEvery(), now);
    Optional<Instant> nextDrill = due(lastPassed, drillEvery, now);
    return new Protection(
        place.app(),
        place.name(),
        place.isCopy(),
        complete.size(),
        newest.map(snapshot -> seen(snapshot, snapshot.time().toInstant())),
        verified.map(snapshot -> seen(snapshot, drills.last(snapshot).orElseThrow().end())),
        lastDrill,
        newest.map(SnapshotView::totalBytes).orElse(OptionalLong.empty()),
        growth(complete),
        nextBackup,
        nextDrill,
        problems(newestTime, nextBackup, lastPassed, nextDrill, lastDrill, now));
  }

  private static Seen seen(SnapshotView snapshot, Instant since) {
    return new Seen(snapshot.id(), snapshot.time().toInstant(), since);
  }

  /// At once, if there has never been one.
  private static Optional<Instant> due(
      Optional<Instant> last, Optional<Duration> every, Instant now) {
    return every.map(interval -> last.map(time -> time.plus(interval)).orElse(now));
  }

  private static OptionalLong growth(List<SnapshotView> newestFirst) {
    if (newestFirst.size() < 2) {
      return OptionalLong.empty();
    }
    OptionalLong now = newestFirst.get(0).totalBytes();
    OptionalLong before = newestFirst.get(1).totalBytes();
    return now.isPresent() && before.isPresent()
        ? OptionalLong.of(now.getAsLong() - before.getAsLong())
        : OptionalLong.empty();
  }

  private static List<String> problems(
      Optional<Instant> newest,
      Optional<Instant> nextBackup,
      Optional<Instant> lastPassed,
      Optional<Instant> nextDrill,
      Optional<DrillReport> lastDrill,
      Instant now) {
    List<String> problems = new ArrayList<>();
    if (newest.isEmpty()) {
      problems.add("there is no complete snapshot");
    } else if (ClockSkew.isToCome(newest.get(), now)) {
      problems.add("the newest snapshot is from the future: a clock is wrong");
    } else if (isOver(nextBackup, now)) {
      problems.add("a backup is overdue" + since(nextBackup.orElseThrow()));
    }
    if (isOver(nextDrill, now)) {
      problems.add(
          "a drill is overdue"
              + lastPassed.map(_ -> since(nextDrill.orElseThrow())).orElse(": none has succeeded"));
    }
    if (lastDrill.isPresent() && !lastDrill.get().passed()) {
      problems.add("the last drill failed: " + lastDrill.get().reasons().getFirst());
    }
    return problems;
  }

  private static String since(Instant due) {
    return " since " + due.truncatedTo(ChronoUnit.SECONDS);
  }

  private static boolean isOver(Optional<Instant> due, Instant now) {
    return due.isPresent() && !due.get().isAfter(now);
  }

  /// Whether nothing is overdue and nothing is wrong.
  public boolean isWell() {
    return problems.isEmpty();
  }
}
