package dev.holdfast.engine.config.shape;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What was written, before anything is known of what it means. Immutable.
public sealed interface Value {
  Place place();

  /// What a scalar is by YAML's rules.
  enum Kind {
    TEXT("text"),
    NUMBER("a number"),
    YES_NO("true or false"),
    NOTHING("nothing"),
    /// From an environment variable, which can be any of them.
    UNTYPED("text");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /// Text, a number, true or false, or nothing.
  ///
  /// @param text as it was written, quotes and escapes taken off
  record Scalar(Place place, Kind kind, String text) implements Value {}

  /// A list.
  record Items(Place place, List<Value> values) implements Value {
    public Items {
      values = List.copyOf(values);
    }
  }

  /// A mapping from keys, in the order they were written in.
  record Members(Place place, Map<String, Member> members) implements Value {
    public Members {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }
  }

  /// The value of a key.
  ///
  /// @param keyPlace where the key was written
  record Member(Place keyPlace, Value value) {}

  /// What it is, for messages.
  default String words() {
    return switch (this) {
      case Scalar scalar -> scalar.kind().words();
      case Items items -> "a list";
      case Members members -> "a mapping";
    };
  }
}
