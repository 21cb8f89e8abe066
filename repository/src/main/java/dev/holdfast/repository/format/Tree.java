package dev.holdfast.repository.format;

import dev.holdfast.posix.OsString;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A directory's entries, ascending by the raw bytes of their names (format sheet, section 8).
public record Tree(List<Node> nodes) {
  public Tree {
    nodes = List.copyOf(nodes);
  }

  /// The node of that name. Only where the nodes are ascending, as those of every decoded tree are.
  public Optional<Node> find(String name) {
    int low = 0;
    int high = nodes.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = OsString.compare(nodes.get(middle).name(), name);
      if (order == 0) {
        return Optional.of(nodes.get(middle));
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return Optional.empty();
  }

  /// Of these names alone, as far as there are nodes of them. As [#find].
  public Tree only(Set<String> names) {
    return new Tree(
        names.stream().sorted(OsString::compare).flatMap(name -> find(name).stream()).toList());
  }

  /// About what a node takes in memory, strings and content apart.
  static final int NODE_BYTES = 450;

  /// About how much memory the tree takes, in bytes.
  public long weightBytes() {
    long bytes = 0;
    for (Node node : nodes) {
      BlobIds content = node.content();
      bytes += NODE_BYTES + node.name().length() + node.linkTarget().length();
      bytes += content == null ? 0 : (long) content.size() * Hash.BYTES;
      for (ExtendedAttribute attribute : node.extendedAttributes()) {
        String value = attribute.valueHex();
        bytes += NODE_BYTES + attribute.name().length() + (value == null ? 0 : value.length());
      }
    }
    return bytes;
  }
}
