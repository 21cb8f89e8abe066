package dev.holdfast.engine.source.files;

import dev.holdfast.engine.filter.UnixPath;
import dev.holdfast.engine.source.VirtualFile;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.util.Map;

/// Walks what is to be backed up and tells a [TreeVisitor] of it, leaving out what the rules leave
/// out. Directories are entered without recursion, so a tree may be of any depth. Used once, by one
/// thread; an interrupt ends it with [HoldfastException.Cancelled].
///
/// @param <D> what the visitor knows of a directory
public final class TreeWalk<D> {
  private final SelectionRules rules;
  private final String workingDirectory;
  private final TreeVisitor<D> visitor;

  /// @param workingDirectory absolute; what relative targets are matched against patterns with
  public TreeWalk(SelectionRules rules, String workingDirectory, TreeVisitor<D> visitor) {
    this.rules = rules;
    this.workingDirectory = workingDirectory;
    this.visitor = visitor;
  }

  /// Visits everything below the root of the snapshot, which `root` stands for.
  public void walk(TargetTree tree, D root) {
    for (Map.Entry<String, TargetTree> child : tree.children().entrySet()) {
      checkNotInterrupted();
      visit(root, child.getKey(), child.getValue());
    }
  }

  private void visit(D parent, String nodeName, TargetTree target) {
    String path = target.path();
    VirtualFile virtualFile = target.virtualFile();
    if (virtualFile != null) {
      visitor.virtualFile(parent, nodeName, virtualFile);
    } else if (path != null) {
      visitTarget(parent, nodeName, path, target);
    } else {
      visitAncestor(parent, nodeName, target);
    }
  }

  private void visitAncestor(D parent, String nodeName, TargetTree target) {
    String path = target.ancestorPath();
    D directory = null;
    try {
      directory =
          path == null
              ? visitor.enterVirtual(parent, nodeName)
              : visitor.enterAncestor(parent, nodeName, path);
    } catch (IOException e) {
      visitor.failed(path == null ? nodeName : path, e);
    }
    if (directory != null) {
      walk(target, directory);
      visitor.leave(directory);
    }
  }

  private void visitTarget(D parent, String nodeName, String path, TargetTree target) {
    String absolute = UnixPath.absolute(workingDirectory, path);
    if (!target.isExplicit() && rules.excludesPath(absolute)) {
      visitor.excluded(absolute);
      return;
    }
    OpenDirectory directory = null;
    try {
      directory = OpenDirectory.reach(UnixPath.parent(path), UnixPath.parent(absolute));
      String name = UnixPath.base(path);
      FileStat stat = directory.stat(name);
      Found found = new Found(directory, name, nodeName, stat, target.isExplicit());
      Boundary boundary = new Boundary(rules, allowedDevice(target, stat));
      if (isLeftOut(found, boundary)) {
        visitor.excluded(absolute);
      } else {
        visitFound(parent, found, boundary);
      }
    } catch (IOException e) {
      visitor.failed(absolute, e);
    } finally {
      if (directory != null) {
        directory.release();
      }
    }
  }

  private static long allowedDevice(TargetTree target, FileStat stat) throws PosixException {
    return target.isExplicit()
        ? stat.deviceId()
        : Posix.fstatat(OpenFlag.AT_FDCWD, target.devicePath(), 0).deviceId();
  }

  private static boolean isLeftOut(Found found, Boundary boundary) throws PosixException {
    if (found.isExplicit()) {
      return false;
    }
    return boundary.excludes(found.stat(), found.directory().stat())
        || boundary.markersIn(found.directory()).excludes(found.name());
  }

  private void visitFound(D parent, Found found, Boundary boundary) throws IOException {
    if (found.stat().isDirectory()) {
      new Descent<>(rules, boundary, visitor).walk(parent, found);
    } else {
      report(visitor, parent, found);
    }
  }

  /// Tells of something that is not a directory. Sockets are passed over in silence, as restic
  /// does: there is nothing in them, and whoever listens makes them anew.
  static <D> void report(TreeVisitor<D> visitor, D parent, Found found) throws IOException {
    switch (found.stat().type()) {
      case REGULAR -> visitor.file(parent, found);
      case SYMLINK, BLOCK_DEVICE, CHARACTER_DEVICE, FIFO -> visitor.special(parent, found);
      case SOCKET -> {}
      case UNKNOWN -> throw new IOException("is of a kind that cannot be backed up");
      case DIRECTORY -> throw new IllegalStateException("a directory is to be entered");
    }
  }

  static void checkNotInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw new HoldfastException.Cancelled("interrupted");
    }
  }
}
