package dev.holdfast.repository.store;

import dev.holdfast.repository.error.HoldfastException.Rejected;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The settings of one kind of store that people give with `-o KIND.NAME=VALUE`, as restic reads
/// them: names in any case, values trimmed.
///
/// @param kind the part of the names before the dot, such as `s3`
/// @param values by the part after the dot
public record ExtendedOptions(String kind, Map<String, String> values) {
  /// Those of restic; options of a kind that is not used now are no mistake.
  private static final Set<String> KINDS =
      Set.of("azure", "b2", "gs", "local", "rclone", "rest", "s3", "sftp", "swift");

  public ExtendedOptions {
    values = Map.copyOf(values);
  }

  /// The options of `kind` among all that were given.
  ///
  /// @throws Rejected if one is no option at all, or given twice with different values
  public static ExtendedOptions parse(List<String> given, String kind) {
    Map<String, String> values = new HashMap<>();
    for (String option : given) {
      int equals = option.indexOf('=');
      String name = (equals < 0 ? option : option.substring(0, equals)).strip();
      String key = name.toLowerCase(Locale.ROOT);
      String value = equals < 0 ? "" : option.substring(equals + 1).strip();
      int dot = key.indexOf('.');
      if (dot < 0 || !KINDS.contains(key.substring(0, dot))) {
        throw new Rejected(
            "there is no extended option '" + name + "'",
            "write it as KIND.NAME=VALUE, such as s3.region=eu-central-1");
      }
      if (key.substring(0, dot).equals(kind)) {
        String before = values.put(key.substring(dot + 1), value);
        if (before != null && !before.equals(value)) {
          throw new Rejected("the extended option '" + key + "' was given twice", "give it once");
        }
      }
    }
    return new ExtendedOptions(kind, values);
  }

  /// Makes sure that every option is one of `known`.
  ///
  /// @throws Rejected naming one that is not
  public void requireKnown(Set<String> known) {
    for (String name : values.keySet()) {
      if (!known.contains(name)) {
        throw new Rejected(
            "there is no extended option '" + kind + "." + name + "'",
            "those of " + kind + " are " + String.join(", ", new TreeSet<>(known)));
      }
    }
  }

  /// An option's value; empty if it was not given or has none.
  public Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
  }

  /// A number from `least` to `most`.
  public int number(String name, int standard, int least, int most) {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return standard;
    }
    try {
      int number = Integer.parseInt(text.get());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below, with the bounds.
    }
    throw new Rejected(
        "the extended option %s.%s cannot be '%s'".formatted(kind, name, text.get()),
        "give a number from %d to %d".formatted(least, most));
  }

  /// Yes or no, in the words that Go takes; no if it was not given.
  public boolean flag(String name) {
    String text = text(name).orElse("false");
    return switch (text) {
      case "1", "t", "T", "true", "TRUE", "True" -> true;
      case "0", "f", "F", "false", "FALSE", "False" -> false;
      default ->
          throw new Rejected(
              "the extended option %s.%s cannot be '%s'".formatted(kind, name, text),
              "give true or false");
    };
  }
}
