package dev.holdfast.engine.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.query.SnapshotGroups.Group;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.retention.Projection.Course;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Until when snapshots live, against what happens when every backup is followed by a forget.
final class ProjectionTest {
  private static final Instant NOW = Instant.parse("2026-03-31T12:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);
  private static final Course AS_BEFORE = new Course(Optional.empty(), false);

  private final List<SnapshotView> snapshots = new ArrayList<>();

  @Test
  void theLastOnesAreDroppedWhenAsManyHaveFollowed() {
    daily(3);
    Map<String, Fate> fates = fates(rules(Map.of(Span.LAST, 10)), AS_BEFORE);
    assertThat(fate(fates, 0)).isEqualTo(dropped(8));
    assertThat(fate(fates, 2)).isEqualTo(dropped(10));
  }

  @Test
  void whatTheRulesDropAlreadyGoesNow() {
    daily(3);
    assertThat(fate(fates(rules(Map.of(Span.LAST, 1)), AS_BEFORE), 0)).isEqualTo(dropped(0));
  }

  @Test
  void theExpectedIntervalCountsInPlaceOfThatOfThePast() {
    daily(1);
    Course everyHour = new Course(Optional.of(Duration.ofHours(1)), false);
    assertThat(fate(fates(rules(Map.of(Span.LAST, 48)), everyHour), 0)).isEqualTo(dropped(2));
  }

  @Test
  void restorePointsGoByAgeEvenIfNoBackupFollows() {
    add(400, "app:shop", "manual");
    add(10, "app:shop", "pre-restore");
    Map<String, Fate> fates = fates(rules(Map.of(Span.LAST, 1)), AS_BEFORE);
    assertThat(fate(fates, 1)).isEqualTo(dropped(20));
    assertThat(fate(fates, 0)).isInstanceOf(Fate.Kept.class);
  }

  @Test
  void ofAHostThatIsNotBackedUpAnyMoreNothingIsPushedOut() {
    add(101, "app:shop", "manual");
    add(100, "app:shop", "manual");
    assertThat(fate(fates(rules(Map.of(Span.DAILY, 7)), AS_BEFORE), 0))
        .isEqualTo(new Fate.Kept("daily snapshot"));
  }

  @Test
  void aTagKeepsForEver() {
    add(1, "app:shop", "manual");
    add(0, "app:shop", "audit");
    KeepRules rules =
        new KeepRules(Map.of(Span.LAST, 1), Period.NONE, Map.of(), List.of(List.of("audit")));
    Map<String, Fate> fates =
        fates(RetentionPolicy.of(rules, Period.NONE), new Course(Optional.of(DAY), false));
    assertThat(fate(fates, 0)).isEqualTo(dropped(0));
    assertThat(fate(fates, 1)).asString().contains("has tags [audit]");
  }

  @Test
  void theNewestVerifiedStaysUntilADrillVerifiesALaterOne() {
    daily(2);
    String first = snapshots.getFirst().id();
    Group group = new Group("host", Optional.empty(), Optional.empty(), snapshots);
    RetentionPolicy policy = rules(Map.of(Span.LAST, 3));
    assertThat(Projection.of(group, policy, s -> s.id().equals(first), AS_BEFORE, NOW).get(first))
        .isEqualTo(new Fate.Kept("newest verified snapshot of shop"));
    Course drilled = new Course(Optional.empty(), true);
    assertThat(Projection.of(group, policy, s -> s.id().equals(first), drilled, NOW).get(first))
        .isEqualTo(dropped(2));
  }

  @Test
  void aPolicyOfManyYearsIsReckonedAsFarAsItPays() {
    daily(2);
    assertThat(fate(fates(rules(Map.of(Span.DAILY, 1_000_000)), AS_BEFORE), 0))
        .isInstanceOf(Fate.Beyond.class);
    assertThat(fate(fates(rules(Map.of(Span.YEARLY, 12)), AS_BEFORE), 1))
        .isInstanceOf(Fate.Dropped.class);
  }

  @Test
  void whatHappensWhenEveryBackupIsFollowedByAForgetIsForetoldWithinTwoDays() {
    long seed = Long.getLong("holdfast.seed", System.nanoTime());
    System.out.println("ProjectionTest seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 12; round++) {
      snapshots.clear();
      Duration pace = Duration.ofMinutes(new int[] {720, 360, 1440, 2880}[random.nextInt(4)]);
      for (int i = random.nextInt(1, 40); i >= 0; i--) {
        add(NOW.minus(pace.multipliedBy(i)), "app:shop", "manual");
      }
      RetentionPolicy policy =
          rules(
              Map.of(
                  Span.LAST, random.nextInt(1, 12),
                  Span.HOURLY, random.nextInt(1, 24),
                  Span.DAILY, random.nextInt(1, 8),
                  Span.WEEKLY, random.nextInt(1, 5),
                  Span.MONTHLY, random.nextInt(1, 5)));
      Map<String, Instant> happened = play(policy, pace);
      fates(policy, new Course(Optional.of(pace), false))
          .forEach((id, fate) -> {
            assertThat(fate).as("seed %d", seed).isInstanceOf(Fate.Dropped.class);
            Instant foretold = ((Fate.Dropped) fate).when();
            assertThat(Duration.between(happened.get(id), foretold).abs())
                .as("seed %d: %s, foretold %s", seed, happened.get(id), foretold)
                .isLessThanOrEqualTo(DAY.multipliedBy(2).plus(pace));
          });
    }
  }

  /// Backup after backup, each followed by a forget.
  private Map<String, Instant> play(RetentionPolicy policy, Duration pace) {
    List<SnapshotView> alive = new ArrayList<>(snapshots);
    Map<String, Instant> gone = new HashMap<>();
    int number = snapshots.size();
    for (Instant time = NOW; time.isBefore(NOW.plus(DAY.multipliedBy(400))); ) {
      for (Verdict verdict : policy.decide(alive, time.plusSeconds(1), _ -> false)) {
        if (!verdict.isKept()) {
          alive.remove(verdict.snapshot());
          gone.put(verdict.snapshot().id(), time);
        }
      }
      time = time.plus(pace);
      number++;
      alive.add(
          History.snapshot(number, time.atOffset(ZoneOffset.UTC), "host", "app:shop", "manual"));
    }
    return gone;
  }

  private Map<String, Fate> fates(RetentionPolicy policy, Course course) {
    Group group = new Group("host", Optional.empty(), Optional.empty(), snapshots);
    return Projection.of(group, policy, _ -> false, course, NOW);
  }

  private Fate fate(Map<String, Fate> fates, int number) {
    return Objects.requireNonNull(fates.get(snapshots.get(number).id()));
  }

  private static Fate dropped(int days) {
    return new Fate.Dropped(NOW.plus(DAY.multipliedBy(days)));
  }

  private static RetentionPolicy rules(Map<Span, Integer> counts) {
    return RetentionPolicy.of(
        new KeepRules(counts, Period.NONE, Map.of(), List.of()),
        RetentionPolicy.RESTORE_POINTS_DEFAULT);
  }

  /// The last `count` days, the newest one today.
  private void daily(int count) {
    for (int i = count - 1; i >= 0; i--) {
      add(i, "app:shop", "manual");
    }
  }

  private void add(int daysAgo, String... tags) {
    add(NOW.minus(DAY.multipliedBy(daysAgo)), tags);
  }

  private void add(Instant time, String... tags) {
    snapshots.add(
        History.snapshot(snapshots.size() + 1L, time.atOffset(ZoneOffset.UTC), "host", tags));
  }
}
