package dev.holdfast.engine.backup;

import dev.holdfast.posix.OsString;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.Tree;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A directory as the parent snapshot has it, asked for names in ascending order. Used by the
/// walking thread only.
final class PreviousTree {
  private final List<Node> nodes;
  private int next;

  private PreviousTree(List<Node> nodes) {
    this.nodes = nodes;
  }

  /// Nothing: everything is new.
  static PreviousTree none() {
    return new PreviousTree(List.of());
  }

  static PreviousTree of(Tree tree) {
    List<Node> nodes = tree.nodes();
    for (int i = 1; i < nodes.size(); i++) {
      if (OsString.compare(nodes.get(i - 1).name(), nodes.get(i).name()) > 0) {
        // Another program stored it unsorted (format sheet, section 14).
        nodes = nodes.stream().sorted((a, b) -> OsString.compare(a.name(), b.name())).toList();
        break;
      }
    }
    return new PreviousTree(nodes);
  }

  /// All entries, in the order of their names.
  List<Node> nodes() {
    return nodes;
  }

  /// The entry of this name, which comes after all names asked for before, or null.
  @Nullable Node find(String name) {
    while (next < nodes.size()) {
      int order = OsString.compare(nodes.get(next).name(), name);
      if (order > 0) {
        return null;
      }
      next++;
      if (order == 0) {
        return nodes.get(next - 1);
      }
    }
    return null;
  }
}
