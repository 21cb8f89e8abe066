/// Backs up: takes what sources hand over, stores it through the repository's writer, and publishes
/// the snapshot when all of it is durable.
///
/// The walking thread finds files and hands them to a few workers, which read, cut and store them.
/// A directory's tree is stored by whoever completes its last entry. Knows no pack, no lock, no
/// command line. Open [dev.holdfast.engine.backup.Archiver] first.
@NullMarked
package dev.holdfast.engine.backup;

import org.jspecify.annotations.NullMarked;
