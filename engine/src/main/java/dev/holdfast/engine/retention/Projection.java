package dev.holdfast.engine.retention;

import dev.holdfast.engine.query.SnapshotGroups.Group;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.repository.StoredSnapshot;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.SnapshotId;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Reckons until when the snapshots of one group live: plays through what a policy will do to them
/// if backups go on as before and a day never passes without a `forget`. One thread at a time.
public final class Projection {
  private static final Duration DAY = Duration.ofDays(1);

  /// Longer than anybody plans.
  private static final Duration HORIZON = Duration.ofDays(40 * 365);

  /// Verdicts that are asked for at most: about a second of work.
  private static final long WORK_MAX = 1_000_000;

  /// Gaps between backups that tell their pace.
  private static final int GAPS_MAX = 10;

  /// A group whose newest snapshot is older than so many of its intervals has come to its end.
  private static final int MISSED_MAX = 5;

  private final RetentionPolicy policy;
  private final Predicate<SnapshotView> verified;
  private final Course course;
  private final Optional<Duration> interval;
  private final SnapshotView model;
  private final List<SnapshotView> present;
  private final Set<String> imagined = new HashSet<>();

  /// How things go on.
  ///
  /// @param interval the time between two backups; empty: as it was so far
  /// @param drills whether later snapshots are verified by drills
  public record Course(Optional<Duration> interval, boolean drills) {}

  private Projection(
      Group group,
      RetentionPolicy policy,
      Predicate<SnapshotView> verified,
      Course course,
      Instant now) {
    this.policy = policy;
    this.course = course;
    this.verified =
        snapshot -> imagined.contains(snapshot.id()) ? course.drills() : verified.test(snapshot);
    present = new ArrayList<>(group.snapshots());
    present.sort(Comparator.comparing((SnapshotView s) -> s.time().toInstant()));
    List<SnapshotView> regular = present.stream().filter(policy::isComplete).toList();
    model = regular.isEmpty() ? present.getLast() : regular.getLast();
    Duration pace = course.interval().orElseGet(() -> pace(regular));
    boolean goesOn =
        !regular.isEmpty()
            && model.time().toInstant().plus(pace.multipliedBy(MISSED_MAX)).isAfter(now);
    interval = goesOn ? Optional.of(pace) : Optional.empty();
  }

  /// The fates of all snapshots of a group, by their ids.
  ///
  /// @param verified whether a drill showed that a snapshot can be recovered
  public static Map<String, Fate> of(
      Group group,
      RetentionPolicy policy,
      Predicate<SnapshotView> verified,
      Course course,
      Instant now) {
    return group.snapshots().isEmpty()
        ? Map.of()
        : new Projection(group, policy, verified, course, now).run(now);
  }

  /// The time between two of the newest backups, the one in the middle; a day if there are too few.
  private static Duration pace(List<SnapshotView> regular) {
    List<Duration> gaps = new ArrayList<>();
    for (int i = Math.max(1, regular.size() - GAPS_MAX); i < regular.size(); i++) {
      gaps.add(Duration.between(regular.get(i - 1).time(), regular.get(i).time()));
    }
    gaps.sort(Comparator.naturalOrder());
    Duration middle = gaps.isEmpty() ? DAY : gaps.get(gaps.size() / 2);
    return middle.compareTo(Duration.ofMinutes(1)) < 0 ? Duration.ofMinutes(1) : middle;
  }

  private Map<String, Fate> run(Instant now) {
    Map<String, Fate> fates = new HashMap<>();
    List<SnapshotView> alive = new ArrayList<>(present);
    Instant next = now.plus(interval.orElse(DAY));
    Instant time = now;
    long work = 0;
    for (; time.isBefore(now.plus(HORIZON)) && work < WORK_MAX; time = time.plus(DAY)) {
      work += alive.size();
      boolean finely = forget(alive, time, fates);
      if (isSettled(fates.values(), alive)) {
        return fates;
      }
      while (interval.isPresent() && !next.isAfter(time.plus(DAY))) {
        alive.add(imagine(next));
        next = next.plus(step(finely));
      }
    }
    Instant reached = time;
    if (work >= WORK_MAX) {
      fates.replaceAll((_, fate) -> fate instanceof Fate.Kept ? new Fate.Beyond(reached) : fate);
    }
    return fates;
  }

  /// Lets go of what the policy drops.
  ///
  /// @return whether every single backup matters to what is left
  private boolean forget(List<SnapshotView> alive, Instant time, Map<String, Fate> fates) {
    boolean finely = false;
    for (Verdict verdict : policy.decide(alive, time, verified)) {
      SnapshotView snapshot = verdict.snapshot();
      if (!verdict.isKept()) {
        alive.remove(snapshot);
      }
      if (!imagined.contains(snapshot.id())) {
        fates.put(snapshot.id(), fate(verdict, time));
        finely |= verdict.reasons().stream().anyMatch(Projection::isFine);
      }
    }
    return finely;
  }

  /// Whether time changes nothing any more.
  private boolean isSettled(Collection<Fate> fates, List<SnapshotView> alive) {
    return fates.stream().allMatch(this::isFinal)
        || (interval.isEmpty() && alive.stream().allMatch(policy::isComplete));
  }

  private boolean isFinal(Fate fate) {
    return switch (fate) {
      case Fate.Kept(String reason) ->
          reason.contains(KeepRules.HAS_TAGS)
              || (!course.drills() && reason.contains(RetentionPolicy.NEWEST_VERIFIED));
      case Fate.Dropped _, Fate.Beyond _ -> true;
    };
  }

  private Duration step(boolean finely) {
    Duration pace = interval.orElse(DAY);
    return finely || pace.compareTo(DAY) > 0 ? pace : DAY;
  }

  private static Fate fate(Verdict verdict, Instant time) {
    return verdict.isKept()
        ? new Fate.Kept(String.join(", ", verdict.reasons()))
        : new Fate.Dropped(time);
  }

  /// What is kept for such a reason is pushed out by every backup, anything else by days at the
  /// least: then one backup a day leads to the same.
  private static boolean isFine(String reason) {
    return reason.contains(Span.LAST.word()) || reason.contains(Span.HOURLY.word());
  }

  private SnapshotView imagine(Instant time) {
    SnapshotId id = new SnapshotId(new Hash(0, 0, 0, imagined.size() + 1L));
    OffsetDateTime at = time.atOffset(model.time().getOffset());
    SnapshotView view =
        new SnapshotView(
            new StoredSnapshot(id, model.stored().snapshot().toBuilder().time(at).build()));
    imagined.add(view.id());
    return view;
  }
}
