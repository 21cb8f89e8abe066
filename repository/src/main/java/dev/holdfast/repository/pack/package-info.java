/// Encrypted files as they lie in the store: the small ones that hold one record each, and packs,
/// which hold many blobs.
///
/// Knows bytes, keys and the store; knows nothing of which blob is where, nor of what a backup is.
/// Open [dev.holdfast.repository.pack.PackReader] first.
@NullMarked
package dev.holdfast.repository.pack;

import org.jspecify.annotations.NullMarked;
