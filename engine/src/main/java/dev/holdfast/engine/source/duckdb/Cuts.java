package dev.holdfast.engine.source.duckdb;

import dev.holdfast.engine.source.Cutting;

/// How DuckDB's files are cut: the headers by themselves, for one of them changes with every
/// checkpoint, then blocks on their boundaries, into pieces smaller than a block.
///
/// A checkpoint writes what changed into other blocks, and a column of which one row changed with
/// all its neighbours. But it lies there as it lay before, from the start of the block, so that
/// equal pieces are found again. Measured on 20 million rows in 430 MB, between two backups 200
/// scattered updates, 200 inserts and 2 deletes, with a checkpoint; in MB:
///
/// | extents | 8 KiB | 16 KiB | 32 KiB | 64 KiB | 128 KiB | 256 KiB | 1 MiB |
/// |---|---|---|---|---|---|---|---|
/// | first backup | 271.6 | 268.9 | 268.4 | 268.3 | 269.6 | 268.5 | 265.0 |
/// | next backup | 4.2 | 5.3 | 8.3 | 13.6 | 19.6 | 23.1 | 40.3 |
/// | next backup without a checkpoint | 1.8 | 0.9 | 0.5 | 0.2 | 0.1 | 0.1 | 0.0 |
final class Cuts {
  /// Pieces of a log.
  static final int LOG_BYTES = 128 * 1024;

  static final int SMALLEST_BYTES = 16 * 1024;

  /// Most pieces of one file, for the sake of its node in the tree and of the index.
  private static final int PIECES_MAX = 262_144;

  private static final int LARGEST_BYTES = 8 * 1024 * 1024;

  private Cuts() {}

  /// The cutting of a file of `lengthBytes`: pieces of a power of two, as blocks are.
  static Cutting.Extents of(long lengthBytes) {
    int piece = SMALLEST_BYTES;
    while (piece < LARGEST_BYTES && Math.ceilDiv(lengthBytes, (long) piece) > PIECES_MAX) {
      piece *= 2;
    }
    return new Cutting.Extents(FileHead.BYTES, piece);
  }
}
