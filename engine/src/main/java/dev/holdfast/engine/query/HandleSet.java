package dev.holdfast.engine.query;

import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.Hash;
import java.util.Arrays;
import java.util.function.Consumer;

/// A set of blobs for counting: 48 to 96 bytes each, where a set of objects takes three times as
/// much, because a large database has millions. Not thread-safe.
final class HandleSet {
  private static final int WORDS = Hash.BYTES / Long.BYTES;
  private static final int FIRST_SLOTS = 1 << 10;

  /// Slots are at most two thirds full: beyond that, probing gets long.
  private static final int FULL_NUMERATOR = 2;

  private static final int FULL_DENOMINATOR = 3;

  private static final byte DATA_MARK = 1;
  private static final byte TREE_MARK = 2;

  private long[] ids = new long[FIRST_SLOTS * WORDS];
  private byte[] types = new byte[FIRST_SLOTS];
  private int size;

  int size() {
    return size;
  }

  /// Adds a blob; whether it was not there before.
  boolean add(BlobHandle handle) {
    return add(handle.type(), handle.id());
  }

  /// Adds a blob; whether it was not there before.
  boolean add(BlobType type, BlobId id) {
    if ((long) (size + 1) * FULL_DENOMINATOR > (long) types.length * FULL_NUMERATOR) {
      grow();
    }
    Hash hash = id.hash();
    int slot = slot(mark(type), hash);
    if (types[slot] != 0) {
      return false;
    }
    types[slot] = mark(type);
    int at = slot * WORDS;
    ids[at] = hash.w0();
    ids[at + 1] = hash.w1();
    ids[at + 2] = hash.w2();
    ids[at + 3] = hash.w3();
    size++;
    return true;
  }

  boolean contains(BlobHandle handle) {
    return types[slot(mark(handle.type()), handle.id().hash())] != 0;
  }

  void forEach(Consumer<BlobHandle> each) {
    for (int slot = 0; slot < types.length; slot++) {
      if (types[slot] != 0) {
        each.accept(new BlobHandle(type(types[slot]), new BlobId(hash(slot))));
      }
    }
  }

  /// Zero is for empty slots.
  private static byte mark(BlobType type) {
    return switch (type) {
      case DATA -> DATA_MARK;
      case TREE -> TREE_MARK;
    };
  }

  private static BlobType type(byte mark) {
    return mark == DATA_MARK ? BlobType.DATA : BlobType.TREE;
  }

  private Hash hash(int slot) {
    int at = slot * WORDS;
    return new Hash(ids[at], ids[at + 1], ids[at + 2], ids[at + 3]);
  }

  /// The slot that holds the blob, or the empty one that it belongs into. Ids are hashes: their own
  /// bits spread them.
  private int slot(byte type, Hash hash) {
    int mask = types.length - 1;
    int slot = (int) hash.w0() & mask;
    while (types[slot] != 0 && !(types[slot] == type && hash(slot).equals(hash))) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldIds = ids;
    byte[] oldTypes = types;
    int slots = Math.multiplyExact(types.length, 2);
    ids = new long[Math.multiplyExact(slots, WORDS)];
    types = new byte[slots];
    for (int old = 0; old < oldTypes.length; old++) {
      if (oldTypes[old] != 0) {
        long[] words = Arrays.copyOfRange(oldIds, old * WORDS, (old + 1) * WORDS);
        int slot = slot(oldTypes[old], new Hash(words[0], words[1], words[2], words[3]));
        types[slot] = oldTypes[old];
        System.arraycopy(words, 0, ids, slot * WORDS, WORDS);
      }
    }
  }
}
