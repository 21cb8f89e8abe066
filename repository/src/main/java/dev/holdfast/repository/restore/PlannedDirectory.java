package dev.holdfast.repository.restore;

import dev.holdfast.repository.format.Node;
import org.jspecify.annotations.Nullable;

/// A directory of the target, known by its way from the target's root. Compared by identity: it is
/// the key of [DirectoryHandles].
final class PlannedDirectory {
  private final @Nullable PlannedDirectory parent;
  private final String name;
  private final @Nullable Node node;
  private final int depth;

  /// Whether the target had it when it was planned; false means that nothing below existed either.
  private final boolean existed;

  private boolean needed;

  private PlannedDirectory(
      @Nullable PlannedDirectory parent, String name, @Nullable Node node, boolean existed) {
    this.parent = parent;
    this.name = name;
    this.node = node;
    this.existed = existed;
    depth = parent == null ? 0 : parent.depth + 1;
  }

  /// The target itself, whose metadata is the caller's.
  static PlannedDirectory root(boolean existed) {
    PlannedDirectory root = new PlannedDirectory(null, "", null, existed);
    root.needed = true;
    return root;
  }

  PlannedDirectory child(Node child, boolean childExisted) {
    return new PlannedDirectory(this, child.name(), child, childExisted);
  }

  @Nullable PlannedDirectory parent() {
    return parent;
  }

  String name() {
    return name;
  }

  /// What the snapshot says of it, null for the root.
  @Nullable Node node() {
    return node;
  }

  int depth() {
    return depth;
  }

  boolean existed() {
    return existed;
  }

  /// Whether it is to be created: it is selected, or something in it is.
  boolean isNeeded() {
    return needed;
  }

  void setNeeded() {
    needed = true;
  }

  /// Path inside the restored tree, `/` for the root.
  String path() {
    return parent == null ? "/" : parent.path(name);
  }

  /// Path of an entry of this directory.
  String path(String entry) {
    StringBuilder path = new StringBuilder();
    appendTo(path);
    return path.append('/').append(entry).toString();
  }

  private void appendTo(StringBuilder path) {
    if (parent != null) {
      parent.appendTo(path);
      path.append('/').append(name);
    }
  }
}
