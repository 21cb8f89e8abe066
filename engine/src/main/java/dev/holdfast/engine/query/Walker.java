package dev.holdfast.engine.query;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.Tree;
import java.util.List;

/// Walks the entries of a snapshot in restic's order: by name, a directory before its content. Not
/// thread-safe.
public final class Walker {
  /// Bounds the recursion on hostile repositories: no file system has paths this deep, 4096 bytes
  /// being the most that Linux takes.
  private static final int MAX_DEPTH = 2048;

  /// Told of every entry.
  public interface Visitor {
    /// An entry; for a directory, whether to go into it.
    boolean enter(EntryView entry);

    /// The content of a directory that was entered is done.
    default void leave(EntryView directory) {}
  }

  private final Repository repository;

  public Walker(Repository repository) {
    this.repository = repository;
  }

  /// Walks everything below `path`, a directory of the snapshot. Paths of entries begin at `/`,
  /// which is `path`.
  ///
  /// @throws HoldfastException.NotFound if there is no such directory
  public void walk(SnapshotPath start, Visitor visitor) {
    walk(treeAt(start), "/", visitor, 0);
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
    for (Node node : repository.loadTree(tree).nodes()) {
      if (node.name().equals(name)) {
        return node;
      }
    }
    throw new HoldfastException.NotFound(
        "there is no '" + at.path() + "' in " + at.snapshot(),
        "'holdfast ls " + at.snapshot().shortId() + "' lists what there is");
  }

  void walk(BlobId treeId, String directory, Visitor visitor, int depth) {
    if (depth > MAX_DEPTH) {
      throw new HoldfastException.Corrupt("directories are nested too deeply at " + directory);
    }
    Tree tree = repository.loadTree(treeId);
    List<Node> nodes = tree.nodes();
    for (Node node : nodes) {
      String path = Paths.child(directory, node.name());
      EntryView entry = new EntryView(path, node);
      boolean enter = visitor.enter(entry);
      BlobId subtree = node.subtree();
      if (enter && node.isDirectory() && subtree != null) {
        walk(subtree, path, visitor, depth + 1);
        visitor.leave(entry);
      }
    }
  }
}
