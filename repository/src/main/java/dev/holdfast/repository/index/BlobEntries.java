package dev.holdfast.repository.index;

import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.PackedBlob;
import java.nio.LongBuffer;

/// One entry of 48 bytes for each stored blob, outside Java's heap: four words of id; the number of
/// the run and the offset; the type in the top bit, the length and the uncompressed length. Not
/// thread-safe.
final class BlobEntries {
  /// Bytes that an entry takes.
  static final int ENTRY_BYTES = 6 * Long.BYTES;

  /// Entries are numbered by int, and slots need room above them.
  static final int MAX_ENTRIES = 700_000_000;

  private static final long LOW_HALF = 0xffff_ffffL;
  private static final long TREE_BIT = 1L << 63;

  private final WordTable table = new WordTable(ENTRY_BYTES / Long.BYTES);

  int size() {
    return table.size();
  }

  /// Adds an entry and returns its number.
  int add(int run, PackedBlob blob) {
    if (table.size() == MAX_ENTRIES) {
      throw new IllegalStateException(
          "index holds " + table.size() + " blobs, the most that it can");
    }
    int entry = table.add();
    LongBuffer words = table.segment(entry);
    int at = table.at(entry);
    Hash hash = blob.handle().id().hash();
    words.put(at, hash.w0());
    words.put(at + 1, hash.w1());
    words.put(at + 2, hash.w2());
    words.put(at + 3, hash.w3());
    words.put(at + 4, ((long) run << Integer.SIZE) | blob.offset());
    words.put(
        at + 5,
        (blob.handle().type() == BlobType.TREE ? TREE_BIT : 0)
            | ((long) blob.lengthBytes() << Integer.SIZE)
            | blob.uncompressedLengthBytes());
    return entry;
  }

  boolean matches(int entry, BlobHandle handle) {
    LongBuffer words = table.segment(entry);
    int at = table.at(entry);
    Hash hash = handle.id().hash();
    return words.get(at) == hash.w0()
        && words.get(at + 1) == hash.w1()
        && words.get(at + 2) == hash.w2()
        && words.get(at + 3) == hash.w3()
        && (words.get(at + 5) < 0) == (handle.type() == BlobType.TREE);
  }

  /// Whether two entries are of the same blob.
  boolean areSame(int entry, int other) {
    if (entry == other) {
      return true;
    }
    LongBuffer words = table.segment(entry);
    int at = table.at(entry);
    LongBuffer theirs = table.segment(other);
    int there = table.at(other);
    return words.get(at) == theirs.get(there)
        && words.get(at + 1) == theirs.get(there + 1)
        && words.get(at + 2) == theirs.get(there + 2)
        && words.get(at + 3) == theirs.get(there + 3)
        && (words.get(at + 5) < 0) == (theirs.get(there + 5) < 0);
  }

  boolean isTree(int entry) {
    return word(entry, 5) < 0;
  }

  int lengthBytes(int entry) {
    return (int) ((word(entry, 5) & ~TREE_BIT) >>> Integer.SIZE);
  }

  boolean isCompressed(int entry) {
    return (word(entry, 5) & LOW_HALF) != 0;
  }

  /// A well-mixed number of the entry's id.
  int slotHash(int entry) {
    return (int) word(entry, 1);
  }

  /// The same number as [#slotHash(int)] for an entry with this handle.
  static int slotHash(BlobHandle handle) {
    return (int) handle.id().hash().w1();
  }

  int run(int entry) {
    return (int) (word(entry, 4) >>> Integer.SIZE);
  }

  long offset(int entry) {
    return word(entry, 4) & LOW_HALF;
  }

  PackedBlob blob(int entry) {
    LongBuffer words = table.segment(entry);
    int at = table.at(entry);
    BlobId id =
        new BlobId(
            new Hash(words.get(at), words.get(at + 1), words.get(at + 2), words.get(at + 3)));
    BlobType type = words.get(at + 5) < 0 ? BlobType.TREE : BlobType.DATA;
    int length = (int) ((words.get(at + 5) & ~TREE_BIT) >>> Integer.SIZE);
    int uncompressed = (int) (words.get(at + 5) & LOW_HALF);
    return new PackedBlob(new BlobHandle(type, id), offset(entry), length, uncompressed);
  }

  /// Bytes that the entries take, with what is reserved.
  long memoryBytes() {
    return table.memoryBytes();
  }

  private long word(int entry, int index) {
    return table.segment(entry).get(table.at(entry) + index);
  }
}
