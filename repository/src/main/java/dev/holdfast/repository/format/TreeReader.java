package dev.holdfast.repository.format;

import dev.holdfast.posix.OsString;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/// Reads trees.
final class TreeReader {
  private static final Comparator<Node> BY_NAME =
      (left, right) -> OsString.compare(left.name(), right.name());

  private final JsonReader json;
  private final List<Node> nodes = new ArrayList<>();

  private TreeReader(JsonReader json) {
    this.json = json;
  }

  static TreeCodec.DecodedTree read(byte[] bytes) {
    return JsonReader.read(bytes, "tree", room(), json -> new TreeReader(json).tree());
  }

  /// Reads it as [#read] does, and keeps nothing of it.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException.Corrupt if that would throw it
  static void skim(byte[] bytes) {
    JsonReader.read(
        bytes,
        "tree",
        room(),
        json -> {
          forEachNode(json, node -> {});
          return bytes;
        });
  }

  private static long room() {
    return Runtime.getRuntime().maxMemory() / 8 * 3;
  }

  private static void forEachNode(JsonReader json, Consumer<Node> action) {
    json.object(name -> {
      if (name.equals("nodes")) {
        json.array(() -> {
          json.charge(Tree.NODE_BYTES);
          action.accept(new NodeReader(json).read());
        });
      } else {
        json.skip();
      }
    });
  }

  private TreeCodec.DecodedTree tree() {
    forEachNode(json, nodes::add);
    boolean ordered = isOrdered();
    if (!ordered) {
      nodes.sort(BY_NAME);
      refuseDuplicates();
    }
    return new TreeCodec.DecodedTree(new Tree(nodes), ordered);
  }

  private boolean isOrdered() {
    for (int i = 1; i < nodes.size(); i++) {
      if (BY_NAME.compare(nodes.get(i - 1), nodes.get(i)) >= 0) {
        return false;
      }
    }
    return true;
  }

  private void refuseDuplicates() {
    for (int i = 1; i < nodes.size(); i++) {
      String name = nodes.get(i).name();
      if (nodes.get(i - 1).name().equals(name)) {
        throw json.corrupt("two nodes are named '" + OsString.display(name) + "'");
      }
    }
  }
}
