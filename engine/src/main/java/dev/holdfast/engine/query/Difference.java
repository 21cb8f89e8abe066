package dev.holdfast.engine.query;

import dev.holdfast.posix.OsString;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.NodeType;
import dev.holdfast.repository.format.Tree;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Compares two snapshots, or directories of them, as restic's `diff` does. Equal directories are
/// compared by their ids alone. One comparison each.
public final class Difference {
  /// Directories that are nested deeper are not compared: each level takes a part of the thread's
  /// stack.
  private static final int MAX_DEPTH = 1000;

  private final Repository repository;
  private final PlainLengths lengths;
  private final boolean metadata;
  private final BiConsumer<String, String> change;
  private final Consumer<String> problem;
  private final Counts added = new Counts();
  private final Counts removed = new Counts();
  private final HandleSet before = new HandleSet();
  private final HandleSet after = new HandleSet();
  private final HandleSet common = new HandleSet();
  private long changedFiles;
  private int depth;

  /// Numbers of one side.
  public static final class Counts {
    private long files;
    private long dirs;
    private long others;
    private long dataBlobs;
    private long treeBlobs;
    private long bytes;

    private Counts() {}

    public long files() {
      return files;
    }

    public long dirs() {
      return dirs;
    }

    public long others() {
      return others;
    }

    public long dataBlobs() {
      return dataBlobs;
    }

    public long treeBlobs() {
      return treeBlobs;
    }

    public long bytes() {
      return bytes;
    }

    private void count(Node node) {
      if (node.isFile()) {
        files++;
      } else if (node.isDirectory()) {
        dirs++;
      } else {
        others++;
      }
    }
  }

  /// A comparison that is yet to be run.
  ///
  /// @param metadata whether changes of nothing but metadata are told
  /// @param change told the path, with a slash after directories, and restic's letters
  /// @param problem told what could not be compared
  public Difference(
      Repository repository,
      boolean metadata,
      BiConsumer<String, String> change,
      Consumer<String> problem) {
    this.repository = repository;
    this.lengths = new PlainLengths(repository);
    this.metadata = metadata;
    this.change = change;
    this.problem = problem;
  }

  public Counts added() {
    return added;
  }

  public Counts removed() {
    return removed;
  }

  public long changedFiles() {
    return changedFiles;
  }

  /// Compares.
  public void run(SnapshotPath from, SnapshotPath to) {
    Walker walker = new Walker(repository);
    BlobId one = walker.treeAt(from);
    BlobId other = walker.treeAt(to);
    before.add(BlobType.TREE, one);
    after.add(BlobType.TREE, other);
    if (one.equals(other)) {
      collect(one, "/", common);
    } else {
      compare("/", one, other);
    }
    count(before, after, removed);
    count(after, before, added);
  }

  private void count(HandleSet mine, HandleSet theirs, Counts counts) {
    mine.forEach(handle -> {
      if (!theirs.contains(handle) && !common.contains(handle)) {
        count(handle, counts);
      }
    });
  }

  private void count(BlobHandle handle, Counts counts) {
    switch (handle.type()) {
      case DATA -> counts.dataBlobs++;
      case TREE -> counts.treeBlobs++;
    }
    long length = lengths.of(handle);
    if (length < 0) {
      problem.accept("the size of blob " + handle + " is not known");
    } else {
      counts.bytes += length;
    }
  }

  private void compare(String directory, BlobId one, BlobId other) {
    if (enter(directory)) {
      compareEntries(directory, one, other);
      depth--;
    }
  }

  private boolean enter(String directory) {
    if (Thread.interrupted()) {
      throw new HoldfastException.Cancelled("the comparison was interrupted");
    }
    if (depth == MAX_DEPTH) {
      problem.accept(directory + " is nested too deeply to be compared");
      return false;
    }
    depth++;
    return true;
  }

