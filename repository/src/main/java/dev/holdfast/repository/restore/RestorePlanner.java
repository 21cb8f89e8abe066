package dev.holdfast.repository.restore;

import dev.holdfast.posix.FileStat;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.Tree;
import dev.holdfast.repository.index.BlobIndex;
import dev.holdfast.repository.index.BlobLocation;
import dev.holdfast.repository.pack.BlobDecoder;
import dev.holdfast.repository.restore.RestoreEvent.Action;
import dev.holdfast.repository.restore.Selection.Choice;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Walks a tree and finds out what is to be done, one [Pass] at a time. Reads the repository and
/// the target and changes neither. One thread only.
final class RestorePlanner {
  /// A deeper tree is not believed: no path of one-letter names is longer (`PATH_MAX`).
  static final int MAX_DEPTH = 2048;

  /// Bounds the memory for hard links; what exceeds it is restored as files of their own.
  static final int MAX_LINK_GROUPS =
      Math.toIntExact(Math.min(1 << 20, Runtime.getRuntime().maxMemory() >> 10));

  /// Bounds the memory for the directories on the way to the one that is planned.
  static final long MAX_HELD_BYTES = Runtime.getRuntime().maxMemory() / 6;

  private record Inode(long device, long inode) {}

  private record Place(PlannedDirectory directory, String name) {}

  private final Repository repository;
  private final RestoreOptions options;
  private final TargetView target;
  private final Reporter reporter;
  private final BlobIndex index;
  private final Map<Inode, Place> linkGroups = new HashMap<>();
  private final Deque<TreeFrame> stack = new ArrayDeque<>();

  private @Nullable FileCursor cursor;
  private long heldBytes;
  private long plannedItems;
  private long plannedBytes;

  RestorePlanner(
      Repository repository,
      BlobId tree,
      PlannedDirectory root,
      RestoreOptions options,
      TargetView target,
      Reporter reporter) {
    this.repository = repository;
    this.options = options;
    this.target = target;
    this.reporter = reporter;
    index = repository.index();
    // The root's own damage ends the restore: nothing could be restored.
    Tree all = repository.loadTree(tree);
    stack.push(new TreeFrame(root, options.selection().top().map(all::only).orElse(all)));
  }

  /// The next part of the work, or null when all is planned.
  @Nullable Pass next() {
    Pass pass = new Pass();
    plannedItems = 0;
    plannedBytes = 0;
    while (!pass.isFull() && (cursor != null || !stack.isEmpty())) {
      step(pass);
    }
    if (pass.isEmpty()) {
      return null;
    }
    reporter.planned(plannedItems, plannedBytes);
    return pass;
  }

  private void step(Pass pass) {
    if (Thread.interrupted()) {
      throw new HoldfastException.Cancelled("the restore was interrupted");
    }
    FileCursor unfinished = cursor;
    if (unfinished != null) {
      if (unfinished.advance(index, pass.placements())) {
        pass.files().add(unfinished.file());
        cursor = null;
      }
      return;
    }
    TreeFrame frame = stack.element();
    Node node = frame.next(reporter);
    if (node == null) {
      stack.pop();
      heldBytes -= frame.weightBytes();
      leave(pass, frame);
    } else {
      plan(pass, frame, node);
    }
  }

  private void leave(Pass pass, TreeFrame frame) {
    PlannedDirectory directory = frame.directory();
    if (!directory.isNeeded()) {
      return;
    }
    if (options.delete() && frame.isTrusted()) {
      planRemovals(pass, frame);
    }
    if (directory.node() != null) {
      pass.left().add(directory);
    }
  }

  private void planRemovals(Pass pass, TreeFrame frame) {
    PlannedDirectory directory = frame.directory();
    Set<String> expected = frame.names();
    for (String name : target.names(directory)) {
      if (!expected.contains(name)
          && options.selection().choose(directory.path(name), false).restore()) {
        pass.removals().add(new Pass.Removal(directory, name));
      }
    }
  }

  private void plan(Pass pass, TreeFrame frame, Node node) {
    PlannedDirectory directory = frame.directory();
    Choice choice = options.selection().choose(directory.path(node.name()), node.isDirectory());
    switch (node.type()) {
      case DIR -> enter(pass, directory, node, choice);
      case FILE -> {
        if (choice.restore()) {
          planFile(pass, directory, node);
        }
      }
      case SYMLINK, DEVICE, CHAR_DEVICE, FIFO -> {
        if (choice.restore() && mayReplace(directory, node)) {
          need(pass, directory);
          plannedItems++;
          pass.specials().add(new Pass.Special(directory, node));
        }
      }
      case SOCKET -> {
        // A socket belongs to the process that listens on it; restic skips it as well.
      }
      case IRREGULAR -> {
        if (choice.restore()) {
          reporter.warning(directory.path(node.name()), "is of no type that could be restored");
        }
      }
    }
  }

