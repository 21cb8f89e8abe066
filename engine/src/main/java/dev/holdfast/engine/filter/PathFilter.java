package dev.holdfast.engine.filter;

import dev.holdfast.repository.error.HoldfastException;
import java.util.ArrayList;
import java.util.List;

/// A list of patterns on paths, with restic's meaning (its manual, "Excluding files"):
///
/// - a pattern matches whole names, `*`, `?` and `[...]` within one name, `**` across directories;
/// - what starts with `/` is anchored at the root, everything else may begin at any directory;
/// - a match of a directory is a match of everything in it;
/// - `!` before a pattern takes back what an earlier pattern matched; the last match decides.
///
/// Immutable and thread-safe.
public final class PathFilter {
  /// Matches nothing.
  public static final PathFilter NONE = new PathFilter(List.of(), false);

  private final List<PathPattern> patterns;
  private final boolean ignoresCase;
  private final boolean hasNegation;

  /// What the filter says of a path.
  ///
  /// @param matched whether the path itself matches
  /// @param childMayMatch whether something below it could
  public record Match(boolean matched, boolean childMayMatch) {}

  private PathFilter(List<PathPattern> patterns, boolean ignoresCase) {
    this.patterns = List.copyOf(patterns);
    this.ignoresCase = ignoresCase;
    this.hasNegation = patterns.stream().anyMatch(PathPattern::isNegated);
  }

  /// Prepares patterns; empty ones are left out.
  ///
  /// @throws HoldfastException.Rejected if one is malformed
  public static PathFilter of(List<String> patterns) {
    return parse(patterns, false);
  }

  /// Prepares patterns for which upper and lower case are the same.
  ///
  /// @throws HoldfastException.Rejected if one is malformed
  public static PathFilter ignoringCase(List<String> patterns) {
    return parse(patterns, true);
  }

  private static PathFilter parse(List<String> patterns, boolean ignoresCase) {
    List<PathPattern> parsed = new ArrayList<>();
    for (String pattern : patterns) {
      if (pattern.isEmpty()) {
        continue;
      }
      try {
        parsed.add(PathPattern.parse(ignoresCase ? lowerCase(pattern) : pattern));
      } catch (IllegalArgumentException e) {
        throw new HoldfastException.Rejected(
            "invalid pattern '" + pattern + "': " + e.getMessage(),
            "close every '[', and write '\\\\' for a backslash that is meant as it is");
      }
    }
    return parsed.isEmpty() ? NONE : new PathFilter(parsed, ignoresCase);
  }

  public boolean isEmpty() {
    return patterns.isEmpty();
  }

  /// Whether `path`, which is not empty, matches.
  public boolean matches(String path) {
    return !patterns.isEmpty() && match(path, false).matched;
  }

  /// Whether `path`, which is not empty, matches, and whether anything below it could.
  public Match match(String path) {
    return match(path, true);
  }

  private Match match(String path, boolean withChildren) {
    if (path.isEmpty()) {
      throw new IllegalArgumentException("empty path");
    }
    boolean matched = false;
    boolean childMayMatch = false;
    List<String> names =
        patterns.isEmpty() ? List.of() : PathPattern.split(ignoresCase ? lowerCase(path) : path);
    for (PathPattern pattern : patterns) {
      boolean here = pattern.matches(names);
      if (pattern.isNegated()) {
        matched &= !here;
        childMayMatch &= !here;
        continue;
      }
      matched |= here;
      childMayMatch |= !withChildren || pattern.mayMatchBelow(names);
      if (matched && childMayMatch && !hasNegation) {
        break;
      }
    }
    return new Match(matched, childMayMatch);
  }

  /// Character by character, independent of any locale, as Go does.
  private static String lowerCase(String text) {
    StringBuilder lower = new StringBuilder(text.length());
    text.codePoints().map(Character::toLowerCase).forEach(lower::appendCodePoint);
    return lower.toString();
  }
}
