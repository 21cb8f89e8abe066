/// SQLite databases as a source: one committed state of a live database, readable at any position,
/// while its application goes on writing.
///
/// It knows SQLite's files, locks and wal-index (`https://sqlite.org/fileformat2.html`,
/// `https://sqlite.org/walformat.html`) and nothing of blobs or repositories. Open
/// [dev.holdfast.engine.source.sqlite.SqliteSource] first.
@NullMarked
package dev.holdfast.engine.source.sqlite;

import org.jspecify.annotations.NullMarked;
