package dev.holdfast.repository.lock;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Locked;
import dev.holdfast.repository.format.LockId;
import dev.holdfast.repository.store.ObjectStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A lock on a repository, held and refreshed until it is closed (format sheet, section 10).
///
/// A daemon thread writes a new lock file every [#REFRESH_EVERY] and deletes the one before. If
/// that does not succeed for [#EXPIRES_AFTER], others may soon take the lock for abandoned, so
/// [#assertValid()] fails: whatever changes the repository calls it before each change.
/// Thread-safe.
public final class RepositoryLock implements AutoCloseable {
  /// How often a held lock is renewed.
  static final Duration REFRESH_EVERY = Duration.ofMinutes(5);

  /// How soon a failed refresh is tried again.
  static final Duration REFRESH_AGAIN_AFTER = Duration.ofMinutes(1);

  /// Age at which the holder gives its own lock up: before others take it for stale, with room for
  /// clocks that differ.
  static final Duration EXPIRES_AFTER =
      LockState.STALE_AFTER.minus(REFRESH_EVERY.multipliedBy(3).dividedBy(2));

  /// Time that a lock which is being written at the same moment gets to appear.
  static final Duration SETTLE = Duration.ofMillis(200);

  private static final Duration FIRST_WAIT = Duration.ofSeconds(5);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  private final LockContext context;
  private final LockFolder folder;
  private final ReentrantLock changing = new ReentrantLock();
  private final Deque<LockId> superseded = new ArrayDeque<>();
  private final Thread refresher;
  private final @Nullable Settling settling;
  private volatile LockMode mode;
  private volatile LockId id;
  private volatile Instant refreshed;
  private volatile boolean lost;
  private volatile boolean closed;

  private RepositoryLock(
      LockContext context, LockMode mode, LockId id, Instant taken, @Nullable Settling settling) {
    this.context = context;
    this.settling = settling;
    this.folder = new LockFolder(context);
    this.mode = mode;
    this.id = id;
    this.refreshed = taken;
    this.refresher =
        Thread.ofPlatform().daemon().name("lock-refresh").unstarted(this::keepRefreshing);
  }

  /// Takes the lock. Locks that are proven dead are removed on the way.
  ///
  /// @param retryFor how long to wait, with growing pauses, while others hold the repository
  /// @throws Locked if others hold it still, naming one of them
  /// @throws HoldfastException.Cancelled if the thread is interrupted; nothing is left behind
  public static RepositoryLock acquire(LockContext context, LockMode mode, Duration retryFor) {
    context.processes().ignoreHangup();
    LockFolder folder = new LockFolder(context);
    return retrying(context, folder, retryFor, () -> tryAcquire(context, folder, mode));
  }

  private static <T> T retrying(
      LockContext context, LockFolder folder, Duration retryFor, Supplier<T> attempt) {
    Instant giveUp = context.clock().instant().plus(retryFor);
    Duration wait = FIRST_WAIT;
    boolean told = false;
    while (true) {
      try {
        return attempt.get();
      } catch (Locked e) {
        Duration left = Duration.between(context.clock().instant(), giveUp);
        if (!left.isPositive()) {
          throw e;
        }
        if (!told) {
          context.events().accept(new LockEvent.Waiting(e, retryFor));
          told = true;
        }
        folder.sleep(shorter(wait, left));
        wait = shorter(wait.multipliedBy(2), LONGEST_WAIT);
      }
    }
  }

  /// Takes a shared lock without waiting for it to settle: the caller may read at once, and what it
  /// writes waits in [#assertValid()], which throws if somebody took an exclusive lock at the same
  /// moment.
  ///
  /// @param wasFree whether there was no lock a moment ago, so that nobody has to be looked for
  ///   before the lock is written; after that everybody is, as always
  /// @throws Locked if others hold the repository exclusively, naming one of them
  public static RepositoryLock acquireForReading(LockContext context, boolean wasFree) {
    context.processes().ignoreHangup();
    LockFolder folder = new LockFolder(context);
    if (!wasFree) {
      folder.requireNoConflict(LockMode.SHARED, Set.of());
    }
    Instant taken = context.clock().instant();
    LockId id = folder.save(LockMode.SHARED);
    RepositoryLock lock =
        new RepositoryLock(
            context, LockMode.SHARED, id, taken, Settling.start(folder, LockMode.SHARED, id));
    lock.refresher.start();
    return lock;
  }

  /// Whether `store` has no locks: see [#acquireForReading].
  public static boolean isFree(ObjectStore store) {
    return LockFolder.idsLongerThan(store, 0).isEmpty();
  }

  /// The id of the present lock file; another after each refresh.
  public LockId id() {
    return id;
  }

  /// Makes a shared lock of an exclusive one, with no moment between in which somebody else could
  /// take the repository for himself.
  public void share() {
    assertValid();
    changing.lock();
    try {
      Instant now = context.clock().instant();
      LockId next = folder.save(LockMode.SHARED);
      mode = LockMode.SHARED;
      adopt(next, now);
    } finally {
      changing.unlock();
    }
  }

  /// Makes an exclusive lock of a shared one that [#share] made, with no moment between. Of two
  /// that do this at the same time neither would get it, so only who held the lock exclusively
  /// before may.
  ///
  /// @param retryFor how long to wait for others to end what they do
  /// @throws Locked if somebody is still at work then; the shared lock is held as before
  public void makeExclusive(Duration retryFor) {
    retrying(context, folder, retryFor, this::tryMakeExclusive);
  }

