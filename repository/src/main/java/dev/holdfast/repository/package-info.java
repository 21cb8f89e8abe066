/// A library for repositories in restic's format: opening and creating them, reading and writing
/// blobs, trees and snapshots.
///
/// Knows no database, no server and no command line. Open [dev.holdfast.repository.Repository]
/// first.
@NullMarked
package dev.holdfast.repository;

import org.jspecify.annotations.NullMarked;
