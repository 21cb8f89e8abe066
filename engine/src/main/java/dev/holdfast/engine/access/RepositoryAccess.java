package dev.holdfast.engine.access;

import dev.holdfast.engine.query.ObjectPrefix;
import dev.holdfast.repository.InitOptions;
import dev.holdfast.repository.OpenOptions;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.KeyId;
import dev.holdfast.repository.key.KeyMemory;
import dev.holdfast.repository.key.KeyringOptions;
import dev.holdfast.repository.lock.LockContext;
import dev.holdfast.repository.lock.LockMode;
import dev.holdfast.repository.lock.RepositoryLock;
import dev.holdfast.repository.lock.Unlock;
import dev.holdfast.repository.parallel.Ahead;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.ObjectType;
import dev.holdfast.repository.write.WriteGate;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An open repository, locked as its user asked. Closing it releases the lock, forgets the keys and
/// closes the store.
public final class RepositoryAccess implements AutoCloseable {
  private static final String WITHOUT_LOCK = "to read what cannot be written, add --no-lock";

  private final ObjectStore store;
  private final Repository repository;
  private final @Nullable RepositoryLock lock;
  private final Duration retryLock;

  private RepositoryAccess(
      ObjectStore store, Repository repository, @Nullable RepositoryLock lock, Duration retryLock) {
    this.store = store;
    this.repository = repository;
    this.lock = lock;
    this.retryLock = retryLock;
  }

  /// How a repository is opened.
  ///
  /// @param keyHint start of the id of the key to try first
  /// @param lock the lock to take; empty for none
  /// @param retryLock how long to wait for it
  /// @param onlyReads whether nothing is going to be written, so that a lock can be done without
  /// @param memory what has been opened before
  public record Options(
      Optional<String> keyHint,
      Optional<LockMode> lock,
      Duration retryLock,
      boolean onlyReads,
      Optional<KeyMemory> memory) {}

  /// Opens and locks the repository in `store`, which is closed with it, or here if that fails.
  ///
  /// @param notices told what a person should know: locks removed, waiting
  public static RepositoryAccess open(
      ObjectStore store, byte[] password, Options options, Consumer<String> notices) {
    try {
      Optional<KeyId> hint =
          options
              .keyHint()
              .map(prefix -> new KeyId(ObjectPrefix.find(store, ObjectType.KEY, prefix).hash()));
      try (Ahead<Boolean> free =
          Ahead.ask(store.connections(), () -> settlesLater(options) && isFree(store))) {
        Repository repository =
            Repository.open(store, password, new OpenOptions(hint, options.memory()));
        return lock(store, repository, options, free, notices);
      }
    } catch (RuntimeException | Error e) {
      store.close();
      throw e;
    }
  }

  /// Does what the first repository of a process takes longest for.
  ///
  /// @param scratch gets an object
  public static void warmUp(ObjectStore scratch) {
    Repository.warmUp(scratch);
  }

  private static RepositoryAccess lock(
      ObjectStore store,
      Repository repository,
      Options options,
      Ahead<Boolean> free,
      Consumer<String> notices) {
    try {
      RepositoryLock lock =
          options.lock().isEmpty()
              ? null
              : acquire(context(store, repository, notices), options, free);
      return new RepositoryAccess(store, repository, lock, options.retryLock());
    } catch (RuntimeException | Error e) {
      repository.close();
      throw e;
    }
  }

  /// A lock that nobody has to wait for settles beside the reading that comes first.
  private static RepositoryLock acquire(LockContext context, Options options, Ahead<Boolean> free) {
    try {
      return settlesLater(options)
          ? RepositoryLock.acquireForReading(context, free.get())
          : RepositoryLock.acquire(context, options.lock().orElseThrow(), options.retryLock());
    } catch (HoldfastException.InputOutput e) {
      throw new HoldfastException.InputOutput(String.valueOf(e.getMessage()), hint(e, options), e);
    } catch (HoldfastException.Rejected e) {
      throw new HoldfastException.Rejected(String.valueOf(e.getMessage()), hint(e, options));
    }
  }

  /// Who only wants to look can do it where nothing can be written.
  private static String hint(HoldfastException refused, Options options) {
    return options.onlyReads()
        ? refused.hint() + (refused.hint().isEmpty() ? "" : "; ") + WITHOUT_LOCK
        : refused.hint();
  }

  private static boolean settlesLater(Options options) {
    return options.lock().equals(Optional.of(LockMode.SHARED)) && options.retryLock().isZero();
  }

  /// Looked up while the repository is opened, before anybody knows whether there is one.
  private static boolean isFree(ObjectStore store) {
    try {
      return RepositoryLock.isFree(store);
    } catch (HoldfastException.Cancelled e) {
      throw e;
    } catch (HoldfastException e) {
      return false; // which has it looked up again
    }
  }

  /// Creates a repository in `store`, and opens it without a lock.
  ///
  /// @param polynomial what files are cut by; random if empty
  public static RepositoryAccess create(
      ObjectStore store,
      byte[] password,
      int version,
      OptionalLong polynomial,
      KeyringOptions keys) {
    try {
      InitOptions options = new InitOptions(version, polynomial, keys);
      return new RepositoryAccess(
          store, Repository.init(store, password, options), null, Duration.ZERO);
    } catch (RuntimeException | Error e) {
      store.close();
      throw e;
    }
  }

  public Repository repository() {
    return repository;
  }

  /// The repository's id, 64 hexadecimal digits.
  public String id() {
    return repository.config().id().toHex();
  }

  /// What its files are cut by.
  public long chunkerPolynomial() {
    return repository.config().chunkerPolynomial();
  }

  /// The lock that is held, for work that needs it exclusively only for a while; empty if none is.
  public Optional<RepositoryLock> lock() {
    return Optional.ofNullable(lock);
  }

  /// How long to wait for others.
  public Duration retryLock() {
    return retryLock;
  }

  /// What a writer asks before each change: that the lock still holds.
  public WriteGate gate() {
    RepositoryLock held = lock;
    return held == null ? WriteGate.OPEN : new LockGate(held);
  }

  private record LockGate(RepositoryLock lock) implements WriteGate {
    @Override
    public void check() {
      lock.assertValid();
    }

    @Override
    public void checkUnseen() {
      lock.assertHeld();
    }
  }

  /// Removes locks of others: the stale ones, or all. Returns how many.
  public int unlock(boolean all, Consumer<String> notices) {
    Unlock unlock = new Unlock(context(store, repository, notices));
    return (all ? unlock.removeAll() : unlock.removeStale()).size();
  }

  private static LockContext context(
      ObjectStore store, Repository repository, Consumer<String> notices) {
    return LockContext.ofThisProcess(
        store,
        repository.files(),
        event -> LockNotice.of(event, Clock.systemUTC().instant()).ifPresent(notices));
  }

  @Override
  public void close() {
    try {
      if (lock != null) {
        lock.close();
      }
    } catch (HoldfastException.Cancelled e) {
      // The lock is left to be judged dead by the next process.
    } finally {
      repository.close();
      store.close();
    }
  }
}
