package dev.holdfast.repository.maintenance;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Collects findings and passes events on, one at a time. Thread-safe.
final class Findings {
  /// In place of the number of a finding that is no longer kept.
  static final int NOT_KEPT = -1;

  private final Consumer<CheckEvent> observer;
  private final List<Finding> kept = new ArrayList<>();
  private long errors;
  private long hints;

  Findings(Consumer<CheckEvent> observer) {
    this.observer = observer;
  }

  synchronized void begin(CheckEvent.Stage stage, long total) {
    observer.accept(new CheckEvent.Began(stage, total));
  }

  synchronized void advance() {
    observer.accept(new CheckEvent.Advanced());
  }

  /// Adds a finding and returns its number, or [#NOT_KEPT].
  synchronized int add(Finding finding) {
    switch (finding.severity()) {
      case ERROR -> errors++;
      case HINT -> hints++;
    }
    observer.accept(new CheckEvent.Found(finding));
    if (kept.size() == CheckReport.MAX_FINDINGS) {
      return NOT_KEPT;
    }
    kept.add(finding);
    return kept.size() - 1;
  }

  synchronized List<Finding> kept() {
    return List.copyOf(kept);
  }

  synchronized long errors() {
    return errors;
  }

  synchronized long hints() {
    return hints;
  }
}
