package dev.holdfast.repository.maintenance;

import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.index.IdTable;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// The trees that are still to be checked, each of them once, however often it is referred to; so a
/// tree that is used by very many others costs nothing. Thread-safe.
final class TreeQueue {
  private final IdTable known = new IdTable();
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

  /// Adds the trees that were not added before.
  synchronized void add(BlobIds ids) {
    BlobIds.Builder fresh = new BlobIds.Builder(ids.size());
    for (int i = 0; i < ids.size(); i++) {
      BlobId id = ids.get(i);
      if (known.add(id.hash())) {
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
  synchronized @Nullable BlobId take() {
    try {
      while (stack.isEmpty() && active > 0 && !stopped) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancelled("the check was interrupted");
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

  /// A tree that was taken is checked, and what is in it was added.
  synchronized void done() {
    active--;
    notifyAll();
  }

  /// Nobody is to take another.
  synchronized void stop() {
    stopped = true;
    notifyAll();
  }

  /// How many trees were added.
  synchronized int size() {
    return known.size();
  }

  /// Whether the tree was added.
  synchronized boolean isKnown(BlobId id) {
    return known.contains(id.hash());
  }
}
