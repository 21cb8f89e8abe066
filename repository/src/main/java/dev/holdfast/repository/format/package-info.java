/// The records of a restic repository, and their exact bytes.
///
/// Bytes to records and back: no input or output, no clock, no threads, no secrets. Open
/// [dev.holdfast.repository.format.Node] and [dev.holdfast.repository.format.Snapshot] first.
@NullMarked
package dev.holdfast.repository.format;

import org.jspecify.annotations.NullMarked;
