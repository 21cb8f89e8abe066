package dev.holdfast.repository.format;

import java.util.Optional;

/// What a tree entry is (format sheet, section 8).
public enum NodeType {
  FILE("file"),
  DIR("dir"),
  SYMLINK("symlink"),
  DEVICE("dev"),
  CHAR_DEVICE("chardev"),
  FIFO("fifo"),
  SOCKET("socket"),
  IRREGULAR("irregular");

  private final String jsonName;

  NodeType(String jsonName) {
    this.jsonName = jsonName;
  }

  /// The word that tree files use.
  public String jsonName() {
    return jsonName;
  }

  public static Optional<NodeType> parse(String jsonName) {
    for (NodeType type : values()) {
      if (type.jsonName.equals(jsonName)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
