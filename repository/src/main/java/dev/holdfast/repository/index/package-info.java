/// Which blob lies in which pack, in memory, for tens of millions of blobs.
///
/// Knows ids and numbers; decrypts nothing and decides nothing. Open
/// [dev.holdfast.repository.index.BlobIndex] first.
@NullMarked
package dev.holdfast.repository.index;

import org.jspecify.annotations.NullMarked;
