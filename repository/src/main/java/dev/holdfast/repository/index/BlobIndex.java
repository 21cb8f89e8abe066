package dev.holdfast.repository.index;

import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.format.PackedBlob;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// Where every blob of the repository lies: at most 64 bytes of memory for each, without an object
/// per blob, because a database of a terabyte has tens of millions (format sheet, section 6).
///
/// Thread-safe: lookups run while packs are added. Everything is behind one lock, which is held for
/// less than a microsecond at a time, against some hundred that hashing the shortest extent takes.
public final class BlobIndex {
  private final BlobEntries entries = new BlobEntries();
  private final PackRuns runs = new PackRuns();
  private final Set<BlobHandle> claims = new HashSet<>();

  // By id. Copies of a blob follow each other in the order of probing.
  private final SlotTable slots = new SlotTable();

  /// Some stored copy of the blob, or null if there is none.
  public synchronized @Nullable BlobLocation find(BlobHandle handle) {
    int entry = firstEntry(handle);
    return entry == SlotTable.NONE ? null : location(entry);
  }

  /// Every stored copy of the blob, in no particular order.
  public synchronized List<BlobLocation> findAll(BlobHandle handle) {
    List<BlobLocation> found = new ArrayList<>(1);
    slots.find(
        BlobEntries.slotHash(handle),
        entry -> {
          if (entries.matches(entry, handle)) {
            found.add(location(entry));
          }
          return false;
        });
    return found;
  }

  /// Whether the blob is stored.
  public synchronized boolean contains(BlobHandle handle) {
    return firstEntry(handle) != SlotTable.NONE;
  }

  /// Number of stored copies of blobs.
  public synchronized int blobCount() {
    return entries.size();
  }

  /// Number of packs.
  public synchronized int packCount() {
    return runs.packs();
  }

  /// Calls `each` once for every pack that was known when the call began, in no particular order.
  public void forEachPack(Consumer<PackId> each) {
    int count = runCount();
    for (int run = 0; run < count; run++) {
      PackId pack = packOfFirstRun(run);
      if (pack != null) {
        each.accept(pack);
      }
    }
  }

  /// The blobs of a pack by ascending offset, empty if the pack is not indexed.
  public synchronized List<PackedBlob> blobsOf(PackId pack) {
    List<PackedBlob> blobs = new ArrayList<>();
    for (int run = runs.find(pack); run != PackRuns.NONE; run = runs.next(run)) {
      for (int i = 0; i < runs.entries(run); i++) {
        blobs.add(entries.blob(runs.firstEntry(run) + i));
      }
    }
    blobs.sort(Comparator.comparingLong(PackedBlob::offset));
    return blobs;
  }

  /// Those blobs of a pack whose entries are among `wanted`, by ascending offset.
  public synchronized List<PackedBlob> blobsOf(PackId pack, BitSet wanted) {
    List<PackedBlob> blobs = new ArrayList<>();
    for (int run = runs.find(pack); run != PackRuns.NONE; run = runs.next(run)) {
      int end = runs.firstEntry(run) + runs.entries(run);
      int entry = wanted.nextSetBit(runs.firstEntry(run));
      while (entry >= 0 && entry < end) {
        blobs.add(entries.blob(entry));
        entry = wanted.nextSetBit(entry + 1);
      }
    }
    blobs.sort(Comparator.comparingLong(PackedBlob::offset));
    return blobs;
  }

  /// A look at everything by numbers. Nothing may be added while it is used.
  public IndexView view() {
    return new IndexView(this, entries, runs);
  }

  // The three below are for the view: without the lock, while nobody adds anything.

  int firstEntry(BlobHandle handle) {
    return slots.find(BlobEntries.slotHash(handle), entry -> entries.matches(entry, handle));
  }

  int firstEntryOf(int entry) {
    return slots.find(entries.slotHash(entry), other -> entries.areSame(entry, other));
  }

  boolean hasCopyIn(int entry, IntPredicate run) {
    int found =
        slots.find(
            entries.slotHash(entry),
            other -> entries.areSame(entry, other) && run.test(entries.run(other)));
    return found != SlotTable.NONE;
  }

  /// Enters the blobs of a pack that is in the store, and ends the claims to them. What is entered
  /// already is left out.
  ///
  /// @return the number of the run that now holds what was new, or [IndexView#NONE] if nothing was
  public synchronized int addPack(PackId pack, List<PackedBlob> blobs) {
    boolean known = runs.find(pack) != PackRuns.NONE;
    int run = PackRuns.NONE;
    for (PackedBlob blob : blobs) {
      if (!claims.isEmpty()) {
        claims.remove(blob.handle());
      }
      if (known && isEntered(pack, blob)) {
        continue;
      }
      if (run == PackRuns.NONE) {
        run = runs.begin(pack, entries.size());
      }
      enter(run, blob);
    }
    return run;
  }

  /// Whether the caller must store the blob: it is neither stored nor claimed by another. The claim
  /// ends when the blob's pack is added, or with [#release].
  public synchronized boolean claim(BlobHandle handle) {
    return firstEntry(handle) == SlotTable.NONE && claims.add(handle);
  }

  /// Gives up a claim: the blob was not stored after all.
  public synchronized void release(BlobHandle handle) {
    claims.remove(handle);
  }

  /// Gives up every claim: nothing more will be stored by those who made them.
  public synchronized void releaseAll() {
    claims.clear();
  }

  /// Bytes of memory that the index takes, with what is reserved for growth.
  public synchronized long memoryBytes() {
    return entries.memoryBytes() + runs.memoryBytes() + slots.memoryBytes();
  }

  private synchronized int runCount() {
    return runs.size();
  }

  private synchronized @Nullable PackId packOfFirstRun(int run) {
    return runs.isFirst(run) ? runs.pack(run) : null;
  }

  private BlobLocation location(int entry) {
    return new BlobLocation(runs.pack(entries.run(entry)), entries.blob(entry));
  }

  private boolean isEntered(PackId pack, PackedBlob blob) {
    // Where two index files differ on the length, one of them may be right.
    int found =
        slots.find(
            BlobEntries.slotHash(blob.handle()),
            entry ->
                entries.offset(entry) == blob.offset()
                    && entries.blob(entry).equals(blob)
                    && runs.pack(entries.run(entry)).equals(pack));
    return found != SlotTable.NONE;
  }

  private void enter(int run, PackedBlob blob) {
    int entry = entries.add(run, blob);
    runs.extend(run);
    slots.add(entry, entries::slotHash);
  }
}
