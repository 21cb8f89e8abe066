package dev.holdfast.repository.format;

import java.util.List;

/// A directory's entries, ascending by the raw bytes of their names (format sheet, section 8).
public record Tree(List<Node> nodes) {
  public Tree {
    nodes = List.copyOf(nodes);
  }
}
