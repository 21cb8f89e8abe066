/// The bytes of archives on their way in. Whoever made them is not trusted: every length, count and
/// name is checked where it is read, memory is bounded, and what is not exactly as it must be is
/// refused with the reason.
///
/// Knows nothing of snapshots. Open [dev.holdfast.engine.archive.read.TarInput] first.
@NullMarked
package dev.holdfast.engine.archive.read;

import org.jspecify.annotations.NullMarked;
