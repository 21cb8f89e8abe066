package dev.holdfast.engine.source.duckdb;

import dev.holdfast.engine.source.Cutting;

/// How DuckDB's files are cut: the headers by themselves, for one of them changes with every
/// checkpoint, and blocks on their boundaries.
final class Cuts {
  /// Pieces of a log.
  static final int LOG_BYTES = 128 * 1024;

  private static final int LARGEST_BYTES = 256 * 1024;

  private Cuts() {}

  static Cutting.Extents of(int blockBytes) {
    return new Cutting.Extents(FileHead.BYTES, Math.min(LARGEST_BYTES, blockBytes));
  }
}
