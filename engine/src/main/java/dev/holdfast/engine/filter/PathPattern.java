package dev.holdfast.engine.filter;

import java.util.ArrayList;
import java.util.List;

/// One pattern for a path, prepared: names with wildcards, and `**` for any number of directories.
/// A pattern that starts with `/` is anchored at the root; every other one may start at any name.
/// It also matches everything below what it matches. Immutable.
///
/// @param isNegated whether the pattern was written with `!` before it
record PathPattern(List<Part> parts, boolean isNegated) {
  private static final String ROOT = "/";

  /// One name of a pattern.
  sealed interface Part {}

  record Name(String name) implements Part {}

  record Wildcard(Glob glob) implements Part {}

  record AnyDirectories() implements Part {}

  private static final Part ANY_NAME = new Wildcard(Glob.compile("*"));

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
    int wide = indexOfAnyDirectories(parts);
    if (wide >= 0) {
      return matchesExpanded(parts, wide, names);
    }
    if (parts.isEmpty()) {
      return names.isEmpty();
    }
    int last = names.size() - parts.size();
    int first = 0;
    if (isAnchored(parts)) {
      last = Math.min(last, 0);
    } else if (!names.isEmpty() && names.getFirst().equals(ROOT)) {
      first = 1;
    }
    for (int offset = last; offset >= first; offset--) {
      if (matchesAt(parts, names, offset)) {
        return true;
      }
    }
    return false;
  }

  /// Tries `**` as no name, one name, two names, and so on.
  private static boolean matchesExpanded(List<Part> parts, int wide, List<String> names) {
    List<Part> expanded = new ArrayList<>(parts);
    expanded.remove(wide);
    for (int i = 0; i <= names.size() - parts.size() + 1; i++) {
      if (matches(expanded, names)) {
        return true;
      }
      expanded.add(wide, ANY_NAME);
    }
    return false;
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
