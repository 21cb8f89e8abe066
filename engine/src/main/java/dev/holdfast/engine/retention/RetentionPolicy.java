package dev.holdfast.engine.retention;

import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.query.SnapshotView;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
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
/// @param own rules of classes of an app's snapshots that are counted by rules of their own
/// @param restorePoints how long the snapshots are kept that a recovery took of the state before it
public record RetentionPolicy(
    KeepRules rules, Map<SnapshotClass, KeepRules> own, Period restorePoints) {
  /// Long enough to notice that a recovery was a mistake.
  public static final Period RESTORE_POINTS_DEFAULT = new Period(0, 0, 30, 0);

  static final String NEWEST_VERIFIED = "newest verified";

  /// What snapshots are counted with: those of one class.
  private enum Kind {
    ORDINARY,
    RESTORE_POINT,
    PARTIAL,
    IMPORTED,
    MANUAL,
    SCHEDULED
  }

  public RetentionPolicy {
    Map<SnapshotClass, KeepRules> copy = new EnumMap<>(SnapshotClass.class);
    copy.putAll(own);
    own = Collections.unmodifiableMap(copy);
  }

  /// A policy in which no class has rules of its own.
  public static RetentionPolicy of(KeepRules rules, Period restorePoints) {
    return new RetentionPolicy(rules, Map.of(), restorePoints);
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
        case ORDINARY, PARTIAL -> verdicts.addAll(Selection.of(snapshots, rules, now));
        case IMPORTED -> verdicts.addAll(select(SnapshotClass.IMPORTED, snapshots, now));
        case MANUAL -> verdicts.addAll(select(SnapshotClass.MANUAL, snapshots, now));
        case SCHEDULED -> verdicts.addAll(select(SnapshotClass.SCHEDULED, snapshots, now));
      }
    });
    verdicts.sort(Comparator.comparing((Verdict v) -> v.snapshot().time().toInstant()).reversed());
    return protect(protect(verdicts, "newest complete", _ -> true), NEWEST_VERIFIED, verified);
  }

  /// Whether a snapshot is a backup of everything, and not the restore point of a recovery.
  boolean isComplete(SnapshotView snapshot) {
    Kind kind = kindOf(snapshot);
    return kind != Kind.RESTORE_POINT && kind != Kind.PARTIAL;
  }

  private List<Verdict> select(SnapshotClass its, List<SnapshotView> snapshots, Instant now) {
    return Selection.of(snapshots, own.getOrDefault(its, rules), now);
  }

  private Kind kindOf(SnapshotView snapshot) {
    List<String> tags = snapshot.tags();
    if (Manifest.appOf(snapshot.tags()).isEmpty()) {
      return Kind.ORDINARY;
    }
    if (tags.contains(Manifest.RESTORE_POINT_TAG)) {
      return Kind.RESTORE_POINT;
    }
    if (tags.contains(Manifest.PARTIAL_TAG)) {
      return Kind.PARTIAL;
    }
    if (SnapshotClass.IMPORTED.has(snapshot)) {
      return Kind.IMPORTED;
    }
    if (own.containsKey(SnapshotClass.MANUAL) && SnapshotClass.MANUAL.has(snapshot)) {
      return Kind.MANUAL;
    }
    return own.containsKey(SnapshotClass.SCHEDULED) && SnapshotClass.SCHEDULED.has(snapshot)
        ? Kind.SCHEDULED
        : Kind.ORDINARY;
  }

  private Verdict restorePoint(SnapshotView snapshot, Instant now) {
    OffsetDateTime oldest = restorePoints.before(now.atOffset(ZoneOffset.UTC));
    boolean young = snapshot.time().toInstant().isAfter(oldest.toInstant());
    return new Verdict(
        snapshot, young ? List.of("restore point within " + restorePoints) : List.of());
  }

  /// The newest complete snapshot of each app that is such a one is kept.
  private List<Verdict> protect(
      List<Verdict> newestFirst, String what, Predicate<SnapshotView> isSuch) {
    Set<String> seen = new HashSet<>();
    List<Verdict> result = new ArrayList<>();
    for (Verdict verdict : newestFirst) {
      Optional<String> app = Manifest.appOf(verdict.snapshot().tags());
      boolean isNewest =
          isComplete(verdict.snapshot())
              && app.isPresent()
              && isSuch.test(verdict.snapshot())
              && seen.add(app.get());
      result.add(
          isNewest
              ? verdict.because("%s snapshot of %s".formatted(what, app.orElseThrow()))
              : verdict);
    }
    return result;
  }
}
