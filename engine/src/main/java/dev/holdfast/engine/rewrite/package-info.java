/// Snapshots made of other snapshots: with other tags, without some of their content, or in another
/// repository.
///
/// Knows no live data and no command line. Open [dev.holdfast.engine.rewrite.SnapshotReplacement]
/// first.
@NullMarked
package dev.holdfast.engine.rewrite;

import org.jspecify.annotations.NullMarked;
