package dev.holdfast.engine.query;

import java.util.ArrayDeque;
import java.util.Deque;

/// Paths inside snapshots: from `/`, with `/` between names, whatever the system's own paths are.
public final class Paths {
  private Paths() {}

  /// The path without empty names, `.` and `..`, and without a slash at the end.
  public static String clean(String path) {
    Deque<String> names = new ArrayDeque<>();
    for (String name : path.split("/", -1)) {
      if (name.equals("..")) {
        names.pollLast();
      } else if (!name.isEmpty() && !name.equals(".")) {
        names.addLast(name);
      }
    }
    return "/" + String.join("/", names);
  }

  /// The path of `name` in the directory `directory`.
  public static String child(String directory, String name) {
    return directory.equals("/") ? "/" + name : directory + "/" + name;
  }

  /// Whether `path` is `directory` or inside it.
  public static boolean isWithin(String directory, String path) {
    return directory.equals("/") || path.equals(directory) || path.startsWith(directory + "/");
  }

  /// The last name of a path, empty for `/`.
  public static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
