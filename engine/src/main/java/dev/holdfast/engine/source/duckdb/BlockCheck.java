package dev.holdfast.engine.source.duckdb;

import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;

/// Compares the checksums of all blocks of a database that nobody writes to. DuckDB itself looks at
/// those of the blocks that it reads.
final class BlockCheck {
  private final Place place;
  private final DataFile file;
  private final DatabaseHeader header;

  BlockCheck(Place place, DataFile file, DatabaseHeader header) {
    this.place = place;
    this.file = file;
    this.header = header;
  }

  /// @param map of the blocks in use, the others hold nothing
  /// @throws HoldfastException.Corrupt naming the first block that is wrong
  void run(BlockMap map) throws IOException {
    int size = header.blockBytes();
    byte[] block = new byte[size];
    for (int i = map.used().nextSetBit(0); i >= 0; i = map.used().nextSetBit(i + 1)) {
      if (Thread.currentThread().isInterrupted()) {
        throw new HoldfastException.Cancelled("cancelled while checking " + place.shown());
      }
      file.read(header.positionOf(i), block, 0, size);
      if (!BlockChecksum.matches(block, 0, size)) {
        throw Failures.damaged(place, "the checksum of its block " + i + " is wrong");
      }
    }
  }
}
