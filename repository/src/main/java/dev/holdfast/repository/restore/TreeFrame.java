package dev.holdfast.repository.restore;

import dev.holdfast.posix.OsString;
import dev.holdfast.repository.format.EntryName;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The walk's place in one directory: gives out the nodes whose names can be restored.
final class TreeFrame {
  private final PlannedDirectory directory;
  private final List<Node> nodes;
  private final long weightBytes;

  /// Names given out, kept only where the order does not show which names come twice.
  private final @Nullable Set<String> seen;

  private int next;
  private boolean trusted = true;

  TreeFrame(PlannedDirectory directory, Tree tree) {
    this.directory = directory;
    nodes = tree.nodes();
    weightBytes = tree.weightBytes();
    seen = isAscending(nodes) ? null : new HashSet<>();
  }

  private static boolean isAscending(List<Node> nodes) {
    for (int i = 1; i < nodes.size(); i++) {
      if (nodes.get(i - 1).name().compareTo(nodes.get(i).name()) >= 0) {
        return false;
      }
    }
    return true;
  }

  /// About how much memory it takes.
  long weightBytes() {
    return weightBytes;
  }

  PlannedDirectory directory() {
    return directory;
  }

  /// Whether every name was good, so that what the tree does not name may be removed.
  boolean isTrusted() {
    return trusted;
  }

  /// The next node, or null after the last. What cannot be restored by its name is reported.
  @Nullable Node next(Reporter reporter) {
    while (next < nodes.size()) {
      Node node = nodes.get(next++);
      Optional<String> objection = objection(node.name());
      if (objection.isEmpty()) {
        return node;
      }
      trusted = false;
      reporter.error(
          directory.path(), "refused entry '" + display(node.name()) + "': " + objection.get());
    }
    return null;
  }

  private Optional<String> objection(String name) {
    Optional<String> objection = EntryName.objection(name);
    if (objection.isEmpty() && seen != null && !seen.add(name)) {
      return Optional.of("the name comes twice");
    }
    return objection;
  }

  private static String display(String name) {
    return OsString.display(name);
  }

  /// All names of the directory, whether they are restored or not.
  Set<String> names() {
    Set<String> names = HashSet.newHashSet(nodes.size());
    nodes.forEach(node -> names.add(node.name()));
    return names;
  }
}