  private void compareEntries(String directory, BlobId one, BlobId other) {
    Iterator<Node> left = load(one, directory).iterator();
    Iterator<Node> right = load(other, directory).iterator();
    Node a = next(left);
    Node b = next(right);
    while (a != null || b != null) {
      int order = a == null ? 1 : b == null ? -1 : OsString.compare(a.name(), b.name());
      if (order == 0 && a != null && b != null) {
        both(directory, a, b);
      } else if (order < 0 && a != null) {
        only(directory, a, "-", removed, before);
      } else if (b != null) {
        only(directory, b, "+", added, after);
      }
      a = order <= 0 ? next(left) : a;
      b = order >= 0 ? next(right) : b;
    }
  }

  private static @Nullable Node next(Iterator<Node> nodes) {
    return nodes.hasNext() ? nodes.next() : null;
  }

  private List<Node> load(BlobId id, String directory) {
    try {
      Tree tree = repository.loadTree(id);
      return tree.nodes().stream().sorted((x, y) -> OsString.compare(x.name(), y.name())).toList();
    } catch (HoldfastException.Cancelled e) {
      throw e;
    } catch (HoldfastException e) {
      problem.accept(directory + " cannot be read: " + e.getMessage());
      return List.of();
    }
  }

  private void both(String directory, Node a, Node b) {
    addBlobs(before, a);
    addBlobs(after, b);
    String path = Paths.child(directory, b.name()) + (b.isDirectory() ? "/" : "");
    String letters = letters(a, b);
    if (!letters.isEmpty()) {
      change.accept(path, letters);
    }
    BlobId one = a.subtree();
    BlobId other = b.subtree();
    if (!a.isDirectory() || !b.isDirectory() || one == null || other == null) {
      return;
    }
    if (one.equals(other)) {
      collect(one, path, common);
    } else {
      compare(path.substring(0, path.length() - 1), one, other);
    }
  }

  private String letters(Node a, Node b) {
    String letters = a.type() == b.type() ? "" : "T";
    boolean files = a.type() == NodeType.FILE && b.type() == NodeType.FILE;
    if (files && !Objects.equals(a.content(), b.content())) {
      changedFiles++;
      // Restic's sign for content that changed where nothing else did.
      boolean sameMetadata = withoutContent(a).equals(withoutContent(b));
      return letters + (sameMetadata ? "M?" : "M");
    }
    return metadata && !a.equals(b) ? letters + "U" : letters;
  }

  private static Node withoutContent(Node node) {
    return node.toBuilder().content(null).build();
  }

  private void only(String directory, Node node, String letter, Counts counts, HandleSet blobs) {
    String path = Paths.child(directory, node.name());
    change.accept(node.isDirectory() ? path + "/" : path, letter);
    counts.count(node);
    addBlobs(blobs, node);
    BlobId subtree = node.subtree();
    if (node.isDirectory() && subtree != null && enter(path)) {
      for (Node child : load(subtree, path)) {
        only(path, child, letter, counts, blobs);
      }
      depth--;
    }
  }

  /// Adds what is in and below a tree; what is there already is not walked again.
  private void collect(BlobId tree, String directory, HandleSet blobs) {
    if (!enter(directory)) {
      return;
    }
    for (Node node : load(tree, directory)) {
      BlobId subtree = node.subtree();
      boolean fresh =
          node.isDirectory()
              && subtree != null
              && !blobs.contains(new BlobHandle(BlobType.TREE, subtree));
      addBlobs(blobs, node);
      if (fresh && subtree != null) {
        collect(subtree, Paths.child(directory, node.name()), blobs);
      }
    }
    depth--;
  }

  private static void addBlobs(HandleSet blobs, Node node) {
    BlobId subtree = node.subtree();
    if (node.isDirectory() && subtree != null) {
      blobs.add(BlobType.TREE, subtree);
    }
    if (node.isFile() && node.content() != null) {
      node.content().forEach(id -> blobs.add(BlobType.DATA, id));
    }
  }
}
