package dev.holdfast.repository.lock;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.error.HoldfastException.Locked;
import dev.holdfast.repository.error.HoldfastException.NotFound;
import dev.holdfast.repository.format.LockFile;
import dev.holdfast.repository.format.LockFileCodec;
import dev.holdfast.repository.format.LockId;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.ObjectType;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The lock files of one repository: reading, judging, writing and deleting them.
final class LockFolder {
  /// Waits before unreadable locks are read again. A store may need time to settle, and to ignore a
  /// lock that is merely slow to appear would be worse than to wait.
  private static final List<Duration> READ_AGAIN_AFTER =
      List.of(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(20));

  private static final Duration READING_AGAIN =
      READ_AGAIN_AFTER.stream().reduce(Duration.ZERO, Duration::plus);

  /// Listings in a row that are out of date before they are read. Each means that a lock was
  /// released or refreshed in between, which takes others at least a fifth of a second.
  private static final int MAX_LISTINGS = 20;

  /// How long a process that was told to end keeps trying to delete its lock. A server that is gone
  /// would hold it up for a quarter of an hour.
  private static final Duration LAST_TRIES = Duration.ofSeconds(10);

  private final LockContext context;
  private final Duration lastTries;

  LockFolder(LockContext context) {
    this(context, LAST_TRIES);
  }

  /// @param lastTries how long an interrupted thread keeps trying to delete a lock
  LockFolder(LockContext context, Duration lastTries) {
    this.context = context;
    this.lastTries = lastTries;
  }

  LockId save(LockMode mode) {
    Holder holder = context.holder();
    OffsetDateTime now = OffsetDateTime.now(context.clock());
    LockFile file =
        new LockFile(
            LockMark.mark(now, holder.pid(), context.processes()),
            mode == LockMode.EXCLUSIVE,
            holder.hostname(),
            holder.username(),
            holder.pid(),
            holder.uid(),
            holder.gid());
    return new LockId(context.files().save(ObjectType.LOCK, LockFileCodec.encode(file)).hash());
  }

  /// Deletes a lock file whether or not the thread is interrupted: a lock left behind is in
  /// everybody's way. One that is interrupted does not try for long.
  ///
  /// @throws Cancelled if that was not long enough
  void delete(LockId id) {
    if (!Thread.interrupted()) {
      context.store().delete(key(id));
      return;
    }
    Thread deleting = Thread.currentThread();
    Thread limit = Thread.ofVirtual().start(() -> interruptLater(deleting));
    try {
      context.store().delete(key(id));
    } finally {
      limit.interrupt();
      deleting.interrupt();
    }
  }

  private void interruptLater(Thread deleting) {
    try {
      Thread.sleep(lastTries);
      deleting.interrupt();
    } catch (InterruptedException e) {
      // It was deleted in time.
    }
  }

  boolean exists(LockId id) {
    return context.store().exists(key(id));
  }

  /// The ids of all locks but the empty files that an upload which was cut short leaves on some
  /// stores: restic ignores these as well.
  List<LockId> ids() {
    return idsLongerThan(0);
  }

  /// The ids of all lock files, empty ones included.
  List<LockId> allIds() {
    return idsLongerThan(-1);
  }

  private List<LockId> idsLongerThan(long lengthBytes) {
    return idsLongerThan(context.store(), lengthBytes);
  }

  /// The ids of the locks in `store` that are longer than this.
  static List<LockId> idsLongerThan(ObjectStore store, long lengthBytes) {
    List<LockId> ids = new ArrayList<>();
    store.list(
        ObjectType.LOCK,
        info -> {
          if (info.lengthBytes() > lengthBytes) {
            ids.add(new LockId(info.key().hash()));
          }
        });
    return ids;
  }

  FoundLock load(LockId id) {
    return open(id, context.files().stored(key(id)));
  }

  private FoundLock open(LockId id, byte[] stored) {
    return new FoundLock(id, LockFileCodec.decode(context.files().open(key(id), stored)));
  }

