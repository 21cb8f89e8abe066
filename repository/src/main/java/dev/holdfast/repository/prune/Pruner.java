package dev.holdfast.repository.prune;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.format.SnapshotId;
import dev.holdfast.repository.index.IndexView;
import dev.holdfast.repository.lock.RepositoryLock;
import dev.holdfast.repository.parallel.Workers;
import dev.holdfast.repository.prune.PruneEvent.Stage;
import dev.holdfast.repository.store.ObjectInfo;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import dev.holdfast.repository.write.WriterOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Removes what no snapshot needs. [#plan] finds out what that is, [#execute] does it.
///
/// *Locks*: the exclusive lock that it is given is shared while it plans, copies and deletes, so
/// that others can back up; only the exchange of the index needs it exclusively. What others stored
/// meanwhile is looked at under the exclusive lock, before anything goes.
///
/// *Order*: new packs, new index files, then the old index files go, then the packs that no index
/// names any more. Broken off at any moment the repository is whole, and the next prune finds what
/// was copied already and goes on from there.
///
/// *Memory*: the index, some 56 bytes for each stored copy of a blob, a byte and a bit more while
/// it plans, and some 150 bytes for each pack. One thread at a time.
public final class Pruner {
  /// How long others may take to end what they do, once everything is copied.
  private static final Duration MIN_PATIENCE = Duration.ofMinutes(5);

  private final Repository repository;
  private final Optional<RepositoryLock> lock;
  private final Duration retryLock;
  private final PruneOptions options;
  private final WriterOptions writing;
  private final Consumer<PruneEvent> observer;
  private final Inventory inventory;
  private final UsedBlobs used;
  private @Nullable PrunePlan plan;

  /// @param lock held exclusively; empty if nobody else can use the repository, or nothing is to be
  ///   executed
  /// @param retryLock how long to wait for others, at least [#MIN_PATIENCE]
  /// @param writing how new packs are written; its gate watches the lock
  /// @param observer called from several threads
  public Pruner(
      Repository repository,
      Optional<RepositoryLock> lock,
      Duration retryLock,
      PruneOptions options,
      WriterOptions writing,
      Consumer<PruneEvent> observer) {
    this.repository = repository;
    this.lock = lock;
    this.retryLock = retryLock.compareTo(MIN_PATIENCE) > 0 ? retryLock : MIN_PATIENCE;
    this.options = options;
    this.writing = writing;
    this.observer = observer;
    inventory = new Inventory(repository);
    used = new UsedBlobs(repository, inventory.index(), options.workers(), observer);
  }

  /// Finds out what is to be done. Changes nothing.
  ///
  /// @param ignored snapshots that are taken for removed already
  /// @throws HoldfastException.Corrupt if something that a snapshot needs cannot be read or is
  ///   missing: what hangs on it would be taken for unused
  public PrunePlan plan(Set<SnapshotId> ignored) {
    lock.ifPresent(RepositoryLock::share);
    // Before the index: a snapshot that comes later may need packs that the index lacks.
    List<SnapshotId> snapshots = new ArrayList<>(used.list());
    snapshots.removeAll(ignored);
    observer.accept(new PruneEvent.Began(Stage.INDEX, repository.keys(ObjectType.INDEX).size()));
    inventory.load(this::advance);
    repository.useIndex(inventory.index());
    observer.accept(new PruneEvent.Began(Stage.TREES, -1));
    used.visit(snapshots);
    observer.accept(new PruneEvent.Began(Stage.PACKS, -1));
    IndexView view = inventory.index().view();
    PackTally tally = PackTally.of(view, used::contains);
    PrunePlanner planner = new PrunePlanner(view, tally, options, repository.config().compresses());
    repository
        .store()
        .list(
            ObjectType.PACK,
            pack -> planner.found(new PackId(pack.key().hash()), pack.lengthBytes()));
    PrunePlan made = planner.plan(IndexRewrite.isDue(inventory));
    plan = made;
    return made;
  }

  private void advance() {
    observer.accept(new PruneEvent.Advanced());
  }

  /// Does what was planned, once.
  ///
  /// @throws HoldfastException.Locked if others are still at work when their time is up; nothing
  ///   was removed then, and what was copied need not be copied again
  /// @throws Cancelled if the thread is interrupted
  public PruneResult execute() {
    PrunePlan planned = plan;
    plan = null;
    if (planned == null) {
      throw new IllegalStateException("nothing was planned");
    }
    if (planned.isEmpty()) {
      return new PruneResult(0, 0, 0, 0, 0, 0);
    }
    try {
      long copied = repack(planned);
      lock.ifPresent(held -> held.makeExclusive(retryLock));
      long start = System.nanoTime();
      Doomed doomed = exchangeIndex(planned);
      lock.ifPresent(RepositoryLock::share);
      long exclusive = Duration.ofNanos(System.nanoTime() - start).toMillis();
      long undeleted = delete(doomed.packs());
      return new PruneResult(
          doomed.packs().size() + doomed.deleted() - undeleted,
          doomed.bytes(),
          copied,
          doomed.kept(),
          undeleted,
          exclusive);
    } finally {
      repository.useIndex(null);
    }
  }

  private long repack(PrunePlan planned) {
    if (planned.repacked().isEmpty()) {
      return 0;
    }
    observer.accept(new PruneEvent.Began(Stage.REPACK, planned.repacked().size()));
    BitSet entries = leaving(planned).entriesToCopy(planned.repacked());
    return Repacking.run(repository, planned.repacked(), entries, options, writing, observer);
  }

  private Leaving leaving(PrunePlan planned) {
    return new Leaving(inventory.index().view(), planned, used::contains);
  }

  /// What goes once no index names it.
  ///
  /// @param deleted packs that are gone already
  /// @param bytes of all of them
  /// @param kept packs that stay although they were to go
  private record Doomed(List<ObjectKey> packs, long deleted, long bytes, int kept) {}

  private Doomed exchangeIndex(PrunePlan planned) {
    observer.accept(new PruneEvent.Began(Stage.CONFIRM, -1));
    List<SnapshotId> snapshots = used.list();
    inventory.load(this::advance);
    used.visit(snapshots);
    Leaving leaving = leaving(planned);
    List<ObjectInfo> stored = new ArrayList<>();
    repository.store().list(ObjectType.PACK, stored::add);
    List<ObjectInfo> unreferenced = leaving.noteStored(stored);
    int kept = leaving.keepWhatIsNeeded();
    List<ObjectKey> doomed = new ArrayList<>();
    long bytes = unreferenced.stream().mapToLong(ObjectInfo::lengthBytes).sum();
    unreferenced.forEach(pack -> doomed.add(pack.key()));
    long deleted = 0;
    if (options.maxRepackBytes() == 0) {
      // Whoever repacks nothing may be short of space for the new index.
      deleted = doomed.size() - delete(doomed);
      doomed.clear();
    }
    Set<ObjectKey> replaced = new HashSet<>();
    new IndexRewrite(repository, inventory, leaving::isDropped, writing.gate())
        .run(observer, replaced::add);
    boolean isNamed = isAnyThere(replaced);
    for (ObjectInfo pack : stored) {
      if (!isNamed && leaving.isLeaving(new PackId(pack.key().hash()))) {
        doomed.add(pack.key());
        bytes += pack.lengthBytes();
      }
    }
    return new Doomed(doomed, deleted, bytes, kept);
  }

  /// Whether the store keeps any of the index files that were replaced, because it protects them.
  /// What they name must not go then: whoever reads the index would look for it in vain.
  private boolean isAnyThere(Set<ObjectKey> replaced) {
    AtomicLong staying = new AtomicLong();
    if (!replaced.isEmpty()) {
      repository
          .store()
          .list(
              ObjectType.INDEX,
              file -> {
                if (replaced.contains(file.key())) {
                  staying.incrementAndGet();
                }
              });
    }
    if (staying.get() > 0) {
      observer.accept(
          new PruneEvent.Notice(
              "the store still protects %d index files that were replaced: the packs that they name stay for now"
                  .formatted(staying.get())));
    }
    return staying.get() > 0;
  }

  /// Deletes packs that no index names and returns how many it could not delete, which does no
  /// harm.
  private long delete(List<ObjectKey> packs) {
    observer.accept(new PruneEvent.Began(Stage.DELETE, packs.size()));
    AtomicLong failed = new AtomicLong();
    Queue<ObjectKey> queue = new ConcurrentLinkedQueue<>(packs);
    Workers.run(
        options.workers(),
        () -> {
          for (ObjectKey pack = queue.poll(); pack != null; pack = queue.poll()) {
            if (!delete(pack)) {
              failed.incrementAndGet();
            }
            observer.accept(new PruneEvent.Advanced());
          }
        });
    return failed.get();
  }

  private boolean delete(ObjectKey pack) {
    if (Thread.interrupted()) {
      throw new Cancelled("the prune was interrupted");
    }
    writing.gate().check();
    try {
      repository.store().delete(pack);
      return true;
    } catch (Cancelled e) {
      throw e;
    } catch (HoldfastException e) {
      observer.accept(
          new PruneEvent.Notice(
              pack + " could not be deleted, which does no harm: " + e.getMessage()));
      return false;
    }
  }
}
