package dev.holdfast.repository.lock;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Locked;
import dev.holdfast.repository.format.LockId;
import java.time.Duration;

/// What happens to locks and is worth telling. Some events come from the thread that refreshes.
public sealed interface LockEvent {
  /// A lock was removed because its process is proven to be gone.
  record DeadLockRemoved(FoundLock lock) implements LockEvent {}

  /// Somebody holds the repository; this process now waits for it, `upTo` so long in all.
  record Waiting(Locked reason, Duration upTo) implements LockEvent {}

  /// A lock cannot be read and may be one that is still being written; it is read again for `upTo`
  /// in all, and the repository counts as locked if that does not help.
  record ReadingAgain(HoldfastException reason, Duration upTo) implements LockEvent {}

  /// The lock could not be refreshed. It is tried again until the lock expires.
  record RefreshFailed(LockId lock, HoldfastException failure) implements LockEvent {}

  /// The lock file could not be deleted at the end and lies in the repository still.
  record ReleaseFailed(LockId lock, HoldfastException failure) implements LockEvent {}
}
