package dev.holdfast.repository.format;

import java.util.List;

/// A directory's entries, ascending by the raw bytes of their names (format sheet, section 8).
public record Tree(List<Node> nodes) {
  public Tree {
    nodes = List.copyOf(nodes);
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
