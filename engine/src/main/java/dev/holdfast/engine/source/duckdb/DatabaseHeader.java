package dev.holdfast.engine.source.duckdb;

import static dev.holdfast.engine.source.duckdb.FileHead.HEADER_BYTES;

import dev.holdfast.engine.source.duckdb.FileHead.MalformedException;

/// What one checkpoint left (`DatabaseHeader` of `storage_info.hpp`).
///
/// @param iteration number of the checkpoint
/// @param metaBlock pointer to the first metadata block of the catalog
/// @param freeList pointer to the metadata block where the free list begins, [#NOWHERE] if none
/// @param blockCount blocks that the file has; it may end earlier, with nothing but free ones
///   missing
/// @param blockBytes size of a block
/// @param compatibility the storage version, or before 2.0 another number
record DatabaseHeader(
    long iteration,
    long metaBlock,
    long freeList,
    long blockCount,
    int blockBytes,
    long compatibility) {
  static final long NOWHERE = -1;

  /// What DuckDB takes for a size of blocks, and what zero meant in older files.
  private static final int SMALLEST_BLOCK_BYTES = 16 * 1024;

  static final int LARGEST_BLOCK_BYTES = 256 * 1024;

  /// As many blocks as fit into a file of Linux, with room to calculate.
  private static final long BLOCKS_MAX = Long.MAX_VALUE / 4 / LARGEST_BLOCK_BYTES;

  private static final int ITERATION_AT = BlockChecksum.BYTES;
  private static final int META_BLOCK_AT = ITERATION_AT + Long.BYTES;
  private static final int FREE_LIST_AT = META_BLOCK_AT + Long.BYTES;
  private static final int BLOCK_COUNT_AT = FREE_LIST_AT + Long.BYTES;
  private static final int BLOCK_BYTES_AT = BLOCK_COUNT_AT + Long.BYTES;
  private static final int VECTOR_SIZE_AT = BLOCK_BYTES_AT + Long.BYTES;
  private static final int COMPATIBILITY_AT = VECTOR_SIZE_AT + Long.BYTES;

  /// The header at `offset` of the file's head.
  static DatabaseHeader parse(byte[] head, int offset) throws MalformedException {
    String name = offset == HEADER_BYTES ? "first" : "second";
    if (!BlockChecksum.matches(head, offset, HEADER_BYTES)) {
      throw new MalformedException("has a wrong checksum in its " + name + " database header");
    }
    long blockBytes = BlockChecksum.word(head, offset + BLOCK_BYTES_AT);
    if (blockBytes == 0) {
      blockBytes = LARGEST_BLOCK_BYTES;
    }
    if (blockBytes < SMALLEST_BLOCK_BYTES
        || blockBytes > LARGEST_BLOCK_BYTES
        || Long.bitCount(blockBytes) != 1) {
      throw new MalformedException(
          "has blocks of %d bytes in its %s database header".formatted(blockBytes, name));
    }
    long blockCount = BlockChecksum.word(head, offset + BLOCK_COUNT_AT);
    if (blockCount < 0 || blockCount > BLOCKS_MAX) {
      throw new MalformedException(
          "has %d blocks in its %s database header".formatted(blockCount, name));
    }
    return new DatabaseHeader(
        BlockChecksum.word(head, offset + ITERATION_AT),
        BlockChecksum.word(head, offset + META_BLOCK_AT),
        BlockChecksum.word(head, offset + FREE_LIST_AT),
        blockCount,
        Math.toIntExact(blockBytes),
        BlockChecksum.word(head, offset + COMPATIBILITY_AT));
  }

  /// Where a block begins in the file.
  long positionOf(long block) {
    return FileHead.BYTES + block * blockBytes;
  }

  /// Whole blocks in a file of `lengthBytes`.
  long blocksIn(long lengthBytes) {
    return Math.max(0, lengthBytes - FileHead.BYTES) / blockBytes;
  }
}
