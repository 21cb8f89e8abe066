package dev.holdfast.repository.prune;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.SnapshotId;
import dev.holdfast.repository.format.TreeCodec;
import dev.holdfast.repository.format.TreeReferences;
import dev.holdfast.repository.index.BlobIndex;
import dev.holdfast.repository.index.IndexView;
import dev.holdfast.repository.maintenance.TreeQueue;
import dev.holdfast.repository.parallel.ParallelLoading;
import dev.holdfast.repository.parallel.Workers;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/// Finds what snapshots need, a bit for each blob. Whatever cannot be read ends it: what hangs on
/// it would be taken for unused.
final class UsedBlobs {
  /// Larger trees are read one at a time: there is memory for one of the largest, not for several.
  private static final int LARGE_BYTES = 8 << 20;

  private final Repository repository;
  private final BlobIndex index;
  private final int workers;
  private final Consumer<PruneEvent> observer;
  private final Object large = new Object();
  private final Set<SnapshotId> visited = new HashSet<>();
  private final Bits used = new Bits(0);

  UsedBlobs(Repository repository, BlobIndex index, int workers, Consumer<PruneEvent> observer) {
    this.repository = repository;
    this.index = index;
    this.workers = workers;
    this.observer = observer;
  }

  /// Whether some snapshot needs the blob that this entry stands for, the first of its copies.
  boolean contains(int firstCopy) {
    return used.contains(firstCopy);
  }

  /// Adds what the snapshots need that were not visited before. The index has everything that they
  /// refer to and does not change meanwhile.
  ///
  /// @throws HoldfastException if a snapshot or tree cannot be read, or a blob is not in the index
  void visit(List<SnapshotId> snapshots) {
    IndexView view = index.view();
    used.grow(view.entries());
    List<SnapshotId> fresh = snapshots.stream().filter(visited::add).toList();
    Queue<BlobId> loaded = new ConcurrentLinkedQueue<>();
    ParallelLoading.forEach(fresh, repository.store().connections(), id -> loaded.add(rootOf(id)));
    BlobIds.Builder roots = new BlobIds.Builder(fresh.size());
    loaded.forEach(roots::add);
    TreeQueue queue = new TreeQueue(tree -> mark(view, BlobType.TREE, tree));
    queue.add(roots.build());
    Workers.run(workers, () -> walk(view, queue));
  }

  private BlobId rootOf(SnapshotId id) {
    try {
      return repository.loadSnapshot(id).tree();
    } catch (Corrupt e) {
      throw new Corrupt(
          "snapshot "
              + id.hash().toShortHex()
              + " cannot be read, so nobody knows what it needs: "
              + e.getMessage(),
          "nothing was removed; 'holdfast repair snapshots --forget "
              + id.hash().toShortHex()
              + "' gives it up",
          e);
    }
  }

  private void walk(IndexView view, TreeQueue queue) {
    try {
      for (BlobId id = queue.take(); id != null; id = queue.take()) {
        try {
          if (lengthOf(view, id) > LARGE_BYTES) {
            synchronized (large) {
              visit(view, queue, id);
            }
          } else {
            visit(view, queue, id);
          }
        } finally {
          queue.done();
        }
        observer.accept(new PruneEvent.Advanced());
      }
    } catch (RuntimeException | Error e) {
      queue.stop();
      throw e;
    }
  }

  private static int lengthOf(IndexView view, BlobId tree) {
    int entry = view.entryOf(new BlobHandle(BlobType.TREE, tree));
    return entry == IndexView.NONE ? 0 : view.lengthBytes(entry);
  }

  private void visit(IndexView view, TreeQueue queue, BlobId id) {
    TreeReferences references = load(id);
    queue.add(references.subtrees());
    BlobIds content = references.content();
    List<BlobId> missing = new ArrayList<>();
    for (int i = 0; i < content.size(); i++) {
      BlobId blob = content.get(i);
      int entry = view.entryOf(new BlobHandle(BlobType.DATA, blob));
      if (entry == IndexView.NONE) {
        missing.add(blob);
      } else {
        used.add(entry);
      }
    }
    if (!missing.isEmpty()) {
      throw notIndexed(
          missing.size()
              + " blobs of tree "
              + id.hash().toShortHex()
              + ", the first being data/"
              + missing.getFirst());
    }
  }

  private TreeReferences load(BlobId id) {
    try {
      return TreeCodec.references(repository.loadBlob(new BlobHandle(BlobType.TREE, id)));
    } catch (Cancelled e) {
      throw e;
    } catch (HoldfastException e) {
      throw new Corrupt(
          "tree "
              + id.hash().toShortHex()
              + " cannot be read, so nobody knows what it needs: "
              + e.getMessage(),
          "nothing was removed; run 'holdfast check' to learn what is affected",
          e);
    }
  }

  private boolean mark(IndexView view, BlobType type, BlobId id) {
    int entry = view.entryOf(new BlobHandle(type, id));
    if (entry == IndexView.NONE) {
      throw notIndexed("tree " + id);
    }
    return used.add(entry);
  }

  private static Corrupt notIndexed(String what) {
    return new Corrupt(
        what + " that snapshots need: not in the index",
        "nothing was removed; run 'holdfast repair index', then 'holdfast check'",
        null);
  }

  /// The snapshots in the store.
  List<SnapshotId> list() {
    List<SnapshotId> ids = new ArrayList<>();
    for (ObjectKey key : repository.keys(ObjectType.SNAPSHOT)) {
      ids.add(new SnapshotId(key.hash()));
    }
    return ids;
  }
}
