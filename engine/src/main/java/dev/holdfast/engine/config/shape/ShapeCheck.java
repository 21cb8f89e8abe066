package dev.holdfast.engine.config.shape;

import dev.holdfast.engine.config.shape.Value.Kind;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Compares a value with its shape and names every difference. Messages name keys and words of
/// small choices but never other values, which may be secrets in the wrong place.
public final class ShapeCheck {
  private final List<Problem> problems;

  private ShapeCheck(List<Problem> problems) {
    this.problems = problems;
  }

  /// Compares them.
  ///
  /// @param what the value is, such as `the file` or `'tags'`
  /// @param problems gets what is wrong
  public static void check(String what, Value value, Shape shape, List<Problem> problems) {
    new ShapeCheck(problems).check(what, value, shape);
  }

  private void check(String what, Value value, Shape shape) {
    switch (shape) {
      case Shape.Text text -> text(what, value, text.format());
      case Shape.Choice choice -> choice(what, value, choice);
      case Shape.YesNo yesNo -> yesNo(what, value);
      case Shape.Whole number -> number(what, value, number);
      case Shape.ListOf list -> list(what, value, list);
      case Shape.Named named -> named(what, value, named);
      case Shape.Struct struct -> struct(what, value, struct);
    }
  }

  private void text(String what, Value value, Shape.Format format) {
    if (!(value instanceof Value.Scalar scalar) || scalar.kind() == Kind.NOTHING) {
      problem(value, what + " must be " + format.what() + ", not " + value.words());
    } else if (scalar.kind() != Kind.TEXT && scalar.kind() != Kind.UNTYPED) {
      String kind = scalar.kind() == Kind.NUMBER ? "a number" : "true or false";
      problem(value, what + " must be text, not " + kind + ": write it in quotes");
    } else if (!format.accepts(scalar.text())) {
      problem(value, "%s is not %s: %s".formatted(what, format.what(), format.example()));
    }
  }

  private void choice(String what, Value value, Shape.Choice choice) {
    if (!(value instanceof Value.Scalar scalar) || scalar.kind() == Kind.NOTHING) {
      problem(
          value,
          what + " must be one of " + String.join(", ", choice.words()) + ", not " + value.words());
    } else if (!choice.words().contains(scalar.text())) {
      problem(
          value,
          "%s cannot be '%s'%s"
              .formatted(
                  what,
                  Shown.text(scalar.text()),
                  Suggestion.endingWithAll(scalar.text(), choice.words())));
    } else if (scalar.kind() != Kind.TEXT && scalar.kind() != Kind.UNTYPED) {
      problem(value, what + " must be text: write '" + scalar.text() + "' in quotes");
    }
  }

  private void yesNo(String what, Value value) {
    boolean fits =
        value instanceof Value.Scalar scalar
            && switch (scalar.kind()) {
              case YES_NO -> true;
              case UNTYPED -> isYesOrNo(scalar.text());
              case TEXT, NUMBER, NOTHING -> false;
            };
    if (!fits) {
      problem(value, what + " must be true or false" + instead(value));
    }
  }

  /// YAML's core schema, and nothing else.
  private static boolean isYesOrNo(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return lower.equals("true") || lower.equals("false");
  }

  private void number(String what, Value value, Shape.Whole number) {
    if (value instanceof Value.Scalar scalar
        && (scalar.kind() == Kind.NUMBER || scalar.kind() == Kind.UNTYPED)
        && scalar.text().matches("[0-9]{1,18}")
        && Long.parseLong(scalar.text()) >= number.least()
        && Long.parseLong(scalar.text()) <= number.most()) {
      return;
    }
    problem(
        value,
        "%s must be a whole number from %d to %d%s"
            .formatted(what, number.least(), number.most(), instead(value)));
  }

  private static String instead(Value value) {
    return value instanceof Value.Scalar scalar
            && (scalar.kind() == Kind.NUMBER
                || (scalar.kind() == Kind.UNTYPED && scalar.text().matches("-?[0-9.]+")))
        ? ""
        : ", not " + value.words();
  }

