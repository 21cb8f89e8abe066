package dev.holdfast.repository.index;

import dev.holdfast.repository.format.Hash;
import java.nio.LongBuffer;
import java.util.function.ObjLongConsumer;

/// Ids with a number each: 45 to 51 bytes an id outside Java's heap and no objects, because a check
/// remembers every tree and every pack of a repository. Not thread-safe.
public final class IdTable {
  private static final int ID_WORDS = Hash.BYTES / Long.BYTES;

  // Four words of id, and its number.
  private final WordTable entries = new WordTable(ID_WORDS + 1);
  private final SlotTable slots = new SlotTable();

  public int size() {
    return entries.size();
  }

  public boolean contains(Hash id) {
    return find(id) != SlotTable.NONE;
  }

  /// The number of `id`, or `absent`.
  public long get(Hash id, long absent) {
    int entry = find(id);
    return entry == SlotTable.NONE
        ? absent
        : entries.segment(entry).get(entries.at(entry) + ID_WORDS);
  }

  /// Adds `id`, and returns whether it was not there before.
  public boolean add(Hash id) {
    if (contains(id)) {
      return false;
    }
    append(id, 0);
    return true;
  }

  /// Sets the number of `id`.
  public void put(Hash id, long value) {
    int entry = find(id);
    if (entry == SlotTable.NONE) {
      append(id, value);
    } else {
      entries.segment(entry).put(entries.at(entry) + ID_WORDS, value);
    }
  }

  /// Every id with its number, in the order in which they were added.
  public void forEach(ObjLongConsumer<Hash> each) {
    for (int entry = 0; entry < entries.size(); entry++) {
      LongBuffer words = entries.segment(entry);
      int at = entries.at(entry);
      Hash id = new Hash(words.get(at), words.get(at + 1), words.get(at + 2), words.get(at + 3));
      each.accept(id, words.get(at + ID_WORDS));
    }
  }

  private void append(Hash id, long value) {
    int entry = entries.add();
    LongBuffer words = entries.segment(entry);
    int at = entries.at(entry);
    words.put(at, id.w0());
    words.put(at + 1, id.w1());
    words.put(at + 2, id.w2());
    words.put(at + 3, id.w3());
    words.put(at + ID_WORDS, value);
    slots.add(entry, this::slotHash);
  }

  private int find(Hash id) {
    return slots.find(slotHash(id.w0(), id.w3()), entry -> isAt(entry, id));
  }

  private boolean isAt(int entry, Hash id) {
    LongBuffer words = entries.segment(entry);
    int at = entries.at(entry);
    return words.get(at) == id.w0()
        && words.get(at + 1) == id.w1()
        && words.get(at + 2) == id.w2()
        && words.get(at + 3) == id.w3();
  }

  private int slotHash(int entry) {
    LongBuffer words = entries.segment(entry);
    int at = entries.at(entry);
    return slotHash(words.get(at), words.get(at + 3));
  }

  /// Ids are hashes, but of a hostile repository they may all begin alike.
  private static int slotHash(long first, long last) {
    long mixed = (first ^ Long.rotateLeft(last, 32)) * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32);
  }
}
