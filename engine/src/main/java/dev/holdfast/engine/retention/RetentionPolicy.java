package dev.holdfast.engine.retention;

import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.query.SnapshotView;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// What is kept of the snapshots of a repository.
///
/// Snapshots that are of no app are decided upon exactly as restic does. Of an app, each class of
/// snapshots is counted by itself: restore points expire by age and never push out what was made on
/// a schedule, and an incomplete snapshot does not take the place of a complete one. The newest
/// complete snapshot of an app is kept whatever the rules say, and so is the newest one whose
/// recovery was rehearsed with success.
///
/// @param rules for each group, and for each class of an app's snapshots in it
/// @param restorePoints how long the snapshots are kept that a recovery took of the state before it
public record RetentionPolicy(KeepRules rules, Period restorePoints) {
  /// Long enough to notice that a recovery was a mistake.
  public static final Period RESTORE_POINTS_DEFAULT = new Period(0, 0, 30, 0);

  /// What snapshots are counted with: those of one class.
  private enum Kind {
    ORDINARY,
    RESTORE_POINT,
    PARTIAL,
    IMPORTED
  }

  /// Decides upon the snapshots of one group.
  ///
  /// @param verified whether a drill showed that a snapshot can be recovered
  /// @return a verdict on each, newest first
  public List<Verdict> decide(
      List<SnapshotView> group, Instant now, Predicate<SnapshotView> verified) {
    Map<Kind, List<SnapshotView>> classes = new LinkedHashMap<>();
    for (SnapshotView snapshot : group) {
      classes.computeIfAbsent(kindOf(snapshot), kind -> new ArrayList<>()).add(snapshot);
    }
    List<Verdict> verdicts = new ArrayList<>();
    classes.forEach((kind, snapshots) -> {
      switch (kind) {
        case RESTORE_POINT -> snapshots.forEach(s -> verdicts.add(restorePoint(s, now)));
        case ORDINARY, PARTIAL, IMPORTED -> verdicts.addAll(Selection.of(snapshots, rules, now));
      }
    });
    verdicts.sort(Comparator.comparing((Verdict v) -> v.snapshot().time().toInstant()).reversed());
    return protect(protect(verdicts, "complete", _ -> true), "verified", verified);
  }

  private static Kind kindOf(SnapshotView snapshot) {
    List<String> tags = snapshot.tags();
    if (appOf(snapshot).isEmpty()) {
      return Kind.ORDINARY;
    }
    if (tags.contains(Manifest.RESTORE_POINT_TAG)) {
      return Kind.RESTORE_POINT;
    }
    if (tags.contains(Manifest.PARTIAL_TAG)) {
      return Kind.PARTIAL;
    }
    return tags.contains(Manifest.IMPORTED_TAG) ? Kind.IMPORTED : Kind.ORDINARY;
  }

  private static Optional<String> appOf(SnapshotView snapshot) {
    return snapshot.tags().stream()
        .filter(tag -> tag.startsWith(Manifest.APP_TAG) && tag.length() > Manifest.APP_TAG.length())
        .map(tag -> tag.substring(Manifest.APP_TAG.length()))
        .findFirst();
  }

  private Verdict restorePoint(SnapshotView snapshot, Instant now) {
    OffsetDateTime oldest = restorePoints.before(now.atOffset(ZoneOffset.UTC));
    boolean young = snapshot.time().toInstant().isAfter(oldest.toInstant());
    return new Verdict(
        snapshot, young ? List.of("restore point within " + restorePoints) : List.of());
  }

  /// The newest complete snapshot of each app that is such a one is kept.
  private static List<Verdict> protect(
      List<Verdict> newestFirst, String what, Predicate<SnapshotView> isSuch) {
    Set<String> seen = new HashSet<>();
    List<Verdict> result = new ArrayList<>();
    for (Verdict verdict : newestFirst) {
      Optional<String> app = appOf(verdict.snapshot());
      Kind kind = kindOf(verdict.snapshot());
      boolean complete = kind == Kind.ORDINARY || kind == Kind.IMPORTED;
      boolean isNewest =
          complete && app.isPresent() && isSuch.test(verdict.snapshot()) && seen.add(app.get());
      result.add(
          isNewest
              ? verdict.because("newest %s snapshot of %s".formatted(what, app.orElseThrow()))
              : verdict);
    }
    return result;
  }
}
