package dev.holdfast.repository.index;

import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.PackedBlob;

/// One entry of 48 bytes for each stored blob, outside Java's heap: four words of id; the number of
/// the run and the offset; the type in the top bit, the length and the uncompressed length. Not
/// thread-safe.
final class BlobEntries {
  /// Bytes that an entry takes.
  static final int ENTRY_BYTES = 6 * Long.BYTES;

  /// Entries are numbered by int, and slots need room above them.
  static final int MAX_ENTRIES = 700_000_000;

  /// Words behind the id.
  private static final int PLACE = WordTable.ID_WORDS;

  private static final int LENGTHS = PLACE + 1;

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
    int entry = table.add(blob.handle().id().hash());
    table.setWord(entry, PLACE, ((long) run << Integer.SIZE) | blob.offset());
    table.setWord(
        entry,
        LENGTHS,
        (blob.handle().type() == BlobType.TREE ? TREE_BIT : 0)
            | ((long) blob.lengthBytes() << Integer.SIZE)
            | blob.uncompressedLengthBytes());
    return entry;
  }

  boolean matches(int entry, BlobHandle handle) {
    return table.hasId(entry, handle.id().hash())
        && isTree(entry) == (handle.type() == BlobType.TREE);
  }

  /// Whether two entries are of the same blob.
  boolean areSame(int entry, int other) {
    return entry == other || (table.haveSameId(entry, other) && isTree(entry) == isTree(other));
  }

  boolean isTree(int entry) {
    return table.word(entry, LENGTHS) < 0;
  }

  int lengthBytes(int entry) {
    return (int) ((table.word(entry, LENGTHS) & ~TREE_BIT) >>> Integer.SIZE);
  }

  boolean isCompressed(int entry) {
    return (table.word(entry, LENGTHS) & LOW_HALF) != 0;
  }

  /// A well-mixed number of the entry's id.
  int slotHash(int entry) {
    return (int) table.word(entry, 1);
  }

  /// The same number as [#slotHash(int)] for an entry with this handle.
  static int slotHash(BlobHandle handle) {
    return (int) handle.id().hash().w1();
  }

  int run(int entry) {
    return (int) (table.word(entry, PLACE) >>> Integer.SIZE);
  }

  long offset(int entry) {
    return table.word(entry, PLACE) & LOW_HALF;
  }

  PackedBlob blob(int entry) {
    BlobHandle handle =
        new BlobHandle(isTree(entry) ? BlobType.TREE : BlobType.DATA, new BlobId(table.id(entry)));
    int uncompressed = (int) (table.word(entry, LENGTHS) & LOW_HALF);
    return new PackedBlob(handle, offset(entry), lengthBytes(entry), uncompressed);
  }

  /// Bytes that the entries take, with what is reserved.
  long memoryBytes() {
    return table.memoryBytes();
  }
}
