/// The keys of a repository: passwords that open its master key.
///
/// Knows the store and the crypto, nothing of packs and snapshots. Open
/// [dev.holdfast.repository.key.Keyring] first.
@NullMarked
package dev.holdfast.repository.key;

import org.jspecify.annotations.NullMarked;
