package dev.holdfast.engine.retention;

import dev.holdfast.engine.query.SnapshotView;
import java.util.ArrayList;
import java.util.List;

/// What becomes of a snapshot under a policy.
///
/// @param reasons why it is kept, as restic words them; empty if it is not
public record Verdict(SnapshotView snapshot, List<String> reasons) {
  public Verdict {
    reasons = List.copyOf(reasons);
  }

  public boolean isKept() {
    return !reasons.isEmpty();
  }

  /// This verdict with one more reason to keep.
  Verdict because(String reason) {
    List<String> more = new ArrayList<>(reasons);
    more.add(reason);
    return new Verdict(snapshot, more);
  }
}
