package dev.holdfast.engine.retention;

import dev.holdfast.engine.query.SnapshotView;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Applies rules to one group of snapshots, from the newest to the oldest. All rules are asked
/// about every snapshot, so that each counts what it keeps whatever the others say.
final class Selection {
  private static final long NONE_YET = -1;
  private static final OffsetDateTime NEVER =
      OffsetDateTime.of(1, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

  private final KeepRules rules;
  private final List<SnapshotView> newestFirst;
  private final OffsetDateTime newest;
  private final Map<Span, Integer> left = new EnumMap<>(Span.class);
  private final Map<Span, Long> lastCounted = new EnumMap<>(Span.class);
  private final Map<Span, Long> lastWithin = new EnumMap<>(Span.class);

  private Selection(List<SnapshotView> snapshots, KeepRules rules, Instant now) {
    this.rules = rules;
    this.newestFirst = new ArrayList<>(snapshots);
    newestFirst.sort(Comparator.comparing((SnapshotView s) -> s.time().toInstant()).reversed());
    this.newest =
        newestFirst.stream()
            .map(SnapshotView::time)
            .filter(time -> time.toInstant().isBefore(now))
            .findFirst()
            .orElse(NEVER);
    for (Span span : Span.values()) {
      left.put(span, rules.count(span));
    }
  }

  /// A verdict on each snapshot, newest first.
  ///
  /// @param now snapshots of the future do not move what "within" is reckoned from
  static List<Verdict> of(List<SnapshotView> snapshots, KeepRules rules, Instant now) {
    Selection selection = new Selection(snapshots, rules, now);
    List<Verdict> verdicts = new ArrayList<>();
    for (int i = 0; i < selection.newestFirst.size(); i++) {
      verdicts.add(new Verdict(selection.newestFirst.get(i), selection.reasons(i)));
    }
    return verdicts;
  }

  private List<String> reasons(int number) {
    SnapshotView snapshot = newestFirst.get(number);
    List<String> reasons = new ArrayList<>();
    for (List<String> list : rules.tags()) {
      if (list.isEmpty() ? snapshot.tags().isEmpty() : snapshot.tags().containsAll(list)) {
        reasons.add(KeepRules.HAS_TAGS + KeepRules.listText(list));
      }
    }
    if (isWithin(rules.within(), snapshot)) {
      reasons.add("within " + rules.within());
    }
    for (Span span : Span.values()) {
      int count = left.getOrDefault(span, 0);
      if (count != 0 && isChosen(span, snapshot, number, lastCounted, reasons, " snapshot", "")) {
        left.put(span, count == KeepRules.UNLIMITED ? count : count - 1);
      }
    }
    for (Span span : Span.values()) {
      Period period = rules.spanWithin(span);
      if (isWithin(period, snapshot)) {
        isChosen(span, snapshot, number, lastWithin, reasons, " within", " " + period);
      }
    }
    return reasons;
  }

  private boolean isWithin(Period period, SnapshotView snapshot) {
    return !period.isZero()
        && snapshot.time().toInstant().isAfter(period.before(newest).toInstant());
  }

  /// The newest of a span is chosen, and the oldest of the group as long as anything is left to be
  /// counted: it makes the history as long as it can be.
  private boolean isChosen(
      Span span,
      SnapshotView snapshot,
      int number,
      Map<Span, Long> last,
      List<String> reasons,
      String kind,
      String suffix) {
    long value = span.of(snapshot.time(), number);
    boolean repeated = value == last.getOrDefault(span, NONE_YET);
    boolean oldest = number == newestFirst.size() - 1;
    if (repeated && !oldest) {
      return false;
    }
    last.put(span, value);
    reasons.add((repeated ? "oldest " : "") + span.word() + kind + suffix);
    return true;
  }
}
