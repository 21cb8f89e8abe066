package dev.holdfast.repository.index;

import dev.holdfast.repository.format.Hash;
import java.util.function.ObjLongConsumer;

/// Ids with a number each: 41 to 82 bytes an id and no objects, because a check remembers every
/// tree and every pack of a repository. Not thread-safe.
public final class IdTable {
  private static final int WORDS = Hash.BYTES / Long.BYTES;
  private static final int FIRST_SLOTS = 1 << 8;

  private long[] words = new long[FIRST_SLOTS * WORDS];
  private long[] values = new long[FIRST_SLOTS];
  private boolean[] used = new boolean[FIRST_SLOTS];
  private int size;

  public int size() {
    return size;
  }

  public boolean contains(Hash id) {
    return used[slot(id)];
  }

  /// The number of `id`, or `absent`.
  public long get(Hash id, long absent) {
    int slot = slot(id);
    return used[slot] ? values[slot] : absent;
  }

  /// Adds `id`, and returns whether it was not there before.
  public boolean add(Hash id) {
    if (contains(id)) {
      return false;
    }
    put(id, 0);
    return true;
  }

  /// Sets the number of `id`.
  public void put(Hash id, long value) {
    if ((size + 1L) * 4 > values.length * 3L) {
      grow();
    }
    int slot = slot(id);
    if (!used[slot]) {
      used[slot] = true;
      size++;
      int at = slot * WORDS;
      words[at] = id.w0();
      words[at + 1] = id.w1();
      words[at + 2] = id.w2();
      words[at + 3] = id.w3();
    }
    values[slot] = value;
  }

  /// Every id with its number, in no order.
  public void forEach(ObjLongConsumer<Hash> each) {
    for (int slot = 0; slot < values.length; slot++) {
      if (used[slot]) {
        each.accept(id(slot), values[slot]);
      }
    }
  }

  private Hash id(int slot) {
    int at = slot * WORDS;
    return new Hash(words[at], words[at + 1], words[at + 2], words[at + 3]);
  }

  private int slot(Hash id) {
    int mask = values.length - 1;
    // Ids are hashes, but of a hostile repository they may all begin alike.
    long mixed = (id.w0() ^ Long.rotateLeft(id.w3(), 32)) * 0x9E3779B97F4A7C15L;
    int slot = (int) (mixed >>> 32) & mask;
    while (used[slot] && !isAt(slot, id)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private boolean isAt(int slot, Hash id) {
    int at = slot * WORDS;
    return words[at] == id.w0()
        && words[at + 1] == id.w1()
        && words[at + 2] == id.w2()
        && words[at + 3] == id.w3();
  }

  private void grow() {
    IdTable larger = new IdTable();
    int slots = Math.multiplyExact(values.length, 2);
    larger.words = new long[Math.multiplyExact(slots, WORDS)];
    larger.values = new long[slots];
    larger.used = new boolean[slots];
    forEach(larger::put);
    words = larger.words;
    values = larger.values;
    used = larger.used;
  }
}
