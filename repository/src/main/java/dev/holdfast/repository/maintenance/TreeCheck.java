package dev.holdfast.repository.maintenance;

import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.EntryName;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.NodeType;
import dev.holdfast.repository.format.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Checks trees and all that they refer to. Thread-safe: several threads work on one queue.
final class TreeCheck {
  /// Larger trees are checked one at a time: there is memory for one of the largest, not for two.
  private static final int LARGE_BYTES = 4 << 20;

  private final Object large = new Object();
  private final BlobSearch search;
  private final Findings findings;
  private final Damage damage;
  private final TreeQueue queue;
  private final Consumer<BlobIds> usedContent;

  /// @param usedContent told the content of every file, by one thread at a time
  TreeCheck(
      BlobSearch search,
      Findings findings,
      Damage damage,
      TreeQueue queue,
      Consumer<BlobIds> usedContent) {
    this.search = search;
    this.findings = findings;
    this.damage = damage;
    this.queue = queue;
    this.usedContent = usedContent;
  }

  /// Works until the queue is empty.
  void run() {
    try {
      for (BlobId id = queue.take(); id != null; id = queue.take()) {
        try {
          if (search.lengthOf(id) > LARGE_BYTES) {
            synchronized (large) {
              check(id);
            }
          } else {
            check(id);
          }
        } finally {
          queue.done();
        }
      }
    } catch (RuntimeException e) {
      queue.stop();
      throw e;
    }
  }

  private void check(BlobId id) {
    Tree tree;
    try {
      tree = search.loadTree(id);
    } catch (HoldfastException.Cancelled cancelled) {
      throw cancelled;
    } catch (HoldfastException e) {
      int finding = findings.add(new Finding.TreeDamaged(id, "cannot be read: " + e.getMessage()));
      damage.blob(new BlobHandle(BlobType.TREE, id), finding);
      return;
    }
    checkNames(id, tree.nodes());
    BlobIds.Builder subtrees = new BlobIds.Builder(8);
    for (Node node : tree.nodes()) {
      check(id, node);
      BlobId subtree = node.subtree();
      if (node.isDirectory() && subtree != null) {
        subtrees.add(subtree);
      }
    }
    queue.add(subtrees.build());
    findings.advance();
  }

  private void checkNames(BlobId tree, List<Node> nodes) {
    boolean inOrder = true;
    Set<String> seen = HashSet.newHashSet(nodes.size());
    String before = "";
    for (Node node : nodes) {
      String name = node.name();
      EntryName.objection(name).ifPresent(objection -> report(tree, node, objection));
      if (!seen.add(name)) {
        report(tree, node, "the name comes twice");
      } else if (EntryName.objection(name).isEmpty()) {
        inOrder &= before.isEmpty() || OsString.compare(before, name) < 0;
        before = name;
      }
    }
    if (!inOrder) {
      findings.add(
          new Finding.EntryDamaged(tree, before, Severity.HINT, "the entries are not in order"));
    }
  }

  private void check(BlobId tree, Node node) {
    BlobIds content = node.content();
    if (node.type() == NodeType.IRREGULAR) {
      report(tree, node, "its type cannot be restored");
    }
    if (node.isDirectory() && node.subtree() == null) {
      report(tree, node, "the directory has no tree");
    }
    if (!node.isDirectory() && node.subtree() != null) {
      report(tree, node, "a " + node.type().jsonName() + " has the tree of a directory");
    }
    if (node.isFile()) {
      if (content == null) {
        report(tree, node, "the file has no content");
      } else {
        checkContent(tree, node, content);
      }
    }
  }

  private void checkContent(BlobId tree, Node node, BlobIds content) {
    int missing = 0;
    BlobId first = null;
    for (int i = 0; i < content.size(); i++) {
      BlobId blob = content.get(i);
      if (!search.index().contains(new BlobHandle(BlobType.DATA, blob))) {
        first = first == null ? blob : first;
        missing++;
      }
    }
    if (missing > 0) {
      report(
          tree,
          node,
          missing + " of its " + content.size() + " blobs are in no index, the first is " + first);
    }
    synchronized (usedContent) {
      usedContent.accept(content);
    }
  }

  private void report(BlobId tree, Node node, String message) {
    int finding =
        findings.add(new Finding.EntryDamaged(tree, node.name(), Severity.ERROR, message));
    damage.entry(tree, node.name(), finding);
  }
}
