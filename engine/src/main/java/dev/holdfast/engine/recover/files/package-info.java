/// The few file operations that change live data during a recovery, as a layer of their own, so
/// that tests can let them fail, stop and forget what was not synced.
///
/// Knows nothing of snapshots, journals or databases. Open
/// [dev.holdfast.engine.recover.files.LiveFiles] first.
@NullMarked
package dev.holdfast.engine.recover.files;

import org.jspecify.annotations.NullMarked;
