package dev.holdfast.engine.config.shape;

import java.util.List;

/// What a value of the configuration may be. The one description from which the reading, the JSON
/// Schema and the names of environment variables come, so that they cannot disagree. Immutable.
public sealed interface Shape {
  /// A scalar that is text.
  record Text(Format format) implements Shape {}

  /// One of a few words.
  record Choice(List<String> words) implements Shape {
    public Choice {
      words = List.copyOf(words);
    }

    public static Choice of(String... words) {
      return new Choice(List.of(words));
    }
  }

  /// `true` or `false`.
  record YesNo() implements Shape {}

  /// A whole number within bounds.
  record Whole(long least, long most) implements Shape {}

  /// A list.
  ///
  /// @param orOne whether one item may be written without a list around it
  /// @param most how many items at most
  record ListOf(Shape item, boolean orOne, int most) implements Shape {}

  /// A mapping whose keys are names that the person chooses.
  ///
  /// @param what one entry is, such as `app`
  /// @param most how many entries at most
  record Named(String what, Shape entry, int most) implements Shape {
    /// What names may be: they go into tags, paths of snapshots and names of variables.
    public static final Format NAME =
        new Format(
            "a name",
            "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
            "letters, digits, '.', '_' and '-', at most 64, the first a letter or digit");
  }

  /// A mapping with known keys.
  ///
  /// @param what it is, such as `app`
  record Struct(String what, List<Key> keys, List<Rule> rules) implements Shape {
    public Struct {
      keys = List.copyOf(keys);
      rules = List.copyOf(rules);
    }
  }

  /// A key of a [Struct].
  ///
  /// @param description for the schema: one sentence
  record Key(String name, Shape shape, boolean required, String description) {}

  /// What keys of a [Struct] have to do with each other.
  sealed interface Rule {}

  /// Of these keys one at most is given, or exactly one if one is required.
  record OneOf(List<String> keys, boolean required) implements Rule {
    public OneOf {
      keys = List.copyOf(keys);
    }
  }

  /// `key` is given only beside `other`.
  record Needs(String key, String other) implements Rule {}

  /// A form of text.
  ///
  /// @param what it is, with its article, such as `a duration`
  /// @param pattern a regular expression that Java and JavaScript understand alike
  /// @param example what it looks like, for messages
  record Format(String what, String pattern, String example) {
    /// Longer text is refused everywhere.
    public static final int MAX_CHARACTERS = 4096;

    /// Any text on one line that is not empty.
    public static final Format LINE = new Format("text", "^[^\\u0000\\r\\n]+$", "one line");

    /// Any text that is not empty.
    public static final Format ANY = new Format("text", "^[^\\u0000]+$", "not empty");

    boolean accepts(String text) {
      return text.length() <= MAX_CHARACTERS
          && text.matches(pattern.substring(1, pattern.length() - 1));
    }
  }
}
