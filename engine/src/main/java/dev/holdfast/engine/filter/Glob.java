package dev.holdfast.engine.filter;

import java.util.ArrayList;
import java.util.List;

/// A pattern for one name, with the meaning of Go's `path.Match`: `*` for any characters, `?` for
/// one, `[a-z]` and `[^a-z]` for one of a set, `\` before a character that is meant as it is.
///
/// A byte that is not UTF-8 counts as one character. Immutable.
public final class Glob {
  private static final int STAR = -1;

  /// What one character of a name must be, or [#STAR] for any number of them.
  private sealed interface Part {}

  private record Literal(int character) implements Part {}

  private record AnyOne() implements Part {}

  private record AnyNumber() implements Part {}

  private record OneOf(boolean negated, List<Range> ranges) implements Part {}

  private record Range(int low, int high) {}

  private final List<Part> parts;

  private Glob(List<Part> parts) {
    this.parts = parts;
  }

  /// Whether `name` is a pattern at all, rather than a plain name.
  static boolean hasWildcard(String name) {
    for (int i = 0; i < name.length(); i++) {
      if ("\\[]*?".indexOf(name.charAt(i)) >= 0) {
        return true;
      }
    }
    return false;
  }

  /// Reads a pattern.
  ///
  /// @throws IllegalArgumentException if it is malformed: an open set, an empty set, a `\` at the
  ///   end
  public static Glob compile(String pattern) {
    return new Glob(new Compiler(pattern).compile());
  }

  /// Whether the whole of `name` is what the pattern says.
  public boolean matches(String name) {
    int part = 0;
    int at = 0;
    int starPart = STAR;
    int starAt = 0;
    while (at < name.length() || part < parts.size()) {
      if (part < parts.size() && parts.get(part) instanceof AnyNumber) {
        starPart = part++;
        starAt = at;
        continue;
      }
      if (part < parts.size() && at < name.length() && accepts(parts.get(part), name, at)) {
        at += Character.charCount(name.codePointAt(at));
        part++;
        continue;
      }
      if (starPart == STAR || starAt >= name.length()) {
        return false;
      }
      // The last star takes one character more; the stars before it never need to.
      starAt += Character.charCount(name.codePointAt(starAt));
      at = starAt;
      part = starPart + 1;
    }
    return true;
  }

  private static boolean accepts(Part part, String name, int at) {
    int character = name.codePointAt(at);
    return switch (part) {
      case Literal literal -> literal.character == character;
      case AnyOne _ -> true;
      case AnyNumber _ -> throw new IllegalStateException("a star is not one character");
      case OneOf set -> {
        boolean found = false;
        for (Range range : set.ranges) {
          found |= range.low <= character && character <= range.high;
        }
        yield found != set.negated;
      }
    };
  }

  private static final class Compiler {
    private final String pattern;
    private int at;

    Compiler(String pattern) {
      this.pattern = pattern;
    }

    List<Part> compile() {
      List<Part> parts = new ArrayList<>();
      while (at < pattern.length()) {
        char c = pattern.charAt(at);
        if (c == '*') {
          at++;
          parts.add(new AnyNumber());
        } else if (c == '?') {
          at++;
          parts.add(new AnyOne());
        } else if (c == '[') {
          at++;
          parts.add(set());
        } else {
          parts.add(new Literal(character()));
        }
      }
      return parts;
    }

    private Part set() {
      boolean negated = at < pattern.length() && pattern.charAt(at) == '^';
      at += negated ? 1 : 0;
      List<Range> ranges = new ArrayList<>();
      while (at >= pattern.length() || pattern.charAt(at) != ']' || ranges.isEmpty()) {
        int low = setCharacter();
        int high = low;
        if (at < pattern.length() && pattern.charAt(at) == '-') {
          at++;
          high = setCharacter();
        }
        ranges.add(new Range(low, high));
      }
      at++;
      return new OneOf(negated, List.copyOf(ranges));
    }

    private int setCharacter() {
      if (at >= pattern.length() || pattern.charAt(at) == '-' || pattern.charAt(at) == ']') {
        throw malformed();
      }
      return character();
    }

    /// One character, the escape before it taken off.
    private int character() {
      if (pattern.charAt(at) == '\\') {
        at++;
        if (at >= pattern.length()) {
          throw malformed();
        }
      }
      int character = pattern.codePointAt(at);
      at += Character.charCount(character);
      return character;
    }

    private IllegalArgumentException malformed() {
      return new IllegalArgumentException("malformed pattern " + pattern);
    }
  }
}
