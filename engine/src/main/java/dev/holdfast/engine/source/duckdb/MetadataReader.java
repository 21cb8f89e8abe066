package dev.holdfast.engine.source.duckdb;

import dev.holdfast.engine.source.duckdb.FileHead.MalformedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Reads a chain of metadata blocks: each block of the file is 64 of them, each begins with a
/// pointer to the next (`metadata_reader.cpp`).
///
/// The file may be written at the same time. What a header refers to is not, so what was read is
/// good if the header is still the same afterwards, and may be anything otherwise.
final class MetadataReader {
  private static final int PARTS = 64;
  private static final int PART_SHIFT = 56;

  /// More parts of a chain than this cannot be: 64 million free blocks are a file of 16 TiB.
  private static final int CHAIN_MAX = 131_072;

  private final DataFile file;
  private final DatabaseHeader header;
  private final byte[] part;
  private ByteBuffer content = ByteBuffer.allocate(0);
  private long next;
  private int parts;

  /// @param pointer to the first part
  MetadataReader(DataFile file, DatabaseHeader header, long pointer) {
    this.file = file;
    this.header = header;
    this.next = pointer;
    int usable = header.blockBytes() - BlockChecksum.BYTES;
    part = new byte[usable / PARTS / Long.BYTES * Long.BYTES];
  }

  long readLong() throws IOException, MalformedException {
    if (content.remaining() >= Long.BYTES) {
      return content.getLong();
    }
    // A value may lie across two parts.
    long value = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      value |= (readByte() & 0xffL) << (i * Byte.SIZE);
    }
    return value;
  }

  int readInt() throws IOException, MalformedException {
    int value = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      value |= (readByte() & 0xff) << (i * Byte.SIZE);
    }
    return value;
  }

  private byte readByte() throws IOException, MalformedException {
    if (!content.hasRemaining()) {
      readPart();
    }
    return content.get();
  }

  private void readPart() throws IOException, MalformedException {
    long block = next & ((1L << PART_SHIFT) - 1);
    int index = (int) (next >>> PART_SHIFT);
    if (next == DatabaseHeader.NOWHERE || block >= header.blockCount() || index >= PARTS) {
      throw new MalformedException("has a free list that leads to nowhere");
    }
    parts++;
    if (parts > CHAIN_MAX) {
      throw new MalformedException("has a free list without an end");
    }
    long position = header.positionOf(block) + BlockChecksum.BYTES + (long) index * part.length;
    file.read(position, part, 0, part.length);
    content = ByteBuffer.wrap(part).order(ByteOrder.LITTLE_ENDIAN);
    next = content.getLong();
  }
}
