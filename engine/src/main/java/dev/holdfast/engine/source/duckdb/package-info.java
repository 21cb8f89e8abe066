/// DuckDB databases as a source: what a power cut would leave of a live database, proven to open,
/// while its application goes on writing.
///
/// It knows DuckDB's file, free list and write-ahead log
/// (`https://duckdb.org/docs/internals/storage` and DuckDB's own `storage_info.hpp`,
/// `single_file_block_manager.cpp`, `metadata_manager.cpp` and `write_ahead_log.cpp`, versions 1.0
/// to 2.0) and nothing of blobs or repositories. Open [dev.holdfast.engine.source.duckdb.Capture]
/// first.
@NullMarked
package dev.holdfast.engine.source.duckdb;

import org.jspecify.annotations.NullMarked;
