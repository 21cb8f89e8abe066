/// Erasure: something is removed from every snapshot and from every pack, and must not come back
/// from an older copy.
///
/// Knows no live data and no command line. Open [dev.holdfast.engine.purge.Purge] first.
@NullMarked
package dev.holdfast.engine.purge;

import org.jspecify.annotations.NullMarked;
