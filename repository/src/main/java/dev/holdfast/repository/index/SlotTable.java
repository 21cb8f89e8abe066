package dev.holdfast.repository.index;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/// Finds numbered entries by a hash of theirs: open addressing, at most three quarters full, which
/// is still two probes on average. Takes 5 to 11 bytes an entry, outside Java's heap; growing
/// copies nothing, as everything is placed anew. Not thread-safe.
final class SlotTable {
  /// No entry.
  static final int NONE = -1;

  private static final int SEGMENT_BITS = 20;
  private static final int SEGMENT_SLOTS = 1 << SEGMENT_BITS;
  private static final int FIRST_SLOTS = 1 << 10;

  // A slot holds the number of an entry and one, or zero. All segments are of SEGMENT_SLOTS, but
  // for the first while it is the only one.
  private IntBuffer[] segments = {newSegment(FIRST_SLOTS)};
  private int slots = FIRST_SLOTS;

  /// The first entry with this hash that `wanted` accepts, or [#NONE]. Of equal entries the lowest
  /// comes first. What has another hash may be among those that are asked for.
  int find(int hash, IntPredicate wanted) {
    int slot = first(hash);
    int entry = entry(slot);
    while (entry != NONE && !wanted.test(entry)) {
      slot = next(slot);
      entry = entry(slot);
    }
    return entry;
  }

  /// Adds the entry that follows all that were added.
  ///
  /// @param entry its number, which is the number of those before it
  /// @param hashes the hash of each entry
  void add(int entry, IntUnaryOperator hashes) {
    if (entry < slots / 4 * 3) {
      place(entry, hashes.applyAsInt(entry));
      return;
    }
    grow();
    for (int each = 0; each <= entry; each++) {
      place(each, hashes.applyAsInt(each));
    }
  }

  /// Bytes that the table takes.
  long memoryBytes() {
    return (long) slots * Integer.BYTES;
  }

  private int first(int hash) {
    return hash & (slots - 1);
  }

  private int next(int slot) {
    return (slot + 1) & (slots - 1);
  }

  private int entry(int slot) {
    return segments[slot >>> SEGMENT_BITS].get(slot & (SEGMENT_SLOTS - 1)) - 1;
  }

  private void place(int entry, int hash) {
    int slot = first(hash);
    while (entry(slot) != NONE) {
      slot = next(slot);
    }
    segments[slot >>> SEGMENT_BITS].put(slot & (SEGMENT_SLOTS - 1), entry + 1);
  }

  /// Doubles the slots, all of them empty then.
  private void grow() {
    int doubled = Math.multiplyExact(slots, 2);
    if (doubled <= SEGMENT_SLOTS) {
      segments[0] = newSegment(doubled);
    } else {
      int full = segments.length;
      segments = Arrays.copyOf(segments, doubled >>> SEGMENT_BITS);
      for (int i = 0; i < segments.length; i++) {
        if (i < full) {
          clear(segments[i]);
        } else {
          segments[i] = newSegment(SEGMENT_SLOTS);
        }
      }
    }
    slots = doubled;
  }

  private static void clear(IntBuffer segment) {
    for (int slot = 0; slot < SEGMENT_SLOTS; slot++) {
      segment.put(slot, 0);
    }
  }

  private static IntBuffer newSegment(int slots) {
    return ByteBuffer.allocateDirect(slots * Integer.BYTES)
        .order(ByteOrder.nativeOrder())
        .asIntBuffer();
  }
}
