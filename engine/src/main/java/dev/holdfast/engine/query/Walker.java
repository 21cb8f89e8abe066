package dev.holdfast.engine.query;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.Tree;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// Walks the entries of a snapshot in restic's order: by name, a directory before its content. Not
/// thread-safe.
public final class Walker {
  /// Bounds the walk in hostile repositories: no file system has paths this deep, 4096 bytes being
  /// the most that Linux takes.
  private static final int MAX_DEPTH = 2048;

  /// Told of every entry.
  public interface Visitor {
    /// An entry; for a directory, whether to go into it.
    boolean enter(EntryView entry);

    /// The content of a directory that was entered is done.
    default void leave(EntryView directory) {}
  }

  /// Bounds the memory for the directories on the way to the one that is walked.
  private static final long MAX_HELD_BYTES = Runtime.getRuntime().maxMemory() / 6;

  private final Repository repository;

  public Walker(Repository repository) {
    this.repository = repository;
  }

  /// Walks everything below `path`, a directory of the snapshot. Paths of entries begin at `/`,
  /// which is `path`.
  ///
  /// @throws HoldfastException.NotFound if there is no such directory
  public void walk(SnapshotPath start, Visitor visitor) {
    walk(treeAt(start), "/", visitor);
  }

  /// The entry at a path of a snapshot, which is not `/`.
  ///
  /// @throws HoldfastException.NotFound if there is none
  public EntryView entryAt(SnapshotPath at) {
    String parent = Paths.clean(at.path() + "/..");
    String name = Paths.name(at.path());
    BlobId tree = treeAt(new SnapshotPath(at.snapshot(), parent));
    return new EntryView(at.path(), find(tree, name, at));
  }

  /// The tree of a directory of a snapshot.
  public BlobId treeAt(SnapshotPath at) {
    BlobId tree = at.snapshot().stored().snapshot().tree();
    for (String name : at.path().split("/", -1)) {
      if (!name.isEmpty()) {
        Node node = find(tree, name, at);
        BlobId subtree = node.subtree();
        if (!node.isDirectory() || subtree == null) {
          throw new HoldfastException.NotFound(
              "'" + at.path() + "' in " + at.snapshot() + " is not a directory", "");
        }
        tree = subtree;
      }
    }
    return tree;
  }

  private Node find(BlobId tree, String name, SnapshotPath at) {
    return repository
        .loadTree(tree)
        .find(name)
        .orElseThrow(() ->
            new HoldfastException.NotFound(
                "there is no '" + at.path() + "' in " + at.snapshot(),
                "'holdfast ls " + at.snapshot().shortId() + "' lists what there is"));
  }

  /// Walks everything below a tree whose path is `directory`. Without recursion: a hostile tree may
  /// be deeper than a thread's stack.
  void walk(BlobId tree, String directory, Visitor visitor) {
    Deque<Level> levels = new ArrayDeque<>();
    long heldBytes = push(levels, null, directory, tree, 0);
    while (!levels.isEmpty()) {
      Level level = levels.element();
      if (!level.nodes.hasNext()) {
        levels.pop();
        heldBytes -= level.weightBytes;
        if (level.entry != null) {
          visitor.leave(level.entry);
        }
        continue;
      }
      Node node = level.nodes.next();
      String path = Paths.child(level.path, node.name());
      EntryView entry = new EntryView(path, node);
      BlobId subtree = node.subtree();
      if (visitor.enter(entry) && node.isDirectory() && subtree != null) {
        heldBytes = push(levels, entry, path, subtree, heldBytes);
      }
    }
  }

  private long push(
      Deque<Level> levels, @Nullable EntryView entry, String path, BlobId tree, long heldBytes) {
    if (levels.size() > MAX_DEPTH) {
      throw new HoldfastException.Corrupt("directories are nested too deeply at " + path);
    }
    if (heldBytes > MAX_HELD_BYTES) {
      throw new HoldfastException.Unsupported(
          "the directories on the way to " + path + " are too large together",
          "give the program more memory");
    }
    if (Thread.interrupted()) {
      throw new HoldfastException.Cancelled("the walk was interrupted");
    }
    Level level = new Level(entry, path, repository.loadTree(tree));
    levels.push(level);
    return heldBytes + level.weightBytes;
  }

  /// A directory on the way to where the walk is.
  private static final class Level {
    private final @Nullable EntryView entry;
    private final String path;
    private final Iterator<Node> nodes;
    private final long weightBytes;

    Level(@Nullable EntryView entry, String path, Tree tree) {
      this.entry = entry;
      this.path = path;
      nodes = tree.nodes().iterator();
      weightBytes = tree.weightBytes();
    }
  }
}
