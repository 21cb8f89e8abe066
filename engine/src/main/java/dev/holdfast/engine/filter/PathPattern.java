package dev.holdfast.engine.filter;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// One pattern for a path, prepared: names with wildcards, and `**` for any number of directories.
/// A pattern that starts with `/` is anchored at the root; every other one may start at any name.
/// It also matches everything below what it matches. Immutable.
///
/// @param isNegated whether the pattern was written with `!` before it
record PathPattern(List<Part> parts, boolean isNegated) {
  private static final String ROOT = "/";

  /// The names a pattern with `**` may have: such a pattern takes time for each of its names at
  /// each name of the path.
  private static final int MAX_WIDE_PARTS = 100;

  /// One name of a pattern.
  sealed interface Part {}

  record Name(String name) implements Part {}

  record Wildcard(Glob glob) implements Part {}

  record AnyDirectories() implements Part {}

  /// Prepares a pattern that is not empty.
  ///
  /// @throws IllegalArgumentException if it is malformed
  static PathPattern parse(String pattern) {
    boolean negated = pattern.startsWith("!");
    List<Part> parts = new ArrayList<>();
    for (String name : split(UnixPath.clean(negated ? pattern.substring(1) : pattern))) {
      // The pattern "/" has an empty second name, which restic takes as "**".
      if (name.equals("**") || name.isEmpty()) {
        parts.add(new AnyDirectories());
      } else {
        parts.add(Glob.hasWildcard(name) ? new Wildcard(Glob.compile(name)) : new Name(name));
      }
    }
    if (parts.size() > MAX_WIDE_PARTS && indexOfAnyDirectories(parts) >= 0) {
      throw new IllegalArgumentException(
          "a pattern with ** of more than " + MAX_WIDE_PARTS + " names");
    }
    return new PathPattern(List.copyOf(parts), negated);
  }

  /// The names of a path; the first one of an absolute path is `/`.
  static List<String> split(String path) {
    List<String> names = new ArrayList<>();
    int from = 0;
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', from)) {
      names.add(path.substring(from, slash));
      from = slash + 1;
    }
    names.add(path.substring(from));
    if (names.getFirst().isEmpty()) {
      names.set(0, ROOT);
    }
    return names;
  }

  boolean matches(List<String> names) {
    return matches(parts, names);
  }

  /// Whether the pattern could match something below the path.
  boolean mayMatchBelow(List<String> names) {
    if (!isAnchored(parts)) {
      return true;
    }
    List<String> prefix = names;
    int wide = indexOfAnyDirectories(parts);
    if (wide >= 0 && names.size() >= wide) {
      prefix = names.subList(0, wide);
    }
    return matches(parts.subList(0, Math.min(prefix.size(), parts.size())), prefix);
  }

  private static boolean matches(List<Part> parts, List<String> names) {
    if (indexOfAnyDirectories(parts) >= 0) {
      return Wide.matches(parts, names);
    }
    if (parts.isEmpty()) {
      return names.isEmpty();
    }
    int last = names.size() - parts.size();
    if (isAnchored(parts)) {
      last = Math.min(last, 0);
    }
    for (int offset = last; offset >= firstOffset(parts, names); offset--) {
      if (matchesAt(parts, names, offset)) {
        return true;
      }
    }
    return false;
  }

  /// Where a pattern may begin: wildcards do not stand for the root.
  private static int firstOffset(List<Part> parts, List<String> names) {
    return !isAnchored(parts) && !names.isEmpty() && names.getFirst().equals(ROOT) ? 1 : 0;
  }

  /// Matches patterns with `**`, which stands for no name, one name, two names, and so on. What was
  /// tried in vain is remembered: to try all lengths of all of them would take forever where there
  /// are many. Each place to begin at leaves less room than the ones after it, which are tried
  /// first, so what failed for them fails for it.
  private static final class Wide {
    private final List<Part> parts;
    private final List<String> names;
    private final BitSet failed = new BitSet();
    private int offset;

    private Wide(List<Part> parts, List<String> names) {
      this.parts = parts;
      this.names = names;
    }

    static boolean matches(List<Part> parts, List<String> names) {
      if (parts.size() > names.size() + 1) {
        return false;
      }
      Wide wide = new Wide(parts, names);
      wide.offset = isAnchored(parts) ? 0 : names.size();
      while (wide.offset >= firstOffset(parts, names)) {
        if (wide.matches(0, wide.offset)) {
          return true;
        }
        wide.offset--;
      }
      return false;
    }

    /// Whether the parts from `part` on match from the name `at` on.
    private boolean matches(int part, int at) {
      if (part == parts.size()) {
        return true;
      }
      int place = part * (names.size() + 1) + at;
      if (failed.get(place)) {
        return false;
      }
      boolean matched =
          parts.get(part) instanceof AnyDirectories
              ? matchesAny(part, at)
              : at < names.size()
                  && accepts(parts.get(part), names.get(at))
                  && matches(part + 1, at + 1);
      failed.set(place, !matched);
      return matched;
    }

    /// Whether a `**` that begins at, or has come to, the name `at` ends there or further on.
    private boolean matchesAny(int part, int at) {
      // As restic counts: every `**` that is still to come takes the room of a name.
      int furthest = Math.min(names.size(), names.size() - parts.size() + 1 + offset + part);
      return at <= furthest && (matches(part + 1, at) || (at < furthest && matches(part, at + 1)));
    }
  }

  private static boolean matchesAt(List<Part> parts, List<String> names, int offset) {
    for (int i = parts.size() - 1; i >= 0; i--) {
      if (!accepts(parts.get(i), names.get(offset + i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean accepts(Part part, String name) {
    return switch (part) {
      case Name plain -> plain.name.equals(name);
      case Wildcard wildcard -> wildcard.glob.matches(name);
      case AnyDirectories _ -> throw new IllegalStateException("** is not one name");
    };
  }

  private static boolean isAnchored(List<Part> parts) {
    return !parts.isEmpty() && parts.getFirst() instanceof Name first && first.name.equals(ROOT);
  }

  private static int indexOfAnyDirectories(List<Part> parts) {
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i) instanceof AnyDirectories) {
        return i;
      }
    }
    return -1;
  }
}
