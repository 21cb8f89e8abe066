package dev.holdfast.repository.prune;

import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.index.IndexView;
import dev.holdfast.repository.prune.PlannedPack.Reason;
import dev.holdfast.repository.write.WriterOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Decides on every pack as restic does: what nothing needs is removed; packs that are partly used,
/// mixed, uncompressed or many and small are repacked, trees and small ones first, then those with
/// the largest unused share, until little enough is unused. One thread only; changes nothing.
final class PrunePlanner {
  static final long ABSENT = -1;

  /// Merging fewer small packs than this is not worth it, and would never end with the last one.
  private static final int MIN_SMALL_PACKS = 10;

  /// Of the lengths of all packs, the one that this percentage lies below is taken for usual.
  private static final int PERCENTILE = 3;

  private final IndexView view;
  private final PackTally tally;
  private final PruneOptions options;
  private final boolean compresses;
  private final long[] stored;
  private final List<PlannedPack> unreferenced = new ArrayList<>();
  private final List<PlannedPack> removed = new ArrayList<>();
  private final List<PlannedPack> forgotten = new ArrayList<>();
  private final List<PlannedPack> repacked = new ArrayList<>();
  private final List<Integer> candidates = new ArrayList<>();
  private final List<Integer> small = new ArrayList<>();
  private final long targetBytes;

  private long unreferencedBytes;
  private long uncompressedBytes;
  private long removedBlobs;
  private long removedBytes;
  private long repackedBlobs;
  private long repackedBytes;
  private long repackRemovedBlobs;
  private long repackRemovedBytes;
  private long usedPacks;
  private long unusedPacks;
  private long partlyUsedPacks;
  private long keptPacks;

  /// @param compresses whether the repository's version has compression
  PrunePlanner(IndexView view, PackTally tally, PruneOptions options, boolean compresses) {
    this.view = view;
    this.tally = tally;
    this.options = options;
    this.compresses = compresses;
    stored = new long[view.runs()];
    Arrays.fill(stored, ABSENT);
    targetBytes = options.smallPackBytes() > 0 ? options.smallPackBytes() : usualBytes();
  }

  private long usualBytes() {
    long[] lengths = new long[view.runs()];
    int packs = 0;
    for (int run = 0; run < view.runs(); run++) {
      if (view.isFirstRun(run)) {
        lengths[packs++] = tally.lengthBytes(run);
      }
    }
    if (packs == 0) {
      return 0;
    }
    Arrays.sort(lengths, 0, packs);
    long usual = lengths[(int) ((long) packs * PERCENTILE / 100)];
    return Math.max(WriterOptions.MIN_PACK_BYTES, usual) * 4 / 5;
  }

  /// Notes a pack of the store.
  void found(PackId pack, long lengthBytes) {
    int run = view.firstRun(pack);
    if (run == IndexView.NONE) {
      unreferenced.add(new PlannedPack(pack, Reason.NOT_INDEXED, lengthBytes, lengthBytes));
      unreferencedBytes += lengthBytes;
    } else {
      stored[run] = lengthBytes;
    }
  }

  /// The plan, when all packs of the store are noted.
  ///
  /// @throws Corrupt if a pack that is needed is not there, or not as long as it must be
  PrunePlan plan(boolean rewritesIndex) {
    List<PackId> missing = new ArrayList<>();
    for (int run = 0; run < view.runs(); run++) {
      if (view.isFirstRun(run)) {
        decide(run, missing);
      }
    }
    if (!missing.isEmpty()) {
      throw new Corrupt(
          missing.size()
              + " packs that snapshots need are not in the store, the first being "
              + missing.getFirst(),
          "nothing was removed; run 'holdfast check' to learn what is affected",
          null);
    }
    chooseRepacked();
    return new PrunePlan(statistics(), repacked, removed, unreferenced, forgotten, rewritesIndex);
  }

