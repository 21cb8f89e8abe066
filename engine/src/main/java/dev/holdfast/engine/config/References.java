package dev.holdfast.engine.config;

import dev.holdfast.engine.config.shape.Place;
import dev.holdfast.engine.config.shape.Problem;
import dev.holdfast.engine.config.shape.Suggestion;
import dev.holdfast.engine.config.shape.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks that what one part of a configuration says of another is so: works on values of any
/// shape, so that it can speak even when other things are wrong.
final class References {
  private References() {}

  static void check(Value.Members root, List<Problem> problems) {
    Map<String, Value.Member> repositories = members(root, "repositories");
    members(root, "apps")
        .forEach((name, app) -> {
          if (!(app.value() instanceof Value.Members keys)) {
            return;
          }
          Value.Member named = keys.members().get("repository");
          if (named == null) {
            if (repositories.size() > 1) {
              add(
                  problems,
                  app.keyPlace(),
                  "the app '"
                      + name
                      + "' does not say which repository: 'repository' is one of "
                      + String.join(", ", repositories.keySet()));
            }
          } else {
            requireRepository(named.value(), repositories, problems);
          }
          Value.Member copies = keys.members().get("copies");
          if (copies != null && copies.value() instanceof Value.Items items) {
            items.values().forEach(each -> requireRepository(each, repositories, problems));
            requireOthers(items, named, repositories, problems);
          }
          requireCopies(keys, copies, problems);
          noEmpty(keys, "sources", "the app '" + name + "' has no source", problems);
        });
  }

  private static void requireRepository(
      Value value, Map<String, Value.Member> repositories, List<Problem> problems) {
    if (value instanceof Value.Scalar scalar && !repositories.containsKey(scalar.text())) {
      add(
          problems,
          scalar.place(),
          "there is no repository '"
              + scalar.text()
              + "' under 'repositories'"
              + Suggestion.endingWithAll(scalar.text(), repositories.keySet()));
    }
  }

  /// What is only once in one place is no copy, however often it is written down.
  private static void requireOthers(
      Value.Items copies,
      Value.@Nullable Member named,
      Map<String, Value.Member> repositories,
      List<Problem> problems) {
    Set<String> seen = new HashSet<>();
    for (Value each : copies.values()) {
      if (each instanceof Value.Scalar scalar && repositories.containsKey(scalar.text())) {
        boolean own =
            named == null
                ? repositories.size() == 1
                : named.value() instanceof Value.Scalar name && name.text().equals(scalar.text());
        if (own) {
          add(
              problems,
              scalar.place(),
              "'" + scalar.text() + "' is the app's own repository, so that there is no copy");
        } else if (!seen.add(scalar.text())) {
          add(problems, scalar.place(), "'" + scalar.text() + "' is under 'copies' twice");
        }
      }
    }
  }

  /// Rules for a repository that nothing is copied to would never be applied.
  private static void requireCopies(
      Value.Members app, Value.@Nullable Member copies, List<Problem> problems) {
    List<String> names =
        copies != null && copies.value() instanceof Value.Items items
            ? items.values().stream()
                .filter(Value.Scalar.class::isInstance)
                .map(item -> ((Value.Scalar) item).text())
                .toList()
            : List.of();
    members(app, KeepShape.IN_COPIES)
        .forEach((name, member) -> {
          if (!names.contains(name)) {
            add(
                problems,
                member.keyPlace(),
                "there is no repository '"
                    + name
                    + "' under 'copies'"
                    + Suggestion.endingWithAll(name, names));
          }
        });
  }

  private static void noEmpty(
      Value.Members keys, String key, String message, List<Problem> problems) {
    Value.Member member = keys.members().get(key);
    if (member != null
        && member.value() instanceof Value.Members inner
        && inner.members().isEmpty()) {
      add(problems, inner.place(), message);
    }
  }

  private static Map<String, Value.Member> members(Value.Members root, String key) {
    Value.Member member = root.members().get(key);
    return member != null && member.value() instanceof Value.Members inner
        ? inner.members()
        : Map.of();
  }

  private static void add(List<Problem> problems, Place place, String message) {
    problems.add(new Problem(place, message));
  }
}
