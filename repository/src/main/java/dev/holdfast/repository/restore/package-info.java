/// Writes a snapshot's content into a directory: plan, then execute, in passes of bounded size.
///
/// Knows the repository and the file system; knows no database and no command line. Never writes
/// outside the target, whatever the tree says. Open [dev.holdfast.repository.restore.Restorer]
/// first.
@NullMarked
package dev.holdfast.repository.restore;

import org.jspecify.annotations.NullMarked;