  /// Returns if no lock but those of `own` conflicts with `mode`; removes locks that are proven
  /// dead.
  ///
  /// @throws Locked if one does, or if one cannot be read: at once if it is whole, so that it will
  ///   never be readable, otherwise after several attempts
  void requireNoConflict(LockMode mode, Set<LockId> own) {
    Set<LockId> harmless = new HashSet<>(own);
    for (int attempt = 0; ; attempt++) {
      Optional<HoldfastException> unreadable = examine(mode, harmless);
      if (unreadable.isEmpty()) {
        return;
      }
      if (attempt == READ_AGAIN_AFTER.size()) {
        throw unreadable(unreadable.get());
      }
      if (attempt == 0) {
        context.events().accept(new LockEvent.ReadingAgain(unreadable.get(), READING_AGAIN));
      }
      sleep(READ_AGAIN_AFTER.get(attempt));
    }
  }

  void sleep(Duration duration) {
    try {
      context.sleeper().sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancelled("interrupted while waiting for the lock of " + location());
    }
  }

  LockState judge(LockFile lock) {
    return LockState.of(lock, context);
  }

  /// Goes through the locks that are not known to be harmless, and again whenever one vanished
  /// meanwhile: its holder may have refreshed it, under a name that the listing did not have yet.
  ///
  /// @return why a lock could not be read, or empty if all could
  private Optional<HoldfastException> examine(LockMode mode, Set<LockId> harmless) {
    Optional<HoldfastException> unreadable = Optional.empty();
    boolean outOfDate = true;
    for (int listing = 0; outOfDate; listing++) {
      unreadable = Optional.empty();
      outOfDate = false;
      for (LockId id : ids()) {
        try {
          if (harmless.contains(id) || !conflicts(mode, whole(id))) {
            harmless.add(id);
          }
        } catch (NotFound e) {
          outOfDate = listing < MAX_LISTINGS;
          unreadable = Optional.of(e);
        } catch (Cancelled | Locked e) {
          throw e;
        } catch (HoldfastException e) {
          unreadable = Optional.of(e);
        }
      }
    }
    return unreadable;
  }

  /// A lock whose bytes are those that its name promises will not change any more.
  ///
  /// @throws Locked if it cannot be read all the same
  private FoundLock whole(LockId id) {
    byte[] stored = context.files().stored(key(id));
    try {
      return open(id, stored);
    } catch (Corrupt e) {
      throw unreadable(e);
    }
  }

  private boolean conflicts(LockMode mode, FoundLock lock) {
    if (judge(lock.file()) == LockState.DEAD && removeDead(lock)) {
      return false;
    }
    if (lock.conflictsWith(mode)) {
      throw locked(lock);
    }
    return false;
  }

  private boolean removeDead(FoundLock lock) {
    try {
      delete(lock.id());
    } catch (HoldfastException e) {
      return false; // not ours to delete: it counts like any other
    }
    context.events().accept(new LockEvent.DeadLockRemoved(lock));
    return true;
  }

  private Locked locked(FoundLock lock) {
    Instant now = context.clock().instant();
    return new Locked(
        "the repository %s is locked %s".formatted(location(), lock.describe(now)),
        switch (judge(lock.file())) {
          case HELD ->
              lock.isOfTheFuture(now)
                  ? "look at the clocks of both machines; if its process is gone, run 'holdfast"
                      + " unlock --remove-all'"
                  : "wait until it is done, or use --retry-lock to wait for it";
          case STALE, DEAD ->
              "it looks abandoned: make sure that its process is gone, then run 'holdfast unlock'";
        });
  }

  private HoldfastException unreadable(HoldfastException cause) {
    if (!(cause instanceof Corrupt)) {
      return cause;
    }
    return new Locked(
        "a lock of the repository %s cannot be read: %s".formatted(location(), cause.getMessage()),
        "make sure that nobody uses the repository, then run 'holdfast unlock --remove-all'");
  }

  private String location() {
    return context.store().location();
  }

  private static ObjectKey key(LockId id) {
    return new ObjectKey(ObjectType.LOCK, id.hash());
  }
}
