package dev.holdfast.cli.command;

import java.util.List;
import java.util.stream.Stream;

/// The paths of a snapshot, for people. An app of thousands of databases has as many, and so has
/// each restore point of it: the first ones tell which app that is. JSON has them all.
final class PathsText {
  /// So many are always shown, as restic shows all.
  static final int MAX = 20;

  private PathsText() {}

  static String of(List<String> paths, String separator) {
    List<String> shown = paths.size() <= MAX ? paths : paths.subList(0, MAX - 1);
    String more = paths.size() <= MAX ? "" : "and %d more".formatted(paths.size() - shown.size());
    return String.join(
        separator,
        Stream.concat(shown.stream(), Stream.of(more).filter(it -> !it.isEmpty())).toList());
  }
}
