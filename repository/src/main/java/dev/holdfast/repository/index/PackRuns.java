package dev.holdfast.repository.index;

import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.PackId;
import java.util.Arrays;

/// The packs, as runs of entries: a pack has one, and a further one each time another index file
/// tells more of it. Not thread-safe.
final class PackRuns {
  /// No run.
  static final int NONE = -1;

  private static final int FIRST_CAPACITY = 64;
  private static final int WORDS = Hash.BYTES / Long.BYTES;

  private long[] ids = new long[FIRST_CAPACITY * WORDS];
  private int[] firstEntry = new int[FIRST_CAPACITY];
  private int[] entries = new int[FIRST_CAPACITY];
  private int[] next = new int[FIRST_CAPACITY];
  private boolean[] isFirst = new boolean[FIRST_CAPACITY];
  private int[] slots = new int[2 * FIRST_CAPACITY];
  private int size;
  private int packs;

  /// Number of runs.
  int size() {
    return size;
  }

  /// Number of different packs.
  int packs() {
    return packs;
  }

  /// The first run of a pack, or [#NONE].
  int find(PackId pack) {
    int slot = slot(pack.hash());
    return slots[slot] - 1;
  }

  /// Starts a run of entries that begin with `entry` and returns its number.
  int begin(PackId pack, int entry) {
    if (size == firstEntry.length) {
      grow();
    }
    int run = size++;
    Hash hash = pack.hash();
    ids[run * WORDS] = hash.w0();
    ids[run * WORDS + 1] = hash.w1();
    ids[run * WORDS + 2] = hash.w2();
    ids[run * WORDS + 3] = hash.w3();
    firstEntry[run] = entry;
    entries[run] = 0;
    int slot = slot(hash);
    int head = slots[slot] - 1;
    if (head == NONE) {
      slots[slot] = run + 1;
      next[run] = NONE;
      isFirst[run] = true;
      packs++;
    } else {
      next[run] = next[head];
      next[head] = run;
    }
    return run;
  }

  /// Notes that the next entry belongs to the run.
  void extend(int run) {
    entries[run]++;
  }

  PackId pack(int run) {
    int at = run * WORDS;
    return new PackId(new Hash(ids[at], ids[at + 1], ids[at + 2], ids[at + 3]));
  }

  boolean isFirst(int run) {
    return isFirst[run];
  }

  int firstEntry(int run) {
    return firstEntry[run];
  }

  int entries(int run) {
    return entries[run];
  }

  /// Another run of the same pack, or [#NONE].
  int next(int run) {
    return next[run];
  }

  long memoryBytes() {
    return (long) ids.length * Long.BYTES
        + (3L * firstEntry.length + slots.length) * Integer.BYTES
        + isFirst.length;
  }

  private int slot(Hash hash) {
    int mask = slots.length - 1;
    int slot = (int) hash.w0() & mask;
    while (slots[slot] != 0 && !pack(slots[slot] - 1).hash().equals(hash)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    int capacity = Math.multiplyExact(firstEntry.length, 2);
    ids = Arrays.copyOf(ids, Math.multiplyExact(capacity, WORDS));
    firstEntry = Arrays.copyOf(firstEntry, capacity);
    entries = Arrays.copyOf(entries, capacity);
    next = Arrays.copyOf(next, capacity);
    isFirst = Arrays.copyOf(isFirst, capacity);
    slots = new int[2 * capacity];
    for (int run = 0; run < size; run++) {
      if (isFirst[run]) {
        slots[slot(pack(run).hash())] = run + 1;
      }
    }
  }
}
