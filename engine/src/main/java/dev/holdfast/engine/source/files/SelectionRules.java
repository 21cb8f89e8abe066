package dev.holdfast.engine.source.files;

import dev.holdfast.engine.filter.PathFilter;
import dev.holdfast.engine.filter.UnixPath;
import java.util.List;
import java.util.Map;
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
/// @param within excludes that hold only below a directory, by its absolute path; of several such
///   directories on the way to a path the nearest decides
public record SelectionRules(
    PathFilter excludes,
    PathFilter caseless,
    List<ExclusionMarker> markers,
    OptionalLong largerThan,
    boolean oneFileSystem,
    Map<String, PathFilter> within) {
  /// Leaves nothing out.
  public static final SelectionRules EVERYTHING =
      new SelectionRules(
          PathFilter.NONE, PathFilter.NONE, List.of(), OptionalLong.empty(), false, Map.of());

  public SelectionRules {
    markers = List.copyOf(markers);
    within = Map.copyOf(within);
  }

  public SelectionRules withExcludes(PathFilter value) {
    return new SelectionRules(value, caseless, markers, largerThan, oneFileSystem, within);
  }

  public SelectionRules withCaseless(PathFilter value) {
    return new SelectionRules(excludes, value, markers, largerThan, oneFileSystem, within);
  }

  public SelectionRules withMarkers(List<ExclusionMarker> value) {
    return new SelectionRules(excludes, caseless, value, largerThan, oneFileSystem, within);
  }

  public SelectionRules withLargerThan(OptionalLong value) {
    return new SelectionRules(excludes, caseless, markers, value, oneFileSystem, within);
  }

  public SelectionRules withOneFileSystem(boolean value) {
    return new SelectionRules(excludes, caseless, markers, largerThan, value, within);
  }

  public SelectionRules withinDirectories(Map<String, PathFilter> value) {
    return new SelectionRules(excludes, caseless, markers, largerThan, oneFileSystem, value);
  }

  /// Whether the absolute path is excluded by its name alone.
  boolean excludesPath(String path) {
    return excludes.matches(path) || caseless.matches(path) || isExcludedWithin(path);
  }

  private boolean isExcludedWithin(String path) {
    if (within.isEmpty()) {
      return false;
    }
    String at = UnixPath.parent(path);
    while (!at.equals("/") && !at.equals(".")) {
      PathFilter filter = within.get(at);
      if (filter != null) {
        return filter.matches(path);
      }
      at = UnixPath.parent(at);
    }
    return false;
  }

  boolean hasPatterns() {
    return !excludes.isEmpty() || !caseless.isEmpty() || !within.isEmpty();
  }
}
