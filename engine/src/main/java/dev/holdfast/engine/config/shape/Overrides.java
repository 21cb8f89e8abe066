package dev.holdfast.engine.config.shape;

import dev.holdfast.engine.config.shape.Value.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Puts environment variables over what a file says. The rule:
///
/// - The variable of a value is `HOLDFAST_` and the keys that lead to it, joined by `_`, in upper
///   case, with `_` for every character that is no letter and no digit: `apps.shop.on-error` is
///   `HOLDFAST_APPS_SHOP_ON_ERROR`.
/// - There is one for every key that the shape knows, whether the file gives it or not, of every
///   named entry (app, source, repository) that the file has. A variable that is empty is not set.
/// - Text, words, numbers and true or false are taken as they are. A list is one item as it is, or,
///   beginning with `[`, a list in YAML's flow style, which JSON is.
/// - A key of which only one may be given, such as `password-file`, takes away the others.
/// - A variable in these namespaces that belongs to nothing is a problem, as an unknown key is. So
///   is one that could mean two values.
public final class Overrides {
  private static final String PREFIX = "HOLDFAST";

  private final Map<String, String> environment;
  private final List<Problem> problems;
  private final Map<String, String> known = new TreeMap<>();
  private final Set<String> ambiguous = new HashSet<>();

  private Overrides(Map<String, String> environment, List<Problem> problems) {
    this.environment = environment;
    this.problems = problems;
  }

  /// The value with the environment's variables over it.
  ///
  /// @param shape of `root`
  /// @param problems gets what is wrong with variables
  public static Value.Members apply(
      Value.Members root,
      Shape.Struct shape,
      Map<String, String> environment,
      List<Problem> problems) {
    Overrides overrides = new Overrides(environment, problems);
    Value.Members merged = overrides.struct(root, shape, PREFIX, "");
    overrides.reportUnknown(shape);
    overrides.ambiguous.forEach(name ->
        problems.add(
            new Problem(
                new Place.Variable(name),
                "means two values: rename one of what it names in the file")));
    return merged;
  }

  /// The variables for all keys of a value, each with the path of its key.
  public static Map<String, String> names(Value.Members root, Shape.Struct shape) {
    Overrides overrides = new Overrides(Map.of(), new ArrayList<>());
    overrides.struct(root, shape, PREFIX, "");
    return overrides.known;
  }

  private Value.Members struct(
      Value.Members value, Shape.Struct shape, String variable, String path) {
    Map<String, Value.Member> members = new LinkedHashMap<>(value.members());
    Set<String> set = new HashSet<>();
    for (Shape.Key key : shape.keys()) {
      Value.Member member = value.members().get(key.name());
      Optional<Value> now =
          under(
              Optional.ofNullable(member).map(Value.Member::value),
              key.shape(),
              variable + "_" + upper(key.name()),
              path.isEmpty() ? key.name() : path + "." + key.name());
      if (now.isPresent() && (member == null || !now.get().equals(member.value()))) {
        Place place = member == null ? now.get().place() : member.keyPlace();
        members.put(key.name(), new Value.Member(place, now.get()));
        set.add(key.name());
      }
    }
    for (Shape.Rule rule : shape.rules()) {
      if (rule instanceof Shape.OneOf one && one.keys().stream().anyMatch(set::contains)) {
        one.keys().stream().filter(key -> !set.contains(key)).forEach(members::remove);
      }
    }
    return set.isEmpty() ? value : new Value.Members(value.place(), members);
  }

  /// The value of a key; the same object if no variable changes it.
  private Optional<Value> under(Optional<Value> value, Shape shape, String variable, String path) {
    return switch (shape) {
      case Shape.Struct struct -> {
        Value.Members given =
            value.isPresent() && value.get() instanceof Value.Members members
                ? members
                : new Value.Members(new Place.Variable(variable), Map.of());
        Value.Members merged = struct(given, struct, variable, path);
        yield merged.equals(given) ? value : Optional.of(merged);
      }
      case Shape.Named named ->
          value.map(given ->
              given instanceof Value.Members members
                  ? named(members, named, variable, path)
                  : given);
      case Shape.ListOf list -> variable(variable, path, list).or(() -> value);
      case Shape.Text _, Shape.Choice _, Shape.YesNo _, Shape.Whole _ ->
          variable(variable, path, shape).or(() -> value);
    };
  }

  private Value named(Value.Members value, Shape.Named shape, String variable, String path) {
    Map<String, Value.Member> members = new LinkedHashMap<>();
    boolean changed = false;
    for (Map.Entry<String, Value.Member> entry : value.members().entrySet()) {
      Value before = entry.getValue().value();
      Value now =
          under(
                  Optional.of(before),
                  shape.entry(),
                  variable + "_" + upper(entry.getKey()),
                  path + "." + entry.getKey())
              .orElse(before);
      changed |= !now.equals(before);
      members.put(entry.getKey(), new Value.Member(entry.getValue().keyPlace(), now));
    }
    return changed ? new Value.Members(value.place(), members) : value;
  }

  private Optional<Value> variable(String name, String path, Shape shape) {
    String text = environment.getOrDefault(name, "");
    if (known.putIfAbsent(name, path) != null && !text.isEmpty()) {
      ambiguous.add(name);
    }
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Place place = new Place.Variable(name);
    Value scalar = new Value.Scalar(place, Kind.UNTYPED, text);
    if (!(shape instanceof Shape.ListOf list)) {
      return Optional.of(scalar);
    }
    if (text.startsWith("[")) {
      return list(text, place);
    }
    return Optional.of(list.orOne() ? scalar : new Value.Items(place, List.of(scalar)));
  }

  private Optional<Value> list(String text, Place place) {
    List<Problem> found = new ArrayList<>();
    Optional<Value> list =
        YamlReader.read("", text.getBytes(StandardCharsets.UTF_8), found)
            .map(value -> movedTo(place, value));
    found.forEach(problem -> problems.add(new Problem(place, problem.message())));
    return list;
  }

  private static Value movedTo(Place place, Value value) {
    return switch (value) {
      case Value.Scalar scalar -> new Value.Scalar(place, scalar.kind(), scalar.text());
      case Value.Items items ->
          new Value.Items(
              place, items.values().stream().map(item -> movedTo(place, item)).toList());
      case Value.Members members -> {
        Map<String, Value.Member> moved = new LinkedHashMap<>();
        members
            .members()
            .forEach((key, member) ->
                moved.put(key, new Value.Member(place, movedTo(place, member.value()))));
        yield new Value.Members(place, moved);
      }
    };
  }

  private void reportUnknown(Shape.Struct shape) {
    List<String> namespaces =
        shape.keys().stream().map(key -> PREFIX + "_" + upper(key.name()) + "_").toList();
    new TreeMap<>(environment)
        .forEach((name, text) -> {
          if (!text.isEmpty()
              && !known.containsKey(name)
              && namespaces.stream().anyMatch(name::startsWith)) {
            problems.add(
                new Problem(
                    new Place.Variable(name),
                    "overrides nothing that the file has"
                        + Suggestion.ending(name, known.keySet())));
          }
        });
  }

  private static String upper(String key) {
    return key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }
}
