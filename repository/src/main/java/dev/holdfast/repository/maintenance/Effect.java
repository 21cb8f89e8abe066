package dev.holdfast.repository.maintenance;

import dev.holdfast.repository.format.SnapshotId;
import java.util.List;

/// What a finding means to whoever wants the data back.
///
/// @param snapshots that are affected, the first [#MAX_SNAPSHOTS]
/// @param snapshotCount how many are affected
/// @param paths that are affected, each as `/path` in one of the snapshots, the first [#MAX_PATHS];
///   a directory stands for everything in it
/// @param pathCount how many are affected, counted anew in each snapshot
/// @param complete whether the numbers are exact; they are lower bounds otherwise
public record Effect(
    List<SnapshotId> snapshots,
    int snapshotCount,
    List<String> paths,
    long pathCount,
    boolean complete) {
  /// Bounds a report; whoever needs more restores and sees.
  public static final int MAX_SNAPSHOTS = 100;

  /// Bounds a report; whoever needs more restores and sees.
  public static final int MAX_PATHS = 100;

  /// Nothing that was backed up is affected.
  public static final Effect NONE = new Effect(List.of(), 0, List.of(), 0, true);

  public Effect {
    snapshots = List.copyOf(snapshots);
    paths = List.copyOf(paths);
  }

  /// Whether something that was backed up is affected, as far as is known.
  public boolean isNone() {
    return snapshotCount == 0;
  }
}
