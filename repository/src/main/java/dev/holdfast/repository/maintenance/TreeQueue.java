package dev.holdfast.repository.maintenance;

import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobIds;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The trees that are still to be visited, each of them once, however often it is referred to; so a
/// tree that is used by very many others costs nothing. Thread-safe.
public final class TreeQueue {
  private final Predicate<BlobId> isNew;
  private final Deque<Waiting> stack = new ArrayDeque<>();
  private int active;
  private boolean stopped;

  /// Children of one tree that nobody has taken yet.
  private static final class Waiting {
    private final BlobIds ids;
    private int next;

    Waiting(BlobIds ids) {
      this.ids = ids;
    }
  }

  /// @param isNew whether a tree was never asked for before; called by one thread at a time
  public TreeQueue(Predicate<BlobId> isNew) {
    this.isNew = isNew;
  }

  /// Adds the trees that were not added before.
  public synchronized void add(BlobIds ids) {
    BlobIds.Builder fresh = new BlobIds.Builder(ids.size());
    for (int i = 0; i < ids.size(); i++) {
      BlobId id = ids.get(i);
      if (isNew.test(id)) {
        fresh.add(id);
      }
    }
    BlobIds children = fresh.build();
    if (!children.isEmpty()) {
      stack.push(new Waiting(children));
      notifyAll();
    }
  }

  /// Takes a tree, waiting while others may still add some; null when all are done. Each that is
  /// taken is to be given back with [#done].
  public synchronized @Nullable BlobId take() {
    try {
      while (stack.isEmpty() && active > 0 && !stopped) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancelled("visiting the trees was interrupted");
    }
    Waiting top = stack.peek();
    if (top == null || stopped) {
      return null;
    }
    BlobId id = top.ids.get(top.next++);
    if (top.next == top.ids.size()) {
      stack.pop();
    }
    active++;
    return id;
  }

  /// A tree that was taken is visited, and what is in it was added.
  public synchronized void done() {
    active--;
    notifyAll();
  }

  /// Nobody is to take another.
  public synchronized void stop() {
    stopped = true;
    notifyAll();
  }
}
