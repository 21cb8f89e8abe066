/// Putting the content of a snapshot into a directory, as a person asks for it.
///
/// Knows names of snapshots, patterns of paths and which files make a database; the work is the
/// repository's restorer's. Open [dev.holdfast.engine.restore.SnapshotRestore] first.
@NullMarked
package dev.holdfast.engine.restore;

import org.jspecify.annotations.NullMarked;
