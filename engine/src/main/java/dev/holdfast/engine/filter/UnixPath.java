package dev.holdfast.engine.filter;

import java.util.ArrayDeque;
import java.util.Deque;

/// Paths as text, handled without asking the file system: `..` takes away the name before it even
/// where that is a symbolic link, as restic and Go do.
public final class UnixPath {
  private UnixPath() {}

  /// The shortest path of the same meaning: no empty names, no `.`, no `..` but at the start of a
  /// relative path. The empty path is `.`.
  public static String clean(String path) {
    boolean absolute = isAbsolute(path);
    Deque<String> kept = new ArrayDeque<>();
    for (String name : path.split("/", -1)) {
      if (name.equals("..")) {
        if (!kept.isEmpty() && !kept.getLast().equals("..")) {
          kept.removeLast();
        } else if (!absolute) {
          kept.addLast(name);
        }
      } else if (!name.isEmpty() && !name.equals(".")) {
        kept.addLast(name);
      }
    }
    String joined = String.join("/", kept);
    return absolute ? "/" + joined : joined.isEmpty() ? "." : joined;
  }

  public static boolean isAbsolute(String path) {
    return path.startsWith("/");
  }

  /// `name` inside `directory`; neither is cleaned.
  public static String join(String directory, String name) {
    return directory.endsWith("/") ? directory + name : directory + "/" + name;
  }

  /// The cleaned path, made absolute with `workingDirectory` if it is relative.
  public static String absolute(String workingDirectory, String path) {
    return clean(isAbsolute(path) ? path : join(workingDirectory, path));
  }

  /// The last name of a cleaned path; `/` of the root.
  public static String base(String path) {
    return path.equals("/") ? path : path.substring(path.lastIndexOf('/') + 1);
  }

  /// The directory that a cleaned path lies in: `.` for a single name, `/` for the root.
  public static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "." : slash == 0 ? "/" : path.substring(0, slash);
  }
}
