package dev.holdfast.engine.source.files;

import dev.holdfast.engine.source.VirtualFile;
import java.io.IOException;
import java.util.List;

/// Counts what a backup will find, so that its progress can be told. Runs beside the backup in a
/// thread of its own; what it cannot read it passes over, as the backup reports it.
public final class TreeScan implements TreeVisitor<TreeScan> {
  private long files;
  private long directories;
  private long bytes;

  /// Walks the tree and counts.
  public static TreeScan of(TargetTree tree, SelectionRules rules, String workingDirectory) {
    TreeScan scan = new TreeScan();
    new TreeWalk<>(rules, workingDirectory, scan).walk(tree, scan);
    return scan;
  }

  public long files() {
    return files;
  }

  public long directories() {
    return directories;
  }

  public long bytes() {
    return bytes;
  }

  @Override
  public TreeScan enterAncestor(TreeScan parent, String nodeName, String path) {
    directories++;
    return this;
  }

  @Override
  public TreeScan enterVirtual(TreeScan parent, String nodeName) {
    directories++;
    return this;
  }

  @Override
  public TreeScan enter(TreeScan parent, Found found, OpenDirectory opened, List<String> names) {
    directories++;
    return this;
  }

  @Override
  public void file(TreeScan directory, Found found) {
    files++;
    bytes += found.stat().sizeBytes();
  }

  @Override
  public void special(TreeScan directory, Found found) {
    // Not counted, as restic's scan counts files, directories and bytes.
  }

  @Override
  public void virtualFile(TreeScan directory, String nodeName, VirtualFile file) {
    files++;
  }

  @Override
  public void leave(TreeScan directory) {
    // Nothing to finish.
  }

  @Override
  public void excluded(String path) {
    // Not part of the backup.
  }

  @Override
  public void vanished(TreeScan directory, String path, String name, IOException reason) {
    // The backup itself says so.
  }

  @Override
  public void failed(String path, IOException reason) {
    // The backup meets it too, and reports it.
  }
}
