/// Getting at a repository: creating, opening and locking it, and the keys that open it.
///
/// Knows nothing of how a person gives a password or where stores come from. Open
/// [dev.holdfast.engine.access.RepositoryAccess] first.
@NullMarked
package dev.holdfast.engine.access;

import org.jspecify.annotations.NullMarked;
