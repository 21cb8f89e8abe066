package dev.holdfast.engine.archive;

import dev.holdfast.engine.status.ClockSkew;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;

/// In which order the exports of a folder are tried if none is named: the newest first, but those
/// of a time to come last, which a clock that was wrong made.
final class ExportChoice {
  private final List<String> order = new ArrayList<>();
  private final List<String> toCome = new ArrayList<>();

  /// @param timestamps of the exports, each as [ExportTarget#TIMESTAMP]
  ExportChoice(NavigableSet<String> timestamps, Instant now) {
    for (String each : timestamps.descendingSet()) {
      boolean future = ClockSkew.isToCome(ExportTarget.instant(each), now);
      (future ? toCome : order).add(each);
    }
    order.addAll(toCome);
  }

  List<String> order() {
    return order;
  }

  /// Says which was taken, if there was a choice.
  void tell(String taken, ExportObserver observer) {
    if (toCome.contains(taken)) {
      notice(
          observer,
          "the export " + taken + " is taken: its time is to come, and no other is whole");
      return;
    }
    for (String each : toCome) {
      notice(
          observer,
          "the export %1$s is passed over, as its time is to come: '--snapshot %1$s' takes it"
              .formatted(each));
    }
    if (order.size() > 1) {
      notice(observer, "the export " + taken + " is taken, of " + order.size());
    }
  }

  private static void notice(ExportObserver observer, String text) {
    observer.on(new ExportEvent.Notice(text));
  }
}
