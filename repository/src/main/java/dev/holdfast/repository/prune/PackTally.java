package dev.holdfast.repository.prune;

import dev.holdfast.repository.crypto.Sealer;
import dev.holdfast.repository.format.PackHeader;
import dev.holdfast.repository.index.IndexView;
import java.util.function.IntPredicate;

/// What is used of every pack, by the number of the pack's first run: some 50 bytes a pack, and a
/// byte and a bit for each stored copy of a blob while it counts. Of several copies one is used,
/// the others are duplicates. One thread only.
final class PackTally {
  private static final int HEADER_BYTES = Sealer.OVERHEAD_BYTES + PackHeader.LENGTH_FIELD_BYTES;

  /// More copies than this count as this many.
  private static final int MAX_COPIES = Byte.MAX_VALUE;

  private static final byte HAS_DATA = 1;
  private static final byte HAS_TREES = 2;
  private static final byte HAS_UNCOMPRESSED = 4;

  private final IndexView view;
  private final IntPredicate isUsed;
  private final int[] usedBlobs;
  private final int[] unusedBlobs;
  private final int[] duplicateBlobs;
  private final long[] usedBytes;
  private final long[] unusedBytes;
  private final byte[] content;

  // How many copies a blob has that were not decided on, by its first copy; zero if it has one.
  private final byte[] copies;

  private long totalUsedBlobs;
  private long totalUsedBytes;
  private long totalDuplicateBlobs;
  private long totalDuplicateBytes;
  private long totalUnusedBlobs;
  private long totalUnusedBytes;

  private PackTally(IndexView view, IntPredicate isUsed) {
    this.view = view;
    this.isUsed = isUsed;
    int runs = view.runs();
    usedBlobs = new int[runs];
    unusedBlobs = new int[runs];
    duplicateBlobs = new int[runs];
    usedBytes = new long[runs];
    unusedBytes = new long[runs];
    content = new byte[runs];
    copies = new byte[view.entries()];
  }

  /// Counts.
  ///
  /// @param isUsed tells of the first copy of a blob whether a snapshot needs it
  static PackTally of(IndexView view, IntPredicate isUsed) {
    PackTally tally = new PackTally(view, isUsed);
    boolean duplicates = tally.countCopies();
    tally.forEachEntry(tally::count);
    if (duplicates) {
      tally.forEachEntry(tally::decideDuplicate);
    }
    return tally;
  }

  /// Called with the first run of a pack and an entry in the pack.
  @FunctionalInterface
  private interface Entry {
    void visit(int pack, int entry);
  }

  private void forEachEntry(Entry visitor) {
    for (int run = 0; run < view.runs(); run++) {
      int pack = view.firstRunOf(run);
      for (int entry = view.fromEntry(run); entry < view.toEntry(run); entry++) {
        visitor.visit(pack, entry);
      }
    }
  }

  private boolean countCopies() {
    boolean duplicates = false;
    for (int entry = 0; entry < view.entries(); entry++) {
      int first = view.firstCopy(entry);
      if (first != entry && isUsed.test(first)) {
        duplicates = true;
        copies[first] = (byte) Math.min(MAX_COPIES, Math.max(1, copies[first]) + 1);
      }
    }
    return duplicates;
  }

  private void count(int pack, int entry) {
    int first = view.firstCopy(entry);
    long bytes = view.lengthBytes(entry);
    boolean compressed = view.isCompressed(entry);
    content[pack] |= view.isTree(entry) ? HAS_TREES : HAS_DATA;
    content[pack] |= compressed ? 0 : HAS_UNCOMPRESSED;
    if (usedBytes[pack] == 0) {
      usedBytes[pack] = HEADER_BYTES;
    }
    usedBytes[pack] += compressed ? PackHeader.COMPRESSED_ENTRY_BYTES : PackHeader.ENTRY_BYTES;
    if (!isUsed.test(first)) {
      unusedBlobs[pack]++;
      unusedBytes[pack] += bytes;
      totalUnusedBlobs++;
      totalUnusedBytes += bytes;
    } else if (copies[first] > 1) {
      // Not used for now; one of the copies will be.
      unusedBlobs[pack]++;
      duplicateBlobs[pack]++;
      unusedBytes[pack] += bytes;
      totalDuplicateBlobs++;
      totalDuplicateBytes += bytes;
    } else {
      usedBlobs[pack]++;
      usedBytes[pack] += bytes;
      totalUsedBlobs++;
      totalUsedBytes += bytes;
    }
  }

  /// Lets that copy count as used that lies beside used blobs, or in a pack of nothing but
  /// duplicates, which a prune leaves that was broken off after it had repacked; else the last one.
  /// Below zero means that only the last copy is left; zero that all is decided.
  private void decideDuplicate(int pack, int entry) {
    int first = view.firstCopy(entry);
    int left = copies[first];
    if (left == 0 || left == 1) {
      return;
    }
    boolean isGoodPlace = usedBlobs[pack] > 0 || duplicateBlobs[pack] == unusedBlobs[pack];
    if (!isGoodPlace && left > 0) {
      copies[first] = (byte) (left == 2 ? -1 : left - 1);
      return;
    }
    long bytes = view.lengthBytes(entry);
    copies[first] = 0;
    usedBlobs[pack]++;
    usedBytes[pack] += bytes;
    unusedBlobs[pack]--;
    unusedBytes[pack] -= bytes;
    totalUsedBlobs++;
    totalUsedBytes += bytes;
    totalDuplicateBlobs--;
    totalDuplicateBytes -= bytes;
  }

  int usedBlobs(int pack) {
    return usedBlobs[pack];
  }

  int unusedBlobs(int pack) {
    return unusedBlobs[pack];
  }

  /// With the pack's header.
  long usedBytes(int pack) {
    return usedBytes[pack];
  }

  long unusedBytes(int pack) {
    return unusedBytes[pack];
  }

  /// The length that the pack must have.
  long lengthBytes(int pack) {
    return usedBytes[pack] + unusedBytes[pack];
  }

  boolean isMixed(int pack) {
    return (content[pack] & HAS_DATA) != 0 && (content[pack] & HAS_TREES) != 0;
  }

  boolean hasOnlyData(int pack) {
    return (content[pack] & HAS_TREES) == 0;
  }

  boolean hasOnlyTrees(int pack) {
    return (content[pack] & HAS_DATA) == 0;
  }

  boolean hasUncompressed(int pack) {
    return (content[pack] & HAS_UNCOMPRESSED) != 0;
  }

  long totalUsedBlobs() {
    return totalUsedBlobs;
  }

  long totalUsedBytes() {
    return totalUsedBytes;
  }

  long totalDuplicateBlobs() {
    return totalDuplicateBlobs;
  }

  long totalDuplicateBytes() {
    return totalDuplicateBytes;
  }

  long totalUnusedBlobs() {
    return totalUnusedBlobs;
  }

  long totalUnusedBytes() {
    return totalUnusedBytes;
  }
}
