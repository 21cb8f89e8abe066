/// Locks: who may use a repository now, alone or with others (format sheet, section 10).
///
/// Obeys and is obeyed by restic. Knows stores and small encrypted files; knows nothing of what the
/// holder of a lock does. Open [dev.holdfast.repository.lock.RepositoryLock] first, then
/// [dev.holdfast.repository.lock.LockMark] for how a lock is proven dead.
@NullMarked
package dev.holdfast.repository.lock;

import org.jspecify.annotations.NullMarked;
