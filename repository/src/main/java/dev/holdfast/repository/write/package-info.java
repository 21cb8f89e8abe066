/// The way of a blob into the repository: hash, look up, compress, seal, verify, pack, publish,
/// index.
///
/// Knows nothing of files, trees or databases. Open
/// [dev.holdfast.repository.write.RepositoryWriter] first.
@NullMarked
package dev.holdfast.repository.write;

import org.jspecify.annotations.NullMarked;
