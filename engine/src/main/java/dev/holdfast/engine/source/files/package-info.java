/// File trees as a source: which files there are, what the file system says of them, which of them
/// are left out.
///
/// Knows the file system and restic's rules for it, nothing of blobs or repositories. Everything is
/// opened relative to the directory it was found in and never through a symbolic link, so that a
/// tree that changes meanwhile leads nowhere else, and paths have no maximum length. Open
/// [dev.holdfast.engine.source.files.TreeWalk] first.
@NullMarked
package dev.holdfast.engine.source.files;

import org.jspecify.annotations.NullMarked;
