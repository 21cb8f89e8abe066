package dev.holdfast.repository.restore;

import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.format.PackedBlob;
import dev.holdfast.repository.index.BlobLocation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which blob of which pack goes where in which file: 40 bytes for each, without objects, because a
/// database of a few gigabytes has hundreds of thousands.
final class Placements {
  /// Bounds the memory of a pass to about 20 MiB of placements: 8 GiB of 16 KiB extents.
  static final int MAX_PLACEMENTS = 1 << 19;

  private static final int FIRST_CAPACITY = 1 << 10;

  private final List<PackId> packs = new ArrayList<>();
  private final Map<PackId, Integer> packNumbers = new HashMap<>();
  private final List<PlannedFile> files = new ArrayList<>();

  private int size;
  private int[] file = new int[FIRST_CAPACITY];
  private int[] blob = new int[FIRST_CAPACITY];
  private int[] pack = new int[FIRST_CAPACITY];
  private int[] packOffset = new int[FIRST_CAPACITY];
  private int[] length = new int[FIRST_CAPACITY];
  private int[] plainLength = new int[FIRST_CAPACITY];
  private long[] fileOffset = new long[FIRST_CAPACITY];

  boolean isFull() {
    return size >= MAX_PLACEMENTS;
  }

  int size() {
    return size;
  }

  /// The content's blob number `blobNumber` is to be written at `offset` of `target`.
  void add(PlannedFile target, int blobNumber, long offset, BlobLocation from) {
    if (files.isEmpty() || files.getLast() != target) {
      files.add(target);
    }
    grow();
    file[size] = files.size() - 1;
    blob[size] = blobNumber;
    pack[size] = packNumber(from.pack());
    packOffset[size] = (int) from.blob().offset();
    length[size] = from.blob().lengthBytes();
    plainLength[size] = from.blob().uncompressedLengthBytes();
    fileOffset[size] = offset;
    size++;
  }

  private int packNumber(PackId id) {
    Integer known = packNumbers.putIfAbsent(id, packs.size());
    if (known != null) {
      return known;
    }
    packs.add(id);
    return packs.size() - 1;
  }

  private void grow() {
    if (size == file.length) {
      int capacity = Math.multiplyExact(size, 2);
      file = Arrays.copyOf(file, capacity);
      blob = Arrays.copyOf(blob, capacity);
      pack = Arrays.copyOf(pack, capacity);
      packOffset = Arrays.copyOf(packOffset, capacity);
      length = Arrays.copyOf(length, capacity);
      plainLength = Arrays.copyOf(plainLength, capacity);
      fileOffset = Arrays.copyOf(fileOffset, capacity);
    }
  }

  PackId packOf(int placement) {
    return packs.get(pack[placement]);
  }

  PlannedFile file(int placement) {
    return files.get(file[placement]);
  }

  long fileOffset(int placement) {
    return fileOffset[placement];
  }

  long packOffset(int placement) {
    return Integer.toUnsignedLong(packOffset[placement]);
  }

  int storedLength(int placement) {
    return length[placement];
  }

  /// Whether both are places of one blob.
  boolean isSameId(int first, int second) {
    return file(first).content().get(blob[first]).equals(file(second).content().get(blob[second]));
  }

  PackedBlob packedBlob(int placement) {
    return new PackedBlob(
        new BlobHandle(BlobType.DATA, file(placement).content().get(blob[placement])),
        packOffset(placement),
        length[placement],
        plainLength[placement]);
  }

  /// For each pack, in the order in which the files first need them, its placements by ascending
  /// offset in the pack. Reading packs in this order writes files nearly from start to end.
  List<int[]> byPack() {
    int[] counts = new int[packs.size()];
    for (int i = 0; i < size; i++) {
      counts[pack[i]]++;
    }
    List<int[]> groups = new ArrayList<>(packs.size());
    for (int count : counts) {
      groups.add(new int[count]);
    }
    int[] filled = new int[packs.size()];
    for (int i = 0; i < size; i++) {
      groups.get(pack[i])[filled[pack[i]]++] = i;
    }
    for (int[] group : groups) {
      sortByOffset(group);
    }
    return groups;
  }

  private void sortByOffset(int[] group) {
    long[] keys = new long[group.length];
    for (int i = 0; i < group.length; i++) {
      keys[i] = (packOffset(group[i]) << Integer.SIZE) | group[i];
    }
    // Offsets above 2^31 make negative keys, hence the detour over the sign bit.
    for (int i = 0; i < keys.length; i++) {
      keys[i] ^= Long.MIN_VALUE;
    }
    Arrays.sort(keys);
    for (int i = 0; i < keys.length; i++) {
      group[i] = (int) keys[i];
    }
  }
}
