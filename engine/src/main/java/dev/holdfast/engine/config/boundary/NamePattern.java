package dev.holdfast.engine.config.boundary;

import dev.holdfast.posix.OsString;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One name of a [PathTemplate].
public sealed interface NamePattern {
  /// A name without wildcards.
  record Literal(String name) implements NamePattern {}

  /// Any number of folders.
  record AnyFolders() implements NamePattern {}

  /// A name with wildcards; never two of them side by side, because nothing would say where the one
  /// ends.
  record Mixed(List<Part> parts) implements NamePattern {
    public Mixed {
      parts = List.copyOf(parts);
    }

    /// What the variables stand for if `name` matches; empty if it does not.
    Optional<Map<String, String>> match(String name) {
      return new Attempt(parts, name).run();
    }
  }

  /// A piece of a [Mixed].
  sealed interface Part {}

  record Fixed(String text) implements Part {}

  record Variable(String name) implements Part {}

  record Star() implements Part {}

  /// The names that it binds, in order.
  default List<String> variables() {
    return this instanceof Mixed mixed
        ? mixed.parts.stream()
            .filter(Variable.class::isInstance)
            .map(part -> ((Variable) part).name)
            .toList()
        : List.of();
  }

  /// The one name that it matches with its variables standing for `bindings`.
  default Optional<String> fill(Map<String, String> bindings) {
    return switch (this) {
      case Literal literal -> Optional.of(literal.name);
      case AnyFolders any -> Optional.empty();
      case Mixed mixed -> {
        StringBuilder filled = new StringBuilder();
        for (Part part : mixed.parts) {
          String text =
              switch (part) {
                case Fixed fixed -> fixed.text;
                case Variable variable -> bindings.getOrDefault(variable.name, "");
                case Star star -> "";
              };
          if (text.isEmpty()) {
            yield Optional.empty();
          }
          filled.append(text);
        }
        yield Optional.of(filled.toString());
      }
    };
  }

  /// Whether the character stands for a byte that is not UTF-8, see [OsString].
  static boolean isEscapedByte(int codePoint) {
    return codePoint >= 0xDC80 && codePoint <= 0xDCFF;
  }

  /// Reads the pattern of one name, which is not empty.
  ///
  /// @throws IllegalArgumentException if it is malformed, with a reason for people
  static NamePattern parse(String name) {
    if (name.equals("**")) {
      return new AnyFolders();
    }
    List<Part> parts = new Reading(name).parts();
    if (parts.size() == 1 && parts.getFirst() instanceof Fixed fixed) {
      if (fixed.text.equals("..") || fixed.text.equals(".") || fixed.text.indexOf('/') >= 0) {
        throw new IllegalArgumentException("'" + name + "' is no name");
      }
      return new Literal(fixed.text);
    }
    return new Mixed(parts);
  }

  /// Takes the text of a pattern apart.
  final class Reading {
    private static final Pattern VARIABLE = Pattern.compile("\\{([A-Za-z][A-Za-z0-9_-]{0,31})\\}");
    private static final Pattern BYTE = Pattern.compile("\\\\x([0-9A-Fa-f]{2})");

    private final String text;
    private final List<Part> parts = new ArrayList<>();
    private final StringBuilder fixed = new StringBuilder();

    private Reading(String text) {
      this.text = text;
    }

    private List<Part> parts() {
      int at = 0;
      while (at < text.length()) {
        at =
            switch (text.charAt(at)) {
              case '\\' -> escape(at);
              case '{' -> variable(at);
              case '*' -> wildcard(new Star(), at + 1);
              case '}' ->
                  throw new IllegalArgumentException(
                      "'}' closes nothing in '"
                          + text
                          + "': write '\\}' if it is part of the name");
              default -> {
                fixed.append(text.charAt(at));
                yield at + 1;
              }
            };
      }
      endFixed();
      return parts;
    }

    private int escape(int at) {
      Matcher bytes = BYTE.matcher(text);
      if (bytes.region(at, text.length()).lookingAt()) {
        // Bytes side by side may be one character of UTF-8 together.
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        int end = at;
        while (bytes.region(end, text.length()).lookingAt()) {
          value.write(Integer.parseInt(bytes.group(1), 16));
          end = bytes.end();
        }
        fixed.append(OsString.decode(value.toByteArray()));
        return end;
      }
      if (at + 1 < text.length() && "{}*\\".indexOf(text.charAt(at + 1)) >= 0) {
        fixed.append(text.charAt(at + 1));
        return at + 2;
      }
      throw new IllegalArgumentException(
          "a '\\' in '" + text + "' stands before nothing that it could mean: write '\\\\'");
    }

    private int variable(int at) {
      Matcher variable = VARIABLE.matcher(text);
      if (!variable.region(at, text.length()).lookingAt()) {
        throw new IllegalArgumentException(
            "after '{' in '"
                + text
                + "' there must be a name and '}', such as {tenant};"
                + " write '\\{' if it is part of the name");
      }
      return wildcard(new Variable(variable.group(1)), variable.end());
    }

    private int wildcard(Part part, int next) {
      endFixed();
      if (!parts.isEmpty() && !(parts.getLast() instanceof Fixed)) {
        throw new IllegalArgumentException("two wildcards stand side by side in '" + text + "'");
      }
      parts.add(part);
      return next;
    }

    private void endFixed() {
      if (!fixed.isEmpty()) {
        String name = fixed.toString();
        if (name.indexOf('\0') >= 0) {
          throw new IllegalArgumentException("'" + text + "' holds a zero byte");
        }
        parts.add(new Fixed(name));
        fixed.setLength(0);
      }
    }
  }

  /// Tries one name. What failed is remembered, so that many wildcards cost no more than their
  /// number times the square of the name's length.
  final class Attempt {
    private final List<Part> parts;
    private final String name;
    private final boolean[][] failed;
    private final Map<String, String> bindings = new LinkedHashMap<>();

    private Attempt(List<Part> parts, String name) {
      this.parts = parts;
      this.name = name;
      failed = new boolean[parts.size()][name.length() + 1];
    }

    private Optional<Map<String, String>> run() {
      if (!matches(0, 0)) {
        return Optional.empty();
      }
      Map<String, String> ordered = new LinkedHashMap<>();
      for (Part part : parts) {
        if (part instanceof Variable variable) {
          ordered.put(variable.name, bindings.getOrDefault(variable.name, ""));
        }
      }
      return Optional.of(ordered);
    }

    private boolean matches(int part, int at) {
      if (part == parts.size()) {
        return at == name.length();
      }
      if (failed[part][at]) {
        return false;
      }
      boolean matched =
          switch (parts.get(part)) {
            case Fixed fixed ->
                name.startsWith(fixed.text, at) && matches(part + 1, at + fixed.text.length());
            case Star _ -> shortest(part, at) >= 0;
            case Variable variable -> {
              int end = at < name.length() ? shortest(part, next(at)) : -1;
              if (end >= 0) {
                bindings.put(variable.name, name.substring(at, end));
              }
              yield end >= 0;
            }
          };
      failed[part][at] = !matched;
      return matched;
    }

    /// Where the wildcard `part` ends, at `end` at the earliest; -1 if it cannot.
    private int shortest(int part, int end) {
      int last = end;
      while (!matches(part + 1, last)) {
        if (last >= name.length()) {
          return -1;
        }
        last = next(last);
      }
      return last;
    }

    private int next(int at) {
      return at + Character.charCount(name.codePointAt(at));
    }
  }
}
