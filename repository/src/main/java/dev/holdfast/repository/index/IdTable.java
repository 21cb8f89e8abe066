package dev.holdfast.repository.index;

import dev.holdfast.repository.format.Hash;
import java.util.function.ObjLongConsumer;

/// Ids with a number each: 45 to 51 bytes an id outside Java's heap and no objects, because a check
/// remembers every tree and every pack of a repository. Not thread-safe.
public final class IdTable {
  private static final int VALUE = WordTable.ID_WORDS;

  private final WordTable entries = new WordTable(VALUE + 1);
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
    return entry == SlotTable.NONE ? absent : entries.word(entry, VALUE);
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
      entries.setWord(entry, VALUE, value);
    }
  }

  /// Every id with its number, in the order in which they were added.
  public void forEach(ObjLongConsumer<Hash> each) {
    for (int entry = 0; entry < entries.size(); entry++) {
      each.accept(entries.id(entry), entries.word(entry, VALUE));
    }
  }

  private void append(Hash id, long value) {
    int entry = entries.add(id);
    entries.setWord(entry, VALUE, value);
    slots.add(entry, this::slotHash);
  }

  private int find(Hash id) {
    return slots.find(slotHash(id.w0(), id.w3()), entry -> entries.hasId(entry, id));
  }

  private int slotHash(int entry) {
    return slotHash(entries.word(entry, 0), entries.word(entry, 3));
  }

  /// Ids are hashes, but of a hostile repository they may all begin alike.
  private static int slotHash(long first, long last) {
    long mixed = (first ^ Long.rotateLeft(last, 32)) * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32);
  }
}