  private void enter(Pass pass, PlannedDirectory parent, Node node, Choice choice) {
    PlannedDirectory directory = parent.child(node, target.hasDirectory(parent, node.name()));
    if (choice.restore()) {
      need(pass, directory);
    }
    if (!choice.descend()) {
      leaveEmpty(pass, directory);
      return;
    }
    BlobId subtree = node.subtree();
    if (subtree == null) {
      reporter.error(directory.path(), "the directory has no tree in the snapshot");
      leaveEmpty(pass, directory);
    } else if (directory.depth() > MAX_DEPTH) {
      reporter.error(directory.path(), "the tree is deeper than " + MAX_DEPTH + " directories");
      leaveEmpty(pass, directory);
    } else if (heldBytes > MAX_HELD_BYTES) {
      reporter.error(directory.path(), "the directories that it is in are too large together");
      leaveEmpty(pass, directory);
    } else {
      try {
        TreeFrame frame = new TreeFrame(directory, repository.loadTree(subtree));
        heldBytes += frame.weightBytes();
        stack.push(frame);
      } catch (HoldfastException.Cancelled cancelled) {
        throw cancelled;
      } catch (HoldfastException damage) {
        reporter.error(directory.path(), "nothing in it can be restored: " + damage.getMessage());
        leaveEmpty(pass, directory);
      }
    }
  }

  private static void leaveEmpty(Pass pass, PlannedDirectory directory) {
    if (directory.isNeeded()) {
      pass.left().add(directory);
    }
  }

  /// Plans to make `directory` and, before it, the directories that it is in.
  private void need(Pass pass, PlannedDirectory directory) {
    PlannedDirectory parent = directory.parent();
    if (directory.isNeeded() || parent == null) {
      return;
    }
    need(pass, parent);
    directory.setNeeded();
    plannedItems++;
    pass.directories().add(directory);
  }

  private void planFile(Pass pass, PlannedDirectory directory, Node node) {
    BlobIds content = node.content();
    String path = directory.path(node.name());
    if (content == null) {
      reporter.error(path, "the file has no content in the snapshot");
      return;
    }
    if (planAsLink(pass, directory, node)) {
      return;
    }
    long sizeBytes = sizeOf(path, node, content);
    if (sizeBytes < 0 || !mayReplace(directory, node)) {
      return;
    }
    need(pass, directory);
    TargetView.Match match = target.compare(directory, node, content, sizeBytes, options);
    if (match.isWhole()) {
      // Only the metadata is set again, which restic calls unchanged as well.
      reporter.done(path, Action.UNCHANGED, sizeBytes);
    } else {
      plannedItems++;
      plannedBytes += sizeBytes;
    }
    cursor =
        new FileCursor(
            new PlannedFile(directory, node, content, sizeBytes, match), match.isWhole());
  }

  /// Whether the file is another name of one that was planned before, and was planned as such.
  private boolean planAsLink(Pass pass, PlannedDirectory directory, Node node) {
    if (node.links() <= 1) {
      return false;
    }
    Inode inode = new Inode(node.deviceId(), node.inode());
    Place first = linkGroups.get(inode);
    if (first == null) {
      if (linkGroups.size() < MAX_LINK_GROUPS) {
        linkGroups.put(inode, new Place(directory, node.name()));
      }
      return false;
    }
    if (mayReplace(directory, node)) {
      need(pass, directory);
      plannedItems++;
      pass.links().add(new Pass.Link(directory, node, first.directory(), first.name()));
    }
    return true;
  }

  /// What the blobs add up to, or -1 after reporting that one is missing.
  private long sizeOf(String path, Node node, BlobIds content) {
    long sum = 0;
    for (int i = 0; i < content.size(); i++) {
      int length = ExistingFile.plainLengthBytes(index, content.get(i));
      if (length < 0) {
        reporter.error(path, "not restored: the repository has no blob " + content.get(i));
        return -1;
      }
      sum += length;
    }
    if (sum != node.sizeBytes()) {
      reporter.warning(path, "has " + sum + " bytes, where the snapshot says " + node.sizeBytes());
    }
    return sum;
  }

  private boolean mayReplace(PlannedDirectory directory, Node node) {
    FileStat existing = target.stat(directory, node.name());
    boolean replace =
        existing == null || options.overwrite().replaces(existing, node.modificationTime());
    if (!replace) {
      reporter.done(directory.path(node.name()), Action.UNCHANGED, node.sizeBytes());
    }
    return replace;
  }

  /// Hands the blobs of one file to the placements, as many at a time as there is room for.
  private static final class FileCursor {
    private final PlannedFile file;
    private final boolean isWhole;
    private int blob;
    private long offset;

    FileCursor(PlannedFile file, boolean isWhole) {
      this.file = file;
      this.isWhole = isWhole;
    }

    PlannedFile file() {
      return file;
    }

    /// Returns whether the file is planned to its end.
    boolean advance(BlobIndex index, Placements placements) {
      BlobIds content = file.content();
      while (!isWhole && blob < content.size()) {
        if (placements.isFull()) {
          return false;
        }
        BlobHandle handle = new BlobHandle(BlobType.DATA, content.get(blob));
        BlobLocation from = index.find(handle);
        if (from == null) {
          throw new IllegalStateException("the index lost " + handle);
        }
        if (!file.match().hasBlob(blob)) {
          file.expect();
          placements.add(file, blob, offset, from);
        }
        offset += BlobDecoder.plainLengthBytes(from.blob());
        blob++;
      }
      return true;
    }
  }
}