  private boolean tryMakeExclusive() {
    assertValid();
    changing.lock();
    try {
      deleteSuperseded();
      folder.requireNoConflict(LockMode.EXCLUSIVE, Set.of(id));
      Instant now = context.clock().instant();
      LockId next = folder.save(LockMode.EXCLUSIVE);
      try {
        folder.sleep(SETTLE);
        folder.requireNoConflict(LockMode.EXCLUSIVE, Set.of(id, next));
      } catch (RuntimeException | Error e) {
        giveBack(folder, next, e);
        throw e;
      }
      mode = LockMode.EXCLUSIVE;
      adopt(next, now);
      return true;
    } finally {
      changing.unlock();
    }
  }

  /// Returns if the lock is held, settled or not: what is put into the repository now may turn out
  /// to be in vain, and must be something that nobody sees.
  ///
  /// @throws Locked if it expired or was closed
  public void assertHeld() {
    if (lost || closed) {
      throw gone();
    }
    if (isExpired()) {
      assertValid();
    }
  }

  /// Returns if the repository may still be changed under this lock.
  ///
  /// After a long sleep of the machine the lock is renewed here, if nobody removed it meanwhile.
  ///
  /// @throws Locked if it expired or was closed; what is being done must stop
  public void assertValid() {
    if (lost || closed) {
      throw gone();
    }
    if (settling != null) {
      settling.await();
    }
    if (!isExpired()) {
      return;
    }
    changing.lock();
    try {
      if (isExpired() && !closed) {
        revive();
      }
    } finally {
      changing.unlock();
    }
    if (lost || closed) {
      throw gone();
    }
  }

  /// Ends refreshing and deletes the lock file, even if the thread is interrupted. Does not fail: a
  /// lock file that cannot be deleted is told as [LockEvent.ReleaseFailed]. Closing again does
  /// nothing.
  @Override
  public void close() {
    changing.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      if (settling != null) {
        settling.cancel();
      }
      // While the lock is held here, the refresher sleeps or waits: no call to the store is broken.
      refresher.interrupt();
      folder.delete(id);
      deleteSuperseded();
    } catch (HoldfastException e) {
      context.events().accept(new LockEvent.ReleaseFailed(id, e));
    } finally {
      changing.unlock();
    }
  }

  private static RepositoryLock tryAcquire(LockContext context, LockFolder folder, LockMode mode) {
    folder.requireNoConflict(mode, Set.of());
    Instant taken = context.clock().instant();
    LockId id = folder.save(mode);
    try {
      folder.sleep(SETTLE);
      folder.requireNoConflict(mode, Set.of(id));
    } catch (RuntimeException | Error e) {
      giveBack(folder, id, e);
      throw e;
    }
    RepositoryLock lock = new RepositoryLock(context, mode, id, taken, null);
    lock.refresher.start();
    return lock;
  }

  private static void giveBack(LockFolder folder, LockId id, Throwable reason) {
    try {
      folder.delete(id);
    } catch (HoldfastException e) {
      reason.addSuppressed(e);
    }
  }

  private void keepRefreshing() {
    Duration pause = REFRESH_EVERY;
    while (!closed && !lost) {
      try {
        context.sleeper().sleep(pause);
      } catch (InterruptedException e) {
        return; // by close()
      }
      pause = refresh() ? REFRESH_EVERY : REFRESH_AGAIN_AFTER;
    }
  }

  private boolean refresh() {
    changing.lock();
    try {
      if (closed || lost) {
        return true;
      }
      if (isExpired()) {
        revive();
      } else {
        Instant now = context.clock().instant();
        adopt(folder.save(mode), now);
      }
      return true;
    } catch (HoldfastException e) {
      context.events().accept(new LockEvent.RefreshFailed(id, e));
      return false;
    } finally {
      changing.unlock();
    }
  }

  /// Renews an expired lock if its file is there before and after: then nobody took it for
  /// abandoned and started to work meanwhile.
  private void revive() {
    LockId old = id;
    if (!folder.exists(old)) {
      lost = true;
      return;
    }
    Instant now = context.clock().instant();
    LockId next = folder.save(mode);
    try {
      folder.sleep(SETTLE);
      lost = !folder.exists(old);
    } catch (RuntimeException | Error e) {
      giveBack(folder, next, e);
      throw e;
    }
    if (lost) {
      folder.delete(next);
    } else {
      adopt(next, now);
    }
  }

  private void adopt(LockId next, Instant now) {
    superseded.add(id);
    id = next;
    refreshed = now;
    deleteSuperseded();
  }

  /// Those that cannot be deleted now are tried again with the next refresh and at the end.
  private void deleteSuperseded() {
    while (!superseded.isEmpty()) {
      folder.delete(superseded.getFirst());
      superseded.removeFirst();
    }
  }

  private boolean isExpired() {
    return context.clock().instant().isAfter(refreshed.plus(EXPIRES_AFTER));
  }

  private Locked gone() {
    return new Locked(
        "the lock on the repository %s was lost: it could not be refreshed in time"
            .formatted(context.store().location()),
        "run the command again; what it had finished is not stored twice");
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
