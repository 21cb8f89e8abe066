package dev.holdfast.repository.restore;

import dev.holdfast.repository.format.Node;
import java.util.ArrayList;
import java.util.List;

/// A bounded part of a restore: what [RestorePlanner] found in one go and [PassExecutor] carries
/// out before the next. Filled by one thread, not changed once it is executed.
final class Pass {
  /// Bounds the memory of a pass: an entry takes some 800 bytes while it waits.
  static final int MAX_ENTRIES = 1 << 16;

  /// An entry that is neither a directory nor restored content: symlink, device, fifo.
  record Special(PlannedDirectory directory, Node node) {
    String path() {
      return directory.path(node.name());
    }
  }

  /// Another name for a file that is restored before.
  record Link(PlannedDirectory directory, Node node, PlannedDirectory toDirectory, String toName) {
    String path() {
      return directory.path(node.name());
    }
  }

  /// Something that the snapshot does not have.
  record Removal(PlannedDirectory directory, String name) {
    String path() {
      return directory.path(name);
    }
  }

  private final List<PlannedDirectory> directories = new ArrayList<>();
  private final List<PlannedFile> files = new ArrayList<>();
  private final List<Special> specials = new ArrayList<>();
  private final List<Link> links = new ArrayList<>();
  private final List<Removal> removals = new ArrayList<>();
  private final List<PlannedDirectory> left = new ArrayList<>();
  private final Placements placements = new Placements();

  /// Directories to be made, parents before children.
  List<PlannedDirectory> directories() {
    return directories;
  }

  /// Files whose planning ended in this pass; a file of very many blobs is spread over several.
  List<PlannedFile> files() {
    return files;
  }

  List<Special> specials() {
    return specials;
  }

  List<Link> links() {
    return links;
  }

  List<Removal> removals() {
    return removals;
  }

  /// Directories whose content is complete after this pass, children before parents.
  List<PlannedDirectory> left() {
    return left;
  }

  Placements placements() {
    return placements;
  }

  int entries() {
    return directories.size()
        + files.size()
        + specials.size()
        + links.size()
        + removals.size()
        + left.size();
  }

  boolean isFull() {
    return entries() >= MAX_ENTRIES || placements.isFull();
  }

  boolean isEmpty() {
    return entries() == 0 && placements.size() == 0;
  }
}
