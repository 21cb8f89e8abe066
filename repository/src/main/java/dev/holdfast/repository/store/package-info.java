/// Where a repository's objects lie: one small interface, its implementations and decorators.
///
/// Knows names and bytes, nothing of what the bytes mean. Open
/// [dev.holdfast.repository.store.ObjectStore] first.
@NullMarked
package dev.holdfast.repository.store;

import org.jspecify.annotations.NullMarked;
