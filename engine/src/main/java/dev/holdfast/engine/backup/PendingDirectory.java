package dev.holdfast.engine.backup;

import dev.holdfast.posix.OsString;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.NodeBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A directory of the snapshot whose entries are still coming in. The walking thread reserves a
/// place for each entry in order and seals the directory; workers fill the places in any order.
/// Whoever brings in what is missing last is told so and stores the directory. Thread-safe, except
/// that only the walking thread uses [#previous], [#names], [#databases], [#leftOut] and
/// [#ancestors].
final class PendingDirectory {
  private final @Nullable PendingDirectory parent;
  private final int place;
  private final NodeBuilder node;
  private final String path;
  private final @Nullable Node previousNode;
  private final PreviousTree previous;
  private final @Nullable List<String> names;
  private final long startNanos;
  private final Map<String, DatabaseJob> databases = new HashMap<>(0);
  private final Map<String, PendingDirectory> ancestors = new HashMap<>(0);

  private final List<@Nullable Node> entries = new ArrayList<>();
  private final Set<String> leftOut = new HashSet<>(0);
  private final @Nullable FileOwner owner;
  private boolean isOrdered = true;
  private int missing = 1;
  private boolean isAncestor;
  private List<Node> taken = List.of();
  private @Nullable BlobId tree;

  /// @param place its place in the parent, which it fills when it is complete
  /// @param node the directory's node, but for the subtree
  /// @param path where it lies in the snapshot
  /// @param names what the file system has in it, ascending; null if that is not known
  /// @param owner the source that its files belong to; null if none is known
  PendingDirectory(
      @Nullable PendingDirectory parent,
      int place,
      NodeBuilder node,
      String path,
      @Nullable Node previousNode,
      PreviousTree previous,
      @Nullable List<String> names,
      @Nullable FileOwner owner) {
    this.owner = owner;
    this.parent = parent;
    this.place = place;
    this.node = node;
    this.path = path;
    this.previousNode = previousNode;
    this.previous = previous;
    this.names = names;
    this.startNanos = System.nanoTime();
  }

  /// Takes the next place.
  synchronized int reserve() {
    entries.add(null);
    missing++;
    return entries.size() - 1;
  }

  /// Takes a place for an entry whose name may come before that of others already there.
  synchronized int reserveOutOfOrder() {
    isOrdered = false;
    return reserve();
  }

  /// The entries that are there already.
  synchronized List<Node> entries() {
    List<Node> present = new ArrayList<>(entries.size());
    for (Node entry : entries) {
      if (entry != null) {
        present.add(entry);
      }
    }
    if (!isOrdered) {
      present.sort((a, b) -> OsString.compare(a.name(), b.name()));
    }
    return present;
  }

  /// How many places were taken.
  synchronized int size() {
    return entries.size();
  }

  /// Whether no place was taken.
  synchronized boolean isEmpty() {
    return entries.isEmpty();
  }

  /// Puts an entry into its place, or nothing if it could not be stored.
  ///
  /// @return whether the directory is complete with that
  synchronized boolean fill(int at, @Nullable Node entry) {
    entries.set(at, entry);
    missing--;
    return missing == 0;
  }

  /// No more places will be reserved.
  ///
  /// @return whether the directory is complete with that
  synchronized boolean seal() {
    missing--;
    return missing == 0;
  }

  /// The entries of a complete directory, which are forgotten here but for an ancestor.
  synchronized List<Node> takeEntries() {
    List<Node> present = entries();
    entries.clear();
    if (isAncestor) {
      taken = present;
    }
    return present;
  }

  /// What was taken of an ancestor.
  synchronized List<Node> takenEntries() {
    return taken;
  }

  synchronized void stored(BlobId id) {
    tree = id;
  }

  synchronized @Nullable BlobId tree() {
    return tree;
  }

  @Nullable PendingDirectory parent() {
    return parent;
  }

  int place() {
    return place;
  }

  /// The directory's node. Of a complete directory used by one thread only.
  NodeBuilder node() {
    return node;
  }

  String path() {
    return path;
  }

  String pathOf(String name) {
    return path.equals("/") ? path + name : path + "/" + name;
  }

  @Nullable Node previousNode() {
    return previousNode;
  }

  PreviousTree previous() {
    return previous;
  }

  @Nullable List<String> names() {
    return names;
  }

  /// Databases in this directory with files beside them, by name, which wait until all of those are
  /// found.
  Map<String, DatabaseJob> databases() {
    return databases;
  }

  /// Adds a directory that only leads to what is backed up.
  void addAncestor(String name, PendingDirectory ancestor) {
    synchronized (ancestor) {
      ancestor.isAncestor = true;
    }
    ancestors.put(name, ancestor);
  }

  /// The directories in this one that only lead to what is backed up, by name.
  Map<String, PendingDirectory> ancestors() {
    return ancestors;
  }

  /// Names of files beside databases that belong to their state, and have no place of their own.
  Set<String> leftOut() {
    return leftOut;
  }

  @Nullable FileOwner owner() {
    return owner;
  }

  long startNanos() {
    return startNanos;
  }
}
