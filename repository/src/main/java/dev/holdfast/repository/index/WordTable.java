package dev.holdfast.repository.index;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Arrays;

/// Numbered entries of some words of 64 bits each, outside Java's heap, so that neither its bound
/// nor its collector has to do with them; in segments, so that growing copies nothing once there is
/// a whole one. The memory is given back when nobody refers to the table any more. Not thread-safe.
final class WordTable {
  private static final int SEGMENT_BITS = 16;
  private static final int SEGMENT_ENTRIES = 1 << SEGMENT_BITS;
  private static final int FIRST_ENTRIES = 1 << 9;

  private final int words;
  // All of SEGMENT_ENTRIES, but for the first while it is the only one.
  private LongBuffer[] segments;
  private int capacity = FIRST_ENTRIES;
  private int size;

  /// @param words of each entry
  WordTable(int words) {
    this.words = words;
    this.segments = new LongBuffer[] {newSegment(FIRST_ENTRIES)};
  }

  int size() {
    return size;
  }

  /// Adds an entry of zeros and returns its number.
  int add() {
    if (size == capacity) {
      grow();
    }
    return size++;
  }

  /// What the entry lies in, from [#at] on, until another is added.
  LongBuffer segment(int entry) {
    return segments[entry >>> SEGMENT_BITS];
  }

  /// Where in its segment the entry begins.
  int at(int entry) {
    return (entry & (SEGMENT_ENTRIES - 1)) * words;
  }

  /// Bytes that the entries take, with what is reserved.
  long memoryBytes() {
    return (long) capacity * words * Long.BYTES;
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
