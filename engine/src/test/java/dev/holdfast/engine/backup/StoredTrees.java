package dev.holdfast.engine.backup;

import dev.holdfast.posix.OsString;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Looks into the trees of snapshots.
final class StoredTrees {
  private StoredTrees() {}

  /// The node at an absolute path of a snapshot.
  ///
  /// @throws AssertionError if there is none
  static Node find(Repository repository, BlobId root, String path) {
    Node found = null;
    BlobId tree = root;
    for (String name : path.substring(1).split("/", -1)) {
      if (tree == null) {
        throw new AssertionError("no directory before " + name + " in " + path);
      }
      found =
          repository.loadTree(tree).nodes().stream()
              .filter(node -> node.name().equals(name))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no " + name + " in " + path));
      tree = found.subtree();
    }
    return found;
  }

  /// Every node that two trees do not have in common, one line each, for people.
  static List<String> differences(Repository repository, BlobId left, BlobId right) {
    List<String> differences = new ArrayList<>();
    compare(repository, left, right, "", differences);
    return differences;
  }

  private static void compare(
      Repository repository, BlobId left, BlobId right, String path, List<String> differences) {
    if (left.equals(right)) {
      return;
    }
    int before = differences.size();
    Map<String, Node> others = new HashMap<>();
    repository.loadTree(right).nodes().forEach(node -> others.put(node.name(), node));
    for (Node node : repository.loadTree(left).nodes()) {
      String name = path + "/" + OsString.display(node.name());
      Node other = others.remove(node.name());
      if (other == null) {
        differences.add(name + " only on the left");
      } else if (node.subtree() != null && other.subtree() != null) {
        compare(repository, node.subtree(), other.subtree(), name, differences);
        addUnlessEqual(node.toBuilder().subtree(other.subtree()).build(), other, name, differences);
      } else {
        addUnlessEqual(node, other, name, differences);
      }
    }
    others.keySet().forEach(name -> differences.add(path + "/" + name + " only on the right"));
    if (differences.size() == before) {
      differences.add(path + " differs in its bytes only");
    }
  }

  private static void addUnlessEqual(Node left, Node right, String name, List<String> differences) {
    if (!left.equals(right)) {
      differences.add(name + "\n  " + left + "\n  " + right);
    }
  }
}
