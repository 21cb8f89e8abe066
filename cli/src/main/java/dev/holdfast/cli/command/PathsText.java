package dev.holdfast.cli.command;

import java.util.List;

/// The paths of a snapshot, for people. An app of thousands of databases has as many, and so has
/// each restore point of it: the first ones tell which app that is. JSON has them all.
final class PathsText {
  /// So many are always shown, as restic shows all.
  private static final int MAX = 20;

  private PathsText() {}

  static String of(List<String> paths, String separator) {
    List<String> first = first(paths);
    int more = paths.size() - first.size();
    return String.join(separator, first) + (more == 0 ? "" : separator + "and " + more + " more");
  }

  /// All of a few, the first ones of many: one line less than there may be, for how many more.
  static <T> List<T> first(List<T> all) {
    return all.size() <= MAX ? all : all.subList(0, MAX - 1);
  }
}
