package dev.holdfast.engine.backup;

import dev.holdfast.engine.filter.Glob;
import dev.holdfast.engine.filter.UnixPath;
import dev.holdfast.posix.DirEntry;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.error.HoldfastException;
import java.util.ArrayList;
import java.util.List;

/// The paths that a pattern stands for, as Go's `filepath.Glob` finds them, and so restic: `*`, `?`
/// and sets within one name, hidden names too, `\` before what is meant as it is. Names may be of
/// any bytes, see [OsString].
public final class PathExpansion {
  private static final String SPECIAL = "*?[\\";

  private PathExpansion() {}

  /// Whether `text` is a pattern, rather than a path as it is.
  public static boolean isPattern(String text) {
    return text.chars().anyMatch(c -> SPECIAL.indexOf(c) >= 0);
  }

  /// What `pattern` matches at this moment, in the order of the bytes. Folders that cannot be read
  /// hold nothing.
  ///
  /// @throws HoldfastException.Rejected if it is malformed
  public static List<String> expand(String pattern) {
    List<String> found = List.of(UnixPath.isAbsolute(pattern) ? "/" : "");
    for (String name : pattern.split("/", -1)) {
      if (!name.isEmpty()) {
        found = isPattern(name) ? matching(found, glob(name, pattern)) : named(found, name);
      }
    }
    return found.stream().filter(Posix::isPresent).toList();
  }

  private static Glob glob(String name, String pattern) {
    try {
      return Glob.compile(name);
    } catch (IllegalArgumentException e) {
      throw new HoldfastException.Rejected(
          "invalid pattern '" + OsString.display(pattern) + "': " + e.getMessage(),
          "close every '[', and write '\\\\' for a backslash that is meant as it is");
    }
  }

  private static List<String> named(List<String> folders, String name) {
    return folders.stream().map(folder -> inside(folder, name)).toList();
  }

  private static List<String> matching(List<String> folders, Glob glob) {
    List<String> found = new ArrayList<>();
    for (String folder : folders) {
      for (String name : names(folder.isEmpty() ? "." : folder)) {
        if (glob.matches(name)) {
          found.add(inside(folder, name));
        }
      }
    }
    return found;
  }

  private static String inside(String folder, String name) {
    return folder.isEmpty() ? name : UnixPath.join(folder, name);
  }

  private static List<String> names(String folder) {
    try {
      return Posix.readDirectory(folder).stream()
          .map(DirEntry::name)
          .sorted(OsString::compare)
          .toList();
    } catch (PosixException e) {
      return List.of();
    }
  }
}
