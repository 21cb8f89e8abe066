package dev.holdfast.repository.lock;

import dev.holdfast.repository.format.LockFile;
import java.time.Duration;
import java.time.Instant;

/// What can be said of the process that took a lock.
public enum LockState {
  /// It may be at work.
  HELD,
  /// It seems to be gone, as restic judges it: the lock is older than half an hour, or it names
  /// this host and no process of its id runs. Grounds enough for `unlock`, which somebody asked
  /// for.
  STALE,
  /// It is proven to be gone. Grounds enough to remove the lock unasked.
  DEAD;

  /// Age from which restic, too, takes a lock for stale.
  static final Duration STALE_AFTER = Duration.ofMinutes(30);

  static LockState of(LockFile lock, LockContext context) {
    String hostname = context.holder().hostname();
    if (LockMark.provesDeath(lock, hostname, context.processes())) {
      return DEAD;
    }
    Instant staleSince = lock.time().toInstant().plus(STALE_AFTER);
    boolean old = context.clock().instant().isAfter(staleSince);
    boolean vanished = lock.hostname().equals(hostname) && !context.processes().isAlive(lock.pid());
    return old || vanished ? STALE : HELD;
  }
}
