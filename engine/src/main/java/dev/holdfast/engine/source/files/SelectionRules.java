package dev.holdfast.engine.source.files;

import dev.holdfast.engine.filter.PathFilter;
import java.util.List;
import java.util.OptionalLong;

/// What a backup leaves out, with restic's options and their meaning. None of it applies to a path
/// that was named as a target itself.
///
/// @param excludes `--exclude`, `--exclude-file`
/// @param caseless `--iexclude`, `--iexclude-file`
/// @param markers `--exclude-if-present`, `--exclude-caches`
/// @param largerThan `--exclude-larger-than`: files of more bytes than this
/// @param oneFileSystem `--one-file-system`: what lies on another file system than its target;
///   directories on which one is mounted are kept, empty
public record SelectionRules(
    PathFilter excludes,
    PathFilter caseless,
    List<ExclusionMarker> markers,
    OptionalLong largerThan,
    boolean oneFileSystem) {
  /// Leaves nothing out.
  public static final SelectionRules EVERYTHING =
      new SelectionRules(PathFilter.NONE, PathFilter.NONE, List.of(), OptionalLong.empty(), false);

  public SelectionRules {
    markers = List.copyOf(markers);
  }

  public SelectionRules withExcludes(PathFilter value) {
    return new SelectionRules(value, caseless, markers, largerThan, oneFileSystem);
  }

  public SelectionRules withCaseless(PathFilter value) {
    return new SelectionRules(excludes, value, markers, largerThan, oneFileSystem);
  }

  public SelectionRules withMarkers(List<ExclusionMarker> value) {
    return new SelectionRules(excludes, caseless, value, largerThan, oneFileSystem);
  }

  public SelectionRules withLargerThan(OptionalLong value) {
    return new SelectionRules(excludes, caseless, markers, value, oneFileSystem);
  }

  public SelectionRules withOneFileSystem(boolean value) {
    return new SelectionRules(excludes, caseless, markers, largerThan, value);
  }

  /// Whether the absolute path is excluded by its name alone.
  boolean excludesPath(String path) {
    return excludes.matches(path) || caseless.matches(path);
  }

  boolean hasPatterns() {
    return !excludes.isEmpty() || !caseless.isEmpty();
  }
}
