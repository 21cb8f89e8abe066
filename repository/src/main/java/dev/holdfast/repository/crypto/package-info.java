/// Sealing and opening of stored bytes, and the keys for it (format sheet, section 2).
///
/// Knows nothing of what the bytes mean or where they lie. Open
/// [dev.holdfast.repository.crypto.Sealer] first.
@NullMarked
package dev.holdfast.repository.crypto;

import org.jspecify.annotations.NullMarked;
