package dev.holdfast.engine.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.repository.error.HoldfastException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RetentionPolicyTest {
  private static final Instant NOW = Instant.parse("2026-03-31T12:00:00Z");
  private static final KeepRules LAST_TWO =
      new KeepRules(Map.of(Span.LAST, 2), Period.NONE, Map.of(), List.of());
  private static final RetentionPolicy POLICY =
      RetentionPolicy.of(LAST_TWO, RetentionPolicy.RESTORE_POINTS_DEFAULT);

  private final List<SnapshotView> group = new ArrayList<>();

  @Test
  void restorePointsDoNotPushOutWhatWasMadeOnASchedule() {
    add(5, "app:shop", "scheduled");
    add(4, "app:shop", "scheduled");
    add(3, "app:shop", "pre-restore");
    add(2, "app:shop", "pre-restore");
    add(1, "app:shop", "pre-restore");
    assertThat(keptDays()).containsExactly(1, 2, 3, 4, 5);
  }

  @Test
  void restorePointsExpireByAge() {
    add(1, "app:shop", "scheduled");
    add(29, "app:shop", "pre-restore");
    add(31, "app:shop", "pre-restore");
    assertThat(keptDays()).containsExactly(1, 29);
    assertThat(decide().get(1).reasons()).containsExactly("restore point within 30d");
  }

  @Test
  void incompleteSnapshotsDoNotTakeThePlaceOfCompleteOnes() {
    add(9, "app:shop", "scheduled");
    add(8, "app:shop", "scheduled");
    add(3, "app:shop", "scheduled", "partial");
    add(2, "app:shop", "scheduled", "partial");
    add(1, "app:shop", "scheduled", "partial");
    assertThat(keptDays()).containsExactly(1, 2, 8, 9);
  }

  @Test
  void theNewestCompleteSnapshotOfAnAppIsKeptWhateverTheRulesSay() {
    add(9, "app:shop", "manual");
    add(8, "app:shop", "manual");
    add(7, "app:other", "manual");
    add(1, "app:shop", "manual", "partial");
    KeepRules none = new KeepRules(Map.of(), Period.NONE, Map.of(), List.of(List.of("nothing")));
    List<Verdict> verdicts = RetentionPolicy.of(none, Period.NONE).decide(group, NOW, _ -> false);
    assertThat(verdicts).extracting(Verdict::isKept).containsExactly(false, true, true, false);
    assertThat(verdicts.get(2).reasons()).containsExactly("newest complete snapshot of shop");
  }

  @Test
  void theNewestSnapshotThatADrillVerifiedIsKeptWhateverTheRulesSay() {
    add(9, "app:shop", "manual");
    add(8, "app:shop", "manual");
    add(7, "app:shop", "pre-restore");
    add(6, "app:shop", "manual");
    add(5, "app:other", "manual");
    KeepRules none = new KeepRules(Map.of(), Period.NONE, Map.of(), List.of(List.of("nothing")));
    List<SnapshotView> verified = List.of(group.get(0), group.get(1), group.get(2));
    List<Verdict> verdicts =
        RetentionPolicy.of(none, Period.NONE).decide(group, NOW, verified::contains);
    assertThat(verdicts)
        .extracting(Verdict::isKept)
        .containsExactly(true, true, false, true, false);
    assertThat(verdicts.get(3).reasons()).containsExactly("newest verified snapshot of shop");
  }

  @Test
  void aClassWithRulesOfItsOwnIsCountedByThemAndPushesNothingOut() {
    add(9, "app:shop", "scheduled");
    add(8, "app:shop", "scheduled");
    add(7, "app:shop", "manual");
    add(6, "app:shop", "imported");
    add(5, "app:shop", "imported");
    add(4, "app:shop", "manual");
    add(3, "app:shop", "manual");
    KeepRules one = new KeepRules(Map.of(Span.LAST, 1), Period.NONE, Map.of(), List.of());
    RetentionPolicy policy =
        new RetentionPolicy(
            LAST_TWO, Map.of(SnapshotClass.MANUAL, one, SnapshotClass.IMPORTED, one), Period.NONE);
    assertThat(policy.decide(group, NOW, _ -> false))
        .extracting(Verdict::isKept)
        .containsExactly(true, false, true, false, false, true, true);
  }

  @Test
  void withoutAnAppTheTagsOfClassesMeanNothing() {
    add(3, "scheduled");
    add(2, "pre-restore");
    add(1, "partial");
    assertThat(keptDays()).containsExactly(1, 2);
  }

  @ParameterizedTest
  @CsvSource({
    "1m, 2026-03-03T12:00:00Z",
    "1y1m, 2025-03-03T12:00:00Z",
    "31d, 2026-02-28T12:00:00Z",
    "13h, 2026-03-30T23:00:00Z",
    "1y2m3d4h, 2025-01-28T08:00:00Z"
  })
  void periodsAreReckonedAsTheCalendarOfGoDoes(String period, OffsetDateTime expected) {
    assertThat(Period.parse("--keep-within", period).before(NOW.atOffset(ZoneOffset.UTC)))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "d", "1w", "1d x", "-1d", "1d 2h", "999999999y", "1.5d"})
  void whatIsNoPeriodIsRefusedNamingTheOption(String text) {
    assertThatThrownBy(() -> Period.parse("--keep-within", text))
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining("--keep-within '" + text + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "-2", "0", "00", "many", "1.5", "99999999999"})
  void whatIsNoCountIsRefusedNamingTheOption(String text) {
    assertThatThrownBy(() -> KeepRules.parseCount("--keep-daily", text))
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining("--keep-daily '" + text + "'");
  }

  private List<Verdict> decide() {
    return POLICY.decide(group, NOW, _ -> false);
  }

  /// How many days ago the snapshots that are kept were made.
  private List<Integer> keptDays() {
    return decide().stream()
        .filter(Verdict::isKept)
        .map(v -> (int) ((NOW.getEpochSecond() - v.snapshot().time().toEpochSecond()) / 86_400))
        .toList();
  }

  private void add(int daysAgo, String... tags) {
    OffsetDateTime time = NOW.minusSeconds(daysAgo * 86_400L).atOffset(ZoneOffset.UTC);
    group.add(History.snapshot(group.size() + 1L, time, "host", tags));
  }
}
