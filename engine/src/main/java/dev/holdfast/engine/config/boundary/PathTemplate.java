package dev.holdfast.engine.config.boundary;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A pattern for paths that binds names, such as `tenants/{tenant}/hitkeep.db`. Immutable.
///
/// - Names between `/` are compared one by one. Everything is meant as it is but this:
/// - `{name}` stands for one character or more within one name and binds them, as few as possible
///   where there is a choice; names that begin with a dot are no exception.
/// - `*` stands for any characters, or none, within one name, and binds nothing.
/// - `**` as a whole name stands for any number of folders, or none; not at the end.
/// - `\` before one of `{ } * \` takes away its meaning; `\xNN` is the byte of that value, for
///   names that are not UTF-8.
/// - A `/` at the end matches folders only.
///
/// @param text as it was written
/// @param absolute whether it begins at `/` rather than at the app's root
/// @param names the parts between slashes
/// @param foldersOnly whether only folders match
public record PathTemplate(
    String text, boolean absolute, List<NamePattern> names, boolean foldersOnly) {
  /// More names than any path that can be opened by a person's hand.
  private static final int MAX_NAMES = 64;

  public PathTemplate {
    names = List.copyOf(names);
  }

  /// Reads a pattern.
  ///
  /// @throws IllegalArgumentException if it is malformed, with a reason for people
  public static PathTemplate parse(String text) {
    boolean absolute = text.startsWith("/");
    List<NamePattern> names = new ArrayList<>();
    Set<String> bound = new HashSet<>();
    for (String name : text.split("/", -1)) {
      if (name.equals("..")) {
        throw new IllegalArgumentException("'..' is not allowed in it");
      }
      if (!name.isEmpty() && !name.equals(".")) {
        NamePattern pattern = NamePattern.parse(name);
        for (String variable : pattern.variables()) {
          if (!bound.add(variable)) {
            throw new IllegalArgumentException("{" + variable + "} is in it twice");
          }
        }
        names.add(pattern);
      }
    }
    if (names.size() > MAX_NAMES) {
      throw new IllegalArgumentException("it has more than " + MAX_NAMES + " names");
    }
    if (!names.isEmpty() && names.getLast() instanceof NamePattern.AnyFolders) {
      throw new IllegalArgumentException("'**' stands at its end: name the folder itself");
    }
    return new PathTemplate(text, absolute, names, text.endsWith("/"));
  }

  /// The pattern that matches `path`, which is relative or absolute, and nothing else.
  public static String quote(String path) {
    StringBuilder quoted = new StringBuilder();
    path.codePoints()
        .forEach(c -> {
          if ("{}*\\".indexOf(c) >= 0) {
            quoted.append('\\').appendCodePoint(c);
          } else if (NamePattern.isEscapedByte(c) || c < 0x20 || c == 0x7f) {
            quoted.append("\\x%02x".formatted(c & 0xff));
          } else {
            quoted.appendCodePoint(c);
          }
        });
    return quoted.toString();
  }

  /// Whether it can match one path only.
  public boolean isLiteral() {
    return names.stream().allMatch(NamePattern.Literal.class::isInstance);
  }

  /// The one path that it matches with its names standing for `bindings`; empty if it has wildcards
  /// that bind nothing, or if a name is missing.
  public Optional<String> fill(Map<String, String> bindings) {
    List<String> filled = new ArrayList<>();
    for (NamePattern name : names) {
      Optional<String> one = name.fill(bindings);
      if (one.isEmpty()) {
        return Optional.empty();
      }
      filled.add(one.get());
    }
    return Optional.of((absolute ? "/" : "") + String.join("/", filled));
  }

  /// The names that it binds, in order.
  public List<String> variables() {
    return names.stream().flatMap(name -> name.variables().stream()).toList();
  }

  @Override
  public String toString() {
    return text;
  }
}
