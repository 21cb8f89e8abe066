package dev.holdfast.repository.index;

import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.PackedBlob;
import java.util.ArrayList;
import java.util.List;

/// One entry of 48 bytes for each stored blob, in segments so that growing copies nothing: four
/// words of id; the number of the run and the offset; the type in the top bit, the length and the
/// uncompressed length. Not thread-safe.
final class BlobEntries {
  /// Bytes that an entry takes.
  static final int ENTRY_BYTES = 6 * Long.BYTES;

  /// Entries are numbered by int, and slots need room above them.
  static final int MAX_ENTRIES = 700_000_000;

  private static final int WORDS = ENTRY_BYTES / Long.BYTES;
  private static final int SEGMENT_BITS = 12;
  private static final int SEGMENT_ENTRIES = 1 << SEGMENT_BITS;
  private static final long LOW_HALF = 0xffff_ffffL;
  private static final long TREE_BIT = 1L << 63;

  private final List<long[]> segments = new ArrayList<>();
  private int size;

  int size() {
    return size;
  }

  /// Adds an entry and returns its number.
  int add(int run, PackedBlob blob) {
    if (size == MAX_ENTRIES) {
      throw new IllegalStateException("index holds " + size + " blobs, the most that it can");
    }
    if ((size & (SEGMENT_ENTRIES - 1)) == 0) {
      segments.add(new long[SEGMENT_ENTRIES * WORDS]);
    }
    int entry = size++;
    long[] words = segment(entry);
    int at = at(entry);
    Hash hash = blob.handle().id().hash();
    words[at] = hash.w0();
    words[at + 1] = hash.w1();
    words[at + 2] = hash.w2();
    words[at + 3] = hash.w3();
    words[at + 4] = ((long) run << Integer.SIZE) | blob.offset();
    words[at + 5] =
        (blob.handle().type() == BlobType.TREE ? TREE_BIT : 0)
            | ((long) blob.lengthBytes() << Integer.SIZE)
            | blob.uncompressedLengthBytes();
    return entry;
  }

  boolean matches(int entry, BlobHandle handle) {
    long[] words = segment(entry);
    int at = at(entry);
    Hash hash = handle.id().hash();
    return words[at] == hash.w0()
        && words[at + 1] == hash.w1()
        && words[at + 2] == hash.w2()
        && words[at + 3] == hash.w3()
        && (words[at + 5] < 0) == (handle.type() == BlobType.TREE);
  }

  /// Whether two entries are of the same blob.
  boolean areSame(int entry, int other) {
    if (entry == other) {
      return true;
    }
    long[] words = segment(entry);
    int at = at(entry);
    long[] theirs = segment(other);
    int there = at(other);
    return words[at] == theirs[there]
        && words[at + 1] == theirs[there + 1]
        && words[at + 2] == theirs[there + 2]
        && words[at + 3] == theirs[there + 3]
        && (words[at + 5] < 0) == (theirs[there + 5] < 0);
  }

  boolean isTree(int entry) {
    return segment(entry)[at(entry) + 5] < 0;
  }

  int lengthBytes(int entry) {
    return (int) ((segment(entry)[at(entry) + 5] & ~TREE_BIT) >>> Integer.SIZE);
  }

  boolean isCompressed(int entry) {
    return (segment(entry)[at(entry) + 5] & LOW_HALF) != 0;
  }

  /// A well-mixed number of the entry's id.
  int slotHash(int entry) {
    return (int) segment(entry)[at(entry) + 1];
  }

  /// The same number as [#slotHash(int)] for an entry with this handle.
  static int slotHash(BlobHandle handle) {
    return (int) handle.id().hash().w1();
  }

  int run(int entry) {
    return (int) (segment(entry)[at(entry) + 4] >>> Integer.SIZE);
  }

  long offset(int entry) {
    return segment(entry)[at(entry) + 4] & LOW_HALF;
  }

  PackedBlob blob(int entry) {
    long[] words = segment(entry);
    int at = at(entry);
    BlobId id = new BlobId(new Hash(words[at], words[at + 1], words[at + 2], words[at + 3]));
    BlobType type = words[at + 5] < 0 ? BlobType.TREE : BlobType.DATA;
    int length = (int) ((words[at + 5] & ~TREE_BIT) >>> Integer.SIZE);
    int uncompressed = (int) (words[at + 5] & LOW_HALF);
    return new PackedBlob(new BlobHandle(type, id), offset(entry), length, uncompressed);
  }

  /// Bytes that the entries take, with what is reserved.
  long memoryBytes() {
    return (long) segments.size() * SEGMENT_ENTRIES * ENTRY_BYTES;
  }

  private long[] segment(int entry) {
    return segments.get(entry >>> SEGMENT_BITS);
  }

  private static int at(int entry) {
    return (entry & (SEGMENT_ENTRIES - 1)) * WORDS;
  }
}
