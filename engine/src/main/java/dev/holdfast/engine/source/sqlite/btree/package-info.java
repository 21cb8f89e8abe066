/// What the pages of a SQLite image hold: its schema, and how many rows each table has, read from
/// the b-trees themselves (SQLite's file format, sections 1.6 and 2.6).
///
/// Knows pages by number and nothing of files, logs, locks or connections. Every number on a page
/// is doubted: damage ends in [dev.holdfast.engine.source.sqlite.btree.MalformedPageException].
/// Open [dev.holdfast.engine.source.sqlite.btree.RowCounter] first.
@NullMarked
package dev.holdfast.engine.source.sqlite.btree;

import org.jspecify.annotations.NullMarked;
