package dev.holdfast.repository.rewrite;

import dev.holdfast.posix.OsString;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.crypto.Hasher;
import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.error.HoldfastException.Unsupported;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.Tree;
import dev.holdfast.repository.format.TreeCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Makes trees without what an [Omission] leaves out: the same bytes that restic's `rewrite` makes,
/// and no new tree where nothing changes. One thread at a time.
///
/// What became of a directory is remembered by path and id, so that rewriting a thousand snapshots
/// that are nearly alike costs little more than rewriting one.
public final class TreeRewriter {
  /// No file system has paths this deep.
  private static final int MAX_DEPTH = 2048;

  /// Bounds the memory of what is remembered to some 40 MiB.
  private static final int MAX_REMEMBERED = 200_000;

  private final Repository repository;
  private final Omission omission;
  private final Function<byte[], BlobId> save;
  private final Hasher hasher = new Hasher();
  private final Map<Hash, Rewritten> remembered = new HashMap<>();
  private Set<String> watched = Set.of();
  private Map<String, Counts> seen = new HashMap<>();
  private Set<String> emptied = new HashSet<>();

  /// @param save stores a tree's JSON, or only says what its id would be
  public TreeRewriter(Repository repository, Omission omission, Function<byte[], BlobId> save) {
    this.repository = repository;
    this.omission = omission;
    this.save = save;
  }

  /// What becomes of a snapshot's root.
  ///
  /// @param folders directories of which it is to be known what was left out below them; none saves
  ///   reading what is left out
  /// @param finish given the entries of the new root, before it is made; returns them, or others
  /// @throws Unsupported if a tree that changes has something that would be lost
  public Rewritten rewrite(BlobId root, Set<String> folders, UnaryOperator<List<Node>> finish) {
    watched = Set.copyOf(folders);
    seen = new HashMap<>();
    emptied = new HashSet<>();
    Deque<Level> levels = new ArrayDeque<>();
    levels.push(new Level("/", root, null));
    while (true) {
      Level level = levels.element();
      if (level.nodes.hasNext()) {
        step(level, levels);
        continue;
      }
      levels.pop();
      Level parent = levels.peek();
      if (parent == null) {
        note(level);
        List<Node> last = finish.apply(level.kept);
        level.changed |= !last.equals(level.kept);
        return new Rewritten(level.changed ? store(level, last) : root, level.counts);
      }
      close(level, parent);
    }
  }

  /// What was left out below the folders that were asked for, those among them that stay, by the
  /// last call of [#rewrite]; complete when it asks for the root's entries.
  public Map<String, Counts> counts() {
    return Map.copyOf(seen);
  }

  /// The directories that went because nothing was left in them, by the last call of [#rewrite]:
  /// those that were asked for, and all above them. Complete when it asks for the root's entries.
  public Set<String> emptied() {
    return Set.copyOf(emptied);
  }

  private void step(Level level, Deque<Level> levels) {
    Node node = level.nodes.next();
    String path = level.path.equals("/") ? "/" + node.name() : level.path + "/" + node.name();
    if (omission.omits(path)) {
      level.changed = true;
      level.counts = level.counts.plus(omitted(node));
      return;
    }
    BlobId subtree = node.subtree();
    if (!node.isDirectory() || subtree == null) {
      level.kept.add(node);
      level.counts = node.isFile() ? level.counts.kept(node.sizeBytes()) : level.counts;
      return;
    }
    Rewritten known = remembered.get(key(path, subtree));
    if (!omission.reaches(path) && !isWatched(path)) {
      level.kept.add(node);
    } else if (known != null && !isWatched(path)) {
      keep(level, node, known);
    } else {
      open(levels, new Level(path, subtree, node));
    }
  }

  private void open(Deque<Level> levels, Level level) {
    if (levels.size() > MAX_DEPTH) {
      throw new Corrupt("directories are nested too deeply at " + OsString.display(level.path));
    }
    if (Thread.interrupted()) {
      throw new Cancelled("rewriting was interrupted");
    }
    levels.push(level);
  }

  private void close(Level level, Level parent) {
    Node node = level.node;
    if (node == null) {
      throw new IllegalStateException("the root has no parent");
    }
    if (level.changed && level.kept.isEmpty() && omission.dropsEmptied()) {
      emptied.add(level.path);
      parent.changed = true;
      parent.counts = parent.counts.plus(level.counts);
      return;
    }
    note(level);
    Rewritten result =
        new Rewritten(level.changed ? store(level, level.kept) : level.id, level.counts);
    if (remembered.size() >= MAX_REMEMBERED) {
      remembered.clear();
    }
    remembered.put(key(level.path, level.id), result);
    keep(parent, node, result);
  }

  private void note(Level level) {
    if (watched.contains(level.path)) {
      seen.put(level.path, level.counts);
    }
  }

  private static void keep(Level level, Node node, Rewritten result) {
    boolean same = result.tree().equals(node.subtree());
    level.kept.add(same ? node : node.toBuilder().subtree(result.tree()).build());
    level.changed |= !same;
    level.counts = level.counts.plus(result.counts());
  }

  private BlobId store(Level level, List<Node> nodes) {
    byte[] before = TreeCodec.encode(new Tree(level.all));
    if (!hasher.hash(before, 0, before.length).equals(level.id.hash())) {
      throw new Unsupported(
          "the directory %s has something in it that would be lost if it were written anew"
              .formatted(OsString.display(level.path)),
          "use the program that wrote it, or a newer version of holdfast");
    }
    return save.apply(TreeCodec.encode(new Tree(nodes)));
  }

  /// A watched folder and those above it are always looked into.
  private boolean isWatched(String path) {
    return watched.stream()
        .anyMatch(folder -> folder.equals(path) || folder.startsWith(path + "/"));
  }

  /// Counts what is left out, if anybody wants to know.
  private Counts omitted(Node node) {
    Counts counts = Counts.NONE;
    if (watched.isEmpty()) {
      return counts;
    }
    Deque<Node> open = new ArrayDeque<>();
    open.push(node);
    while (!open.isEmpty()) {
      Node next = open.pop();
      BlobId subtree = next.subtree();
      if (next.isFile()) {
        counts = counts.omitted(next.sizeBytes());
      } else if (next.isDirectory() && subtree != null) {
        repository.loadTree(subtree).nodes().forEach(open::push);
      }
    }
    return counts;
  }

  private Hash key(String path, BlobId tree) {
    byte[] bytes = (path + "\0" + tree.hash().toHex()).getBytes(StandardCharsets.UTF_16LE);
    return hasher.hash(bytes, 0, bytes.length);
  }

  /// A directory on the way to where the rewriting is.
  private final class Level {
    private final String path;
    private final BlobId id;
    private final @Nullable Node node;
    private final List<Node> all;
    private final Iterator<Node> nodes;
    private final List<Node> kept = new ArrayList<>();
    private boolean changed;
    private Counts counts = Counts.NONE;

    Level(String path, BlobId id, @Nullable Node node) {
      this.path = path;
      this.id = id;
      this.node = node;
      all = repository.loadTree(id).nodes();
      nodes = all.iterator();
    }
  }
}
