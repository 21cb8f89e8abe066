/// What a snapshot says of itself: a file in it that names every source, what is promised of it,
/// and how much it holds.
///
/// Knows records, their JSON, and where the file lies in a snapshot; nothing of how backups are
/// made. Open [dev.holdfast.engine.manifest.Manifest] first.
@NullMarked
package dev.holdfast.engine.manifest;

import org.jspecify.annotations.NullMarked;
