package dev.holdfast.repository.prune;

import java.util.List;

/// What a prune is going to do, found out without changing anything.
///
/// @param repacked packs whose needed blobs are copied into new packs before they are removed
/// @param removed packs in which nothing is needed
/// @param unreferenced packs that no index names
/// @param forgotten packs that are missing and in which nothing is needed: only the index changes
/// @param rewritesIndex whether index files are merged although no pack goes
public record PrunePlan(
    PruneStatistics statistics,
    List<PlannedPack> repacked,
    List<PlannedPack> removed,
    List<PlannedPack> unreferenced,
    List<PlannedPack> forgotten,
    boolean rewritesIndex) {
  public PrunePlan {
    repacked = List.copyOf(repacked);
    removed = List.copyOf(removed);
    unreferenced = List.copyOf(unreferenced);
    forgotten = List.copyOf(forgotten);
  }

  /// Whether there is nothing to do.
  public boolean isEmpty() {
    return repacked.isEmpty()
        && removed.isEmpty()
        && unreferenced.isEmpty()
        && forgotten.isEmpty()
        && !rewritesIndex;
  }
}
