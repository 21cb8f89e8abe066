/// What can be backed up, and the seam between a source and the backup: files with content that can
/// be read at any position.
///
/// Sources know their engine and nothing of packs, blobs or trees. Open
/// [dev.holdfast.engine.source.Content] first.
@NullMarked
package dev.holdfast.engine.source;

import org.jspecify.annotations.NullMarked;
