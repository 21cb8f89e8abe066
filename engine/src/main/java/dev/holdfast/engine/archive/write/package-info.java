/// The bytes of archives on their way out: compression in parallel, zip, files that appear whole.
///
/// Knows nothing of snapshots. Open [dev.holdfast.engine.archive.write.BlockDeflater] first.
@NullMarked
package dev.holdfast.engine.archive.write;

import org.jspecify.annotations.NullMarked;
