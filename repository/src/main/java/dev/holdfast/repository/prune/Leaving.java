package dev.holdfast.repository.prune;

import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.index.IndexView;
import dev.holdfast.repository.store.ObjectInfo;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;

/// The packs that are to go, and whether anything that is needed would go with them. One thread
/// only; nothing is added to the index meanwhile.
final class Leaving {
  private final IndexView view;
  private final IntPredicate isUsed;

  // By the first run of a pack.
  private final BitSet leaving = new BitSet();
  private final BitSet missing = new BitSet();

  /// @param isUsed tells of the first copy of a blob whether a snapshot needs it
  Leaving(IndexView view, PrunePlan plan, IntPredicate isUsed) {
    this.view = view;
    this.isUsed = isUsed;
    plan.repacked().forEach(pack -> leaving.set(view.firstRun(pack.id())));
    plan.removed().forEach(pack -> leaving.set(view.firstRun(pack.id())));
    plan.forgotten().forEach(pack -> missing.set(view.firstRun(pack.id())));
  }

  /// Whether the index is no longer to name the pack.
  boolean isDropped(PackId pack) {
    int run = view.firstRun(pack);
    return run != IndexView.NONE && isDropped(run);
  }

  /// The same by the first run of the pack.
  boolean isDropped(int firstRun) {
    return leaving.get(firstRun) || missing.get(firstRun);
  }

  /// The entries that must be copied before the packs can go: one copy of each blob that is needed
  /// and is in no pack that stays.
  BitSet entriesToCopy(List<PlannedPack> repacked) {
    BitSet entries = new BitSet();
    BitSet chosen = new BitSet();
    for (PlannedPack pack : repacked) {
      for (int run = view.firstRun(pack.id()); run != IndexView.NONE; run = view.nextRun(run)) {
        for (int entry = view.fromEntry(run); entry < view.toEntry(run); entry++) {
          int first = view.firstCopy(entry);
          if (isUsed.test(first) && !chosen.get(first) && !stays(entry)) {
            chosen.set(first);
            entries.set(entry);
          }
        }
      }
    }
    return entries;
  }

  /// Notes which packs are in the store, as the last word before anything is removed: those that
  /// are not cannot hold what is needed. Returns those that no index names.
  List<ObjectInfo> noteStored(List<ObjectInfo> packs) {
    BitSet stored = new BitSet(view.runs());
    List<ObjectInfo> unreferenced = new ArrayList<>();
    for (ObjectInfo pack : packs) {
      int run = view.firstRun(new PackId(pack.key().hash()));
      if (run == IndexView.NONE) {
        unreferenced.add(pack);
      } else {
        stored.set(run);
      }
    }
    for (int run = 0; run < view.runs(); run++) {
      if (view.isFirstRun(run) && !stored.get(run)) {
        missing.set(run);
      }
    }
    return unreferenced;
  }

  /// Lets every pack stay after all that holds something needed which no staying pack holds.
  /// Returns how many these are.
  ///
  /// @throws Corrupt if something needed was in a pack that is no longer there
  int keepWhatIsNeeded() {
    for (int pack = missing.nextSetBit(0); pack >= 0; pack = missing.nextSetBit(pack + 1)) {
      leaving.clear(pack);
    }
    int kept = 0;
    for (int pack = leaving.nextSetBit(0); pack >= 0; pack = leaving.nextSetBit(pack + 1)) {
      if (isNeeded(pack)) {
        leaving.clear(pack);
        kept++;
      }
    }
    for (int pack = missing.nextSetBit(0); pack >= 0; pack = missing.nextSetBit(pack + 1)) {
      if (isNeeded(pack)) {
        throw new Corrupt(
            "pack " + view.pack(pack) + ", which snapshots need, is not in the store",
            "nothing was removed; run 'holdfast check' to learn what is affected",
            null);
      }
    }
    return kept;
  }

  private boolean isNeeded(int pack) {
    for (int run = pack; run != IndexView.NONE; run = view.nextRun(run)) {
      for (int entry = view.fromEntry(run); entry < view.toEntry(run); entry++) {
        if (isUsed.test(view.firstCopy(entry)) && !stays(entry)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean stays(int entry) {
    return view.hasCopyIn(entry, run -> !isDropped(view.firstRunOf(run)));
  }

  /// Whether the pack goes.
  boolean isLeaving(PackId pack) {
    int run = view.firstRun(pack);
    return run != IndexView.NONE && leaving.get(run);
  }
}
