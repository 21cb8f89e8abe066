/// Portable archives: what a snapshot holds, for people who do not have Holdfast, and back.
///
/// Knows snapshots, manifests, what belongs to an app, and kinds of databases by their seams;
/// nothing of commands. What reads the bytes of foreign archives is in `read`, what writes them in
/// `write`. Open [dev.holdfast.engine.archive.ArchiveFormat] first.
@NullMarked
package dev.holdfast.engine.archive;

import org.jspecify.annotations.NullMarked;