  private void list(String what, Value value, Shape.ListOf list) {
    if (value instanceof Value.Items items) {
      if (items.values().size() > list.most()) {
        problem(value, what + " has more than " + list.most() + " items");
        return;
      }
      items.values().forEach(item -> check("an item of " + what, item, list.item()));
    } else if (list.orOne()) {
      check(what, value, list.item());
    } else {
      problem(value, what + " must be a list, not " + value.words());
    }
  }

  private void named(String what, Value value, Shape.Named named) {
    if (!(value instanceof Value.Members entries)) {
      problem(value, "%s must be a mapping from names, not %s".formatted(what, value.words()));
      return;
    }
    if (entries.members().size() > named.most()) {
      problem(value, what + " has more than " + named.most() + " entries");
      return;
    }
    entries
        .members()
        .forEach((name, member) -> {
          if (!Shape.Named.NAME.accepts(name)) {
            problems.add(
                new Problem(
                    member.keyPlace(),
                    "'%s' cannot be the name of %s %s: %s"
                        .formatted(
                            Shown.text(name),
                            article(named.what()),
                            named.what(),
                            Shape.Named.NAME.example())));
          }
          check(
              "the " + named.what() + " '" + Shown.text(name) + "'", member.value(), named.entry());
        });
  }

  private static String article(String noun) {
    return "aeiou".indexOf(noun.charAt(0)) >= 0 ? "an" : "a";
  }

  private void struct(String what, Value value, Shape.Struct struct) {
    if (!(value instanceof Value.Members given)) {
      problem(value, "%s must be a mapping, not %s".formatted(what, value.words()));
      return;
    }
    Map<String, Value.Member> members = given.members();
    Set<String> known = new LinkedHashSet<>();
    struct.keys().forEach(key -> known.add(key.name()));
    Set<String> free = new LinkedHashSet<>(known);
    free.removeAll(members.keySet());
    members.forEach((name, member) -> {
      if (!known.contains(name)) {
        problems.add(
            new Problem(
                member.keyPlace(),
                "unknown key '%s' in %s%s"
                    .formatted(Shown.text(name), what, Suggestion.endingWithAll(name, free))));
      }
    });
    for (Shape.Key key : struct.keys()) {
      Value.Member member = members.get(key.name());
      if (member != null) {
        check("'" + key.name() + "'", member.value(), key.shape());
      } else if (key.required()) {
        problem(value, what + " has no '" + key.name() + "'");
      }
    }
    struct.rules().forEach(rule -> rule(what, given, rule));
  }

  private void rule(String what, Value.Members given, Shape.Rule rule) {
    switch (rule) {
      case Shape.OneOf one -> oneOf(what, given, one);
      case Shape.Needs needs -> {
        Value.Member member = given.members().get(needs.key());
        if (member != null && !given.members().containsKey(needs.other())) {
          problems.add(
              new Problem(
                  member.keyPlace(),
                  "'%s' is only for a %s with '%s'"
                      .formatted(needs.key(), kind(what), needs.other())));
        }
      }
    }
  }

  private void oneOf(String what, Value.Members given, Shape.OneOf one) {
    String first = null;
    for (Map.Entry<String, Value.Member> entry : given.members().entrySet()) {
      String key = entry.getKey();
      if (!one.keys().contains(key)) {
        continue;
      }
      if (first == null) {
        first = key;
      } else {
        problems.add(
            new Problem(
                entry.getValue().keyPlace(),
                "'%s' and '%s' are both given in %s: give one of them"
                    .formatted(first, key, what)));
      }
    }
    if (first == null && one.required()) {
      problem(given, what + " needs one of '" + String.join("', '", one.keys()) + "'");
    }
  }

  /// `the source 'x'` is a source.
  private static String kind(String what) {
    String[] words = what.split(" ", 3);
    return words.length > 1 && words[0].equals("the") ? words[1] : what;
  }

  private void problem(Value value, String message) {
    problems.add(new Problem(value.place(), message));
  }
}
