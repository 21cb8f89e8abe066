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
import java.util.ArrayList;
import java.util.HashMap;
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

  private final BlobSearch search;
  private final Damage damage;
  private final IdTable sound = new IdTable();
  private final Map<Integer, Collected> effects = new HashMap<>();
  private int walked;
  private boolean complete = true;

  private static final class Collected {
    private final Set<SnapshotId> snapshots = new LinkedHashSet<>();
    private final Set<String> paths = new TreeSet<>();
    private long pathCount;
  }

  EffectFinder(BlobSearch search, Damage damage) {
    this.search = search;
    this.damage = damage;
  }

  void walk(StoredSnapshot snapshot) {
    isReached(snapshot.id(), snapshot.snapshot().tree(), "", 0);
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

  /// Notes what is damaged in and below a tree, and returns whether anything is.
  private boolean isReached(SnapshotId snapshot, BlobId tree, String path, int depth) {
    if (sound.contains(tree.hash())) {
      return false;
    }
    if (depth > MAX_DEPTH || walked++ >= MAX_WALKED) {
      complete = false;
      return true;
    }
    Set<Integer> own = damage.of(new BlobHandle(BlobType.TREE, tree));
    if (own != null) {
      note(own, snapshot, path.isEmpty() ? "/" : path);
      return true;
    }
    boolean reached = false;
    Map<String, Integer> entries = damage.of(tree);
    for (Node node : load(tree).nodes()) {
      String at = path + "/" + node.name();
      Integer finding = entries.get(node.name());
      if (finding != null) {
        note(Set.of(finding), snapshot, at);
        reached = true;
      }
      BlobId subtree = node.subtree();
      if (node.isDirectory() && subtree != null) {
        reached |= isReached(snapshot, subtree, at, depth + 1);
      } else if (node.isFile()) {
        reached |= isContentReached(snapshot, node, at);
      }
    }
    if (!reached) {
      sound.add(tree.hash());
    }
    return reached;
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
