package dev.holdfast.engine.source.files;

import dev.holdfast.engine.filter.UnixPath;
import dev.holdfast.engine.source.VirtualFile;
import dev.holdfast.posix.DirEntry;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// How the root of a snapshot mirrors what was named as targets (format sheet, section 7): `/a/b`
/// becomes `b` in `a`, a relative path starts at its own first name, several targets share the
/// directories they have in common, and a second target of the same first name from elsewhere gets
/// `-1` after it. Not thread-safe.
public final class TargetTree {
  private final SortedMap<String, TargetTree> children = new TreeMap<>(OsString::compare);
  private String root = "";
  private @Nullable String path;
  private @Nullable String ancestorPath;
  private @Nullable String devicePath;
  private @Nullable VirtualFile virtualFile;
  private boolean isExplicit;

  private TargetTree() {}

  /// Lays out the targets.
  ///
  /// @param targets paths as they were given, of things that exist
  /// @param virtualFiles files from streams
  /// @throws PosixException if a target that has to be listed for this cannot be
  public static TargetTree of(List<String> targets, List<VirtualFile> virtualFiles)
      throws PosixException {
    TargetTree tree = new TargetTree();
    Set<String> seen = new HashSet<>();
    for (String target : targets) {
      String clean = UnixPath.clean(target);
      if (!components(clean).isEmpty()) {
        tree.addTarget(seen, clean, clean, true);
        continue;
      }
      // "." and "/" have no name of their own: what is in them stands for them.
      for (String name : list(clean)) {
        String child = clean.equals(".") ? name : UnixPath.join(clean, name);
        tree.addTarget(seen, child, clean, false);
      }
    }
    tree.unroll();
    virtualFiles.forEach(tree::addVirtual);
    return tree;
  }

  /// Lays out what is in a folder as if the folder were the root.
  ///
  /// @param virtualFiles as for [#of]
  /// @throws PosixException if it cannot be listed
  public static TargetTree staged(String folder, List<VirtualFile> virtualFiles)
      throws PosixException {
    TargetTree tree = new TargetTree();
    for (String name : list(folder)) {
      TargetTree child = new TargetTree();
      child.path = UnixPath.join(folder, name);
      child.devicePath = folder;
      tree.children.put(name, child);
    }
    for (VirtualFile file : virtualFiles) {
      tree.unrollOnTheWayTo(file.path());
      tree.addVirtual(file);
    }
    return tree;
  }

  /// Replaces the folders on the way to `path` by what is in them.
  private void unrollOnTheWayTo(String path) throws PosixException {
    TargetTree node = this;
    for (String name : components(UnixPath.parent(path))) {
      TargetTree child = node.children.get(name);
      if (child == null) {
        return;
      }
      child.unfold();
      node = child;
    }
  }

  private void unfold() throws PosixException {
    if (path != null) {
      for (String name : list(path)) {
        TargetTree child = new TargetTree();
        child.path = UnixPath.join(path, name);
        child.devicePath = devicePath;
        children.put(name, child);
      }
      ancestorPath = path;
      path = null;
    }
  }

  /// What is below, ascending by the raw bytes of the names.
  SortedMap<String, TargetTree> children() {
    return children;
  }

  /// Where to find what is to be stored here with all its content, or null.
  @Nullable String path() {
    return path;
  }

  /// Where to find the directory that stands here only because something below it is a target.
  @Nullable String ancestorPath() {
    return ancestorPath;
  }

  @Nullable VirtualFile virtualFile() {
    return virtualFile;
  }

  /// Whether [#path] was named as a target, so that no rule leaves it out.
  boolean isExplicit() {
    return isExplicit;
  }

  /// The target whose file system counts as the one file system for what is here.
  String devicePath() {
    return devicePath == null ? "/" : devicePath;
  }

  private void addTarget(Set<String> seen, String target, String device, boolean explicit) {
    if (seen.add(target)) {
      add(target, device, explicit);
    }
  }

  private void add(String target, String device, boolean explicit) {
    List<String> names = components(target);
    String start = rootDirectory(target);
    TargetTree child = childOf(names.getFirst(), start);
    String reached = joinClean(start, names.getFirst());
    for (String name : names.subList(1, names.size())) {
      child.ancestorPath = reached;
      child = child.children.computeIfAbsent(name, _ -> new TargetTree());
      reached = joinClean(reached, name);
    }
    child.path = target;
    child.devicePath = device;
    child.isExplicit = explicit;
  }

  /// The child of this name, or of the name with the first free number if the name is taken by
  /// something from another place.
  private TargetTree childOf(String name, String start) {
    for (int i = 0; ; i++) {
      String tried = i == 0 ? name : name + "-" + i;
      TargetTree other = children.get(tried);
      if (other == null) {
        TargetTree child = new TargetTree();
        child.root = start;
        children.put(tried, child);
        return child;
      }
      if (other.root.equals(start)) {
        return other;
      }
    }
  }

  private void addVirtual(VirtualFile file) {
    TargetTree node = this;
    for (String name : components(file.path())) {
      node = node.children.computeIfAbsent(name, _ -> new TargetTree());
      if (node.path != null || node.virtualFile != null) {
        throw new HoldfastException.Rejected(
            "'" + file.path() + "' would lie where a target lies", "choose another name for it");
      }
    }
    if (!node.children.isEmpty()) {
      throw new HoldfastException.Rejected(
          "'" + file.path() + "' is a directory of the targets", "choose another name for it");
    }
    node.virtualFile = file;
  }

  /// Where one target lies inside another, the outer one is replaced by what is in it.
  private void unroll() throws PosixException {
    if (path != null && !children.isEmpty()) {
      for (String name : list(path)) {
        TargetTree child = children.computeIfAbsent(name, _ -> new TargetTree());
        if (child.path == null) {
          child.path = UnixPath.join(path, name);
          child.devicePath = devicePath;
        }
      }
      path = null;
      isExplicit = false;
    }
    for (TargetTree child : children.values()) {
      child.unroll();
    }
  }

  private static Collection<String> list(String directory) throws PosixException {
    return Posix.readDirectory(directory).stream()
        .map(DirEntry::name)
        .sorted(OsString::compare)
        .toList();
  }

  /// The names of a clean path that are names: neither the root nor steps upwards.
  private static List<String> components(String cleanPath) {
    // Restic makes a relative path absolute first, which takes away the steps upwards.
    String absolute = UnixPath.clean(UnixPath.join("/", cleanPath));
    return absolute.equals("/") ? List.of() : List.of(absolute.substring(1).split("/", -1));
  }

  /// The directory that holds the first name of a clean path.
  private static String rootDirectory(String cleanPath) {
    if (UnixPath.isAbsolute(cleanPath)) {
      return "/";
    }
    StringBuilder up = new StringBuilder();
    for (String name : cleanPath.split("/", -1)) {
      if (name.equals("..")) {
        up.append(up.isEmpty() ? "" : "/").append(name);
      }
    }
    return up.isEmpty() ? "." : up.toString();
  }

  private static String joinClean(String directory, String name) {
    return directory.equals(".") ? name : UnixPath.join(directory, name);
  }

  @Override
  public String toString() {
    return path == null ? children.toString() : path + (isExplicit ? "!" : "");
  }
}
