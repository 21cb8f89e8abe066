package dev.holdfast.cli.command;

import java.util.List;

/// The paths of a snapshot, for people. An app of thousands of databases has as many, and so has
/// each restore point of it: the first ones tell which app that is. JSON has them all.
final class PathsText {
  /// So many are always shown, as restic shows all.
  static final int MAX = 20;

  private PathsText() {}

  static String of(List<String> paths, String separator) {
    if (paths.size() <= MAX) {
      return String.join(separator, paths);
    }
    List<String> first = paths.subList(0, MAX - 1);
    return String.join(separator, first)
        + separator
        + "and %d more".formatted(paths.size() - first.size());
  }
}
