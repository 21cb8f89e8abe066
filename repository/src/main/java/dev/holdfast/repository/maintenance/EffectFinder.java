package dev.holdfast.repository.maintenance;

import dev.holdfast.repository.StoredSnapshot;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.SnapshotId;
import dev.holdfast.repository.format.Tree;
import dev.holdfast.repository.index.IdTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Finds out which snapshots and which paths the damage reaches. A tree under which nothing is
/// wrong is walked once, however many snapshots have it. One thread only.
final class EffectFinder {
  /// A deeper tree is not followed; see `RestorePlanner`.
  private static final int MAX_DEPTH = 2048;

  /// Bounds the time where very much is damaged in very many snapshots.
  static final int MAX_WALKED = 1_000_000;

  /// Bounds the memory for the directories on the way to the one that is walked.
  private static final long MAX_HELD_BYTES = Runtime.getRuntime().maxMemory() / 6;

  private final BlobSearch search;
  private final Damage damage;
  private final IdTable sound = new IdTable();
  private final Map<Integer, Collected> effects = new HashMap<>();
  private int walked;
  private long heldBytes;
  private boolean complete = true;

  private static final class Collected {
    private final Set<SnapshotId> snapshots = new LinkedHashSet<>();
    private final Set<String> paths = new TreeSet<>();
    private long pathCount;
  }

  /// A directory on the way to where the walk is.
  private static final class Level {
    private final BlobId tree;
    private final String path;
    private final Iterator<Node> nodes;
    private final long weightBytes;
    private boolean reached;

    Level(BlobId tree, String path, Tree loaded) {
      this.tree = tree;
      this.path = path;
      nodes = loaded.nodes().iterator();
      weightBytes = loaded.weightBytes();
    }
  }

  EffectFinder(BlobSearch search, Damage damage) {
    this.search = search;
    this.damage = damage;
  }

  /// Without recursion: a hostile tree may be deeper than a thread's stack.
  void walk(StoredSnapshot snapshot) {
    Deque<Level> levels = new ArrayDeque<>();
    enter(levels, snapshot.id(), snapshot.snapshot().tree(), "");
    while (!levels.isEmpty()) {
      Level level = levels.element();
      if (level.nodes.hasNext()) {
        visit(levels, snapshot.id(), level, level.nodes.next());
      } else {
        levels.pop();
        leave(levels, level);
      }
    }
  }

  /// What a finding affects.
  Effect effect(int finding) {
    boolean exact = complete && damage.isComplete();
    Collected collected = effects.get(finding);
    if (collected == null) {
      return exact ? Effect.NONE : new Effect(List.of(), 0, List.of(), 0, false);
    }
    return new Effect(
        collected.snapshots.stream().limit(Effect.MAX_SNAPSHOTS).toList(),
        collected.snapshots.size(),
        new ArrayList<>(collected.paths),
        collected.pathCount,
        exact);
  }

  private void enter(Deque<Level> levels, SnapshotId snapshot, BlobId tree, String path) {
    if (sound.contains(tree.hash())) {
      return;
    }
    if (levels.size() > MAX_DEPTH || heldBytes > MAX_HELD_BYTES || walked++ >= MAX_WALKED) {
      complete = false;
      setReached(levels);
      return;
    }
    Set<Integer> own = damage.of(new BlobHandle(BlobType.TREE, tree));
    if (own != null) {
      note(own, snapshot, path.isEmpty() ? "/" : path);
      setReached(levels);
      return;
    }
    Level level = new Level(tree, path, load(tree));
    heldBytes += level.weightBytes;
    levels.push(level);
  }

  private void visit(Deque<Level> levels, SnapshotId snapshot, Level level, Node node) {
    String at = level.path + "/" + node.name();
    Integer finding = damage.of(level.tree).get(node.name());
    if (finding != null) {
      note(Set.of(finding), snapshot, at);
      level.reached = true;
    }
    BlobId subtree = node.subtree();
    if (node.isDirectory() && subtree != null) {
      enter(levels, snapshot, subtree, at);
    } else if (node.isFile()) {
      level.reached |= isContentReached(snapshot, node, at);
    }
  }

  private void leave(Deque<Level> levels, Level level) {
    heldBytes -= level.weightBytes;
    if (level.reached) {
      setReached(levels);
    } else {
      sound.add(level.tree.hash());
    }
  }

  private static void setReached(Deque<Level> levels) {
    Level above = levels.peek();
    if (above != null) {
      above.reached = true;
    }
  }

  private Tree load(BlobId tree) {
    try {
      return search.loadTree(tree);
    } catch (HoldfastException.Cancelled cancelled) {
      throw cancelled;
    } catch (HoldfastException damagedMeanwhile) {
      complete = false;
      return new Tree(List.of());
    }
  }

  private boolean isContentReached(SnapshotId snapshot, Node node, String path) {
    BlobIds content = node.content();
    if (content == null) {
      return false;
    }
    Set<Integer> reasons = new TreeSet<>();
    for (int i = 0; i < content.size(); i++) {
      Set<Integer> found = damage.of(new BlobHandle(BlobType.DATA, content.get(i)));
      if (found != null) {
        reasons.addAll(found);
      }
    }
    note(reasons, snapshot, path);
    return !reasons.isEmpty();
  }

  private void note(Set<Integer> findings, SnapshotId snapshot, String path) {
    for (int finding : findings) {
      Collected collected = effects.computeIfAbsent(finding, key -> new Collected());
      collected.snapshots.add(snapshot);
      collected.pathCount++;
      if (collected.paths.size() < Effect.MAX_PATHS) {
        collected.paths.add(path);
      }
    }
  }
}
