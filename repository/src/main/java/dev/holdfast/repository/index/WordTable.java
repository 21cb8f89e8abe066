package dev.holdfast.repository.index;

import dev.holdfast.repository.format.Hash;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Arrays;

/// Numbered entries of some words of 64 bits each, an id first, outside Java's heap, so that
/// neither its bound nor its collector has to do with them; in segments, so that growing copies
/// nothing once there is a whole one. The memory is given back when nobody refers to the table any
/// more. Not thread-safe.
final class WordTable {
  /// Words of the id: the number of the first that follows it.
  static final int ID_WORDS = Hash.BYTES / Long.BYTES;

  private static final int SEGMENT_BITS = 16;
  private static final int SEGMENT_ENTRIES = 1 << SEGMENT_BITS;
  private static final int FIRST_ENTRIES = 1 << 9;

  private final int words;
  // All of SEGMENT_ENTRIES, but for the first while it is the only one.
  private LongBuffer[] segments;
  private int capacity = FIRST_ENTRIES;
  private int size;

  /// @param words of each entry, those of the id among them
  WordTable(int words) {
    this.words = words;
    this.segments = new LongBuffer[] {newSegment(FIRST_ENTRIES)};
  }

  int size() {
    return size;
  }

  /// Adds an entry, zeros behind its id, and returns its number.
  int add(Hash id) {
    if (size == capacity) {
      grow();
    }
    int entry = size++;
    LongBuffer segment = segment(entry);
    int at = at(entry);
    segment.put(at, id.w0());
    segment.put(at + 1, id.w1());
    segment.put(at + 2, id.w2());
    segment.put(at + 3, id.w3());
    return entry;
  }

  Hash id(int entry) {
    LongBuffer segment = segment(entry);
    int at = at(entry);
    return new Hash(segment.get(at), segment.get(at + 1), segment.get(at + 2), segment.get(at + 3));
  }

  boolean hasId(int entry, Hash id) {
    LongBuffer segment = segment(entry);
    int at = at(entry);
    return segment.get(at) == id.w0()
        && segment.get(at + 1) == id.w1()
        && segment.get(at + 2) == id.w2()
        && segment.get(at + 3) == id.w3();
  }

  boolean haveSameId(int entry, int other) {
    LongBuffer segment = segment(entry);
    int at = at(entry);
    LongBuffer there = segment(other);
    int otherAt = at(other);
    return segment.get(at) == there.get(otherAt)
        && segment.get(at + 1) == there.get(otherAt + 1)
        && segment.get(at + 2) == there.get(otherAt + 2)
        && segment.get(at + 3) == there.get(otherAt + 3);
  }

  /// One word of an entry; those of the id come first.
  long word(int entry, int number) {
    return segment(entry).get(at(entry) + number);
  }

  void setWord(int entry, int number, long value) {
    segment(entry).put(at(entry) + number, value);
  }

  /// Bytes that the entries take, with what is reserved.
  long memoryBytes() {
    return (long) capacity * words * Long.BYTES;
  }

  private LongBuffer segment(int entry) {
    return segments[entry >>> SEGMENT_BITS];
  }

  private int at(int entry) {
    return (entry & (SEGMENT_ENTRIES - 1)) * words;
  }

  private void grow() {
    if (capacity < SEGMENT_ENTRIES) {
      capacity *= 2;
      LongBuffer larger = newSegment(capacity);
      larger.put(0, segments[0], 0, size * words);
      segments[0] = larger;
    } else {
      segments = Arrays.copyOf(segments, segments.length + 1);
      segments[segments.length - 1] = newSegment(SEGMENT_ENTRIES);
      capacity += SEGMENT_ENTRIES;
    }
  }

  private LongBuffer newSegment(int entries) {
    return ByteBuffer.allocateDirect(entries * words * Long.BYTES)
        .order(ByteOrder.nativeOrder())
        .asLongBuffer();
  }
}