  private void decide(int run, List<PackId> missing) {
    if (tally.usedBlobs(run) == 0) {
      removedBlobs += tally.unusedBlobs(run);
      removedBytes += tally.unusedBytes(run);
      boolean isThere = stored[run] != ABSENT;
      unusedPacks += isThere ? 1 : 0;
      (isThere ? removed : forgotten).add(planned(run, isThere ? Reason.UNUSED : Reason.MISSING));
      return;
    }
    if (stored[run] == ABSENT) {
      missing.add(view.pack(run));
      return;
    }
    if (stored[run] != tally.lengthBytes(run)) {
      throw new Corrupt(
          "pack "
              + view.pack(run)
              + " has "
              + stored[run]
              + " bytes, where the index says "
              + tally.lengthBytes(run),
          "nothing was removed; run 'holdfast repair index'",
          null);
    }
    if (tally.unusedBlobs(run) == 0) {
      usedPacks++;
    } else {
      partlyUsedPacks++;
    }
    uncompressedBytes += tally.hasUncompressed(run) ? tally.lengthBytes(run) : 0;
    if (options.cacheableOnly() && tally.hasOnlyData(run)) {
      keptPacks++;
    } else if (tally.unusedBlobs(run) > 0 || tally.isMixed(run) || mustCompress(run)) {
      candidates.add(run);
    } else if (tally.lengthBytes(run) < targetBytes) {
      small.add(run);
    } else {
      keptPacks++;
    }
  }

  private boolean mustCompress(int run) {
    return compresses
        && tally.hasUncompressed(run)
        && (options.repackUncompressed() || tally.hasOnlyTrees(run));
  }

  private PlannedPack planned(int run, Reason reason) {
    return new PlannedPack(
        view.pack(run), reason, Math.max(0, stored[run]), tally.unusedBytes(run));
  }

  private void chooseRepacked() {
    if (small.size() >= MIN_SMALL_PACKS) {
      candidates.addAll(small);
    } else {
      keptPacks += small.size();
    }
    candidates.sort(
        Comparator.<Integer, Boolean>comparing(tally::hasOnlyData)
            .thenComparing(run -> tally.lengthBytes(run) >= targetBytes)
            .thenComparing((a, b) ->
                Long.compareUnsigned(
                    tally.unusedBytes(b) * tally.usedBytes(a),
                    tally.unusedBytes(a) * tally.usedBytes(b))));
    long allowed = options.maxUnused().allowedBytes(tally.totalUsedBytes());
    for (int run : candidates) {
      if (isRepacked(run, allowed)) {
        repack(run);
      } else {
        keptPacks++;
      }
    }
  }

  private boolean isRepacked(int run, long allowedUnused) {
    if (repackedBytes + tally.lengthBytes(run) >= options.maxRepackBytes()) {
      return false;
    }
    if (!tally.hasOnlyData(run) || mustCompress(run)) {
      return true;
    }
    long unused =
        tally.totalDuplicateBytes() + tally.totalUnusedBytes() - removedBytes - repackRemovedBytes;
    return unused >= allowedUnused || tally.lengthBytes(run) < targetBytes;
  }

  private void repack(int run) {
    repacked.add(planned(run, reason(run)));
    repackedBlobs += tally.usedBlobs(run) + tally.unusedBlobs(run);
    repackedBytes += tally.lengthBytes(run);
    repackRemovedBlobs += tally.unusedBlobs(run);
    repackRemovedBytes += tally.unusedBytes(run);
    uncompressedBytes -= tally.hasUncompressed(run) ? tally.lengthBytes(run) : 0;
  }

  private Reason reason(int run) {
    if (tally.unusedBlobs(run) > 0) {
      return Reason.PARTLY_USED;
    }
    if (tally.isMixed(run)) {
      return Reason.MIXED;
    }
    return mustCompress(run) ? Reason.UNCOMPRESSED : Reason.SMALL;
  }

  private PruneStatistics statistics() {
    return new PruneStatistics(
        new PruneStatistics.Blobs(
            tally.totalUsedBlobs(),
            tally.totalDuplicateBlobs(),
            tally.totalUnusedBlobs(),
            repackedBlobs,
            repackRemovedBlobs,
            removedBlobs),
        new PruneStatistics.Bytes(
            tally.totalUsedBytes(),
            tally.totalDuplicateBytes(),
            tally.totalUnusedBytes(),
            unreferencedBytes,
            compresses ? uncompressedBytes : 0,
            repackedBytes,
            repackRemovedBytes,
            removedBytes),
        new PruneStatistics.Packs(
            usedPacks,
            unusedPacks,
            partlyUsedPacks,
            unreferenced.size(),
            keptPacks,
            repacked.size(),
            removed.size()));
  }
}
