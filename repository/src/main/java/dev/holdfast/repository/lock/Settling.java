package dev.holdfast.repository.lock;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.format.LockId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The wait for a lock that somebody wrote at the same moment, beside the holder's other work.
/// Thread-safe.
final class Settling {
  private final Thread thread;
  private volatile @Nullable RuntimeException failure;
  private volatile boolean settled;

  private Settling(LockFolder folder, LockMode mode, LockId id) {
    thread =
        Thread.ofPlatform().daemon().name("lock-settle").unstarted(() -> run(folder, mode, id));
  }

  static Settling start(LockFolder folder, LockMode mode, LockId id) {
    Settling settling = new Settling(folder, mode, id);
    settling.thread.start();
    return settling;
  }

  private void run(LockFolder folder, LockMode mode, LockId id) {
    try {
      folder.sleep(RepositoryLock.SETTLE);
      folder.requireNoConflict(mode, Set.of(id));
      settled = true;
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  /// Returns once the lock is known to be the only one of its kind.
  ///
  /// @throws HoldfastException if it is not, or if that cannot be found out
  /// @throws Cancelled if the calling thread is interrupted
  void await() {
    if (settled) {
      return;
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancelled("interrupted while waiting for a lock");
    }
    RuntimeException reason = failure;
    if (reason != null) {
      throw reason;
    }
  }

  /// Gives the wait up: nobody needs to know any more.
  void cancel() {
    thread.interrupt();
  }
}
