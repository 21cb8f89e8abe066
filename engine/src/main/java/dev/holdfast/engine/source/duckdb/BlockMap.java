package dev.holdfast.engine.source.duckdb;

import dev.holdfast.engine.source.duckdb.FileHead.MalformedException;
import java.io.EOFException;
import java.io.IOException;
import java.util.BitSet;

/// Which blocks one header refers to.
///
/// Those are not written again until the next checkpoint is complete, but for metadata blocks: the
/// free parts of one may be filled in place, which leaves what this header refers to as it is.
///
/// @param used blocks that are not free
/// @param metadata blocks of metadata, among them
/// @param isComplete whether the list of metadata blocks was there to be read
record BlockMap(BitSet used, BitSet metadata, boolean isComplete) {
  /// The map that `header` of `file` leads to; to be trusted if the header is unchanged afterwards.
  ///
  /// @throws MalformedException if it is damaged, or was written in the meantime
  static BlockMap read(DataFile file, DatabaseHeader header)
      throws IOException, MalformedException {
    BitSet used = new BitSet();
    used.set(0, Math.toIntExact(header.blockCount()));
    BitSet metadata = new BitSet();
    if (header.freeList() == DatabaseHeader.NOWHERE) {
      return new BlockMap(used, metadata, false);
    }
    try {
      MetadataReader reader = new MetadataReader(file, header, header.freeList());
      readFreeBlocks(reader, header, used);
      skipSharedBlocks(reader, header);
      readMetadataBlocks(reader, header, metadata);
    } catch (EOFException e) {
      throw new MalformedException("ends within its free list");
    }
    return new BlockMap(used, metadata, true);
  }

  private static void readFreeBlocks(MetadataReader reader, DatabaseHeader header, BitSet used)
      throws IOException, MalformedException {
    long count = countOf("free", reader.readLong(), header);
    for (long i = 0; i < count; i++) {
      used.clear(blockOf("free", reader.readLong(), header));
    }
  }

  /// Blocks that several segments share, with how many do.
  private static void skipSharedBlocks(MetadataReader reader, DatabaseHeader header)
      throws IOException, MalformedException {
    long count = countOf("shared", reader.readLong(), header);
    for (long i = 0; i < count; i++) {
      blockOf("shared", reader.readLong(), header);
      reader.readInt();
    }
  }

  /// Blocks of metadata, with the parts that are free.
  private static void readMetadataBlocks(
      MetadataReader reader, DatabaseHeader header, BitSet metadata)
      throws IOException, MalformedException {
    long count = countOf("metadata", reader.readLong(), header);
    for (long i = 0; i < count; i++) {
      metadata.set(blockOf("metadata", reader.readLong(), header));
      reader.readLong();
    }
  }

  private static long countOf(String kind, long count, DatabaseHeader header)
      throws MalformedException {
    if (count < 0 || count > header.blockCount()) {
      throw new MalformedException(
          "lists %d %s blocks, and has %d".formatted(count, kind, header.blockCount()));
    }
    return count;
  }

  private static int blockOf(String kind, long block, DatabaseHeader header)
      throws MalformedException {
    if (block < 0 || block >= header.blockCount()) {
      throw new MalformedException(
          "lists %s block %d, and has %d".formatted(kind, block, header.blockCount()));
    }
    return Math.toIntExact(block);
  }

  /// Free blocks below the last one.
  int freeCount() {
    return used.length() - used.cardinality();
  }
}
