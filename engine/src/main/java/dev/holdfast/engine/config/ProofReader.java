package dev.holdfast.engine.config;

import dev.holdfast.engine.config.proof.Check;
import dev.holdfast.engine.config.proof.Proof;
import dev.holdfast.engine.config.shape.Problem;
import dev.holdfast.engine.config.shape.Suggestion;
import dev.holdfast.engine.filter.PathFilter;
import dev.holdfast.engine.filter.UnixPath;
import dev.holdfast.repository.error.HoldfastException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Reads what an app says of checks, drills and due times; its shape was checked.
final class ProofReader {
  private static final String UNITS = "BKMGT";
  private static final int BITS_OF_UNIT = 10;

  private final ModelReader model;
  private final List<Problem> problems;
  private final Set<String> sources;
  private final Optional<String> root;

  /// @param sources the names of the app's sources
  /// @param root the app's root
  ProofReader(
      ModelReader model, List<Problem> problems, Set<String> sources, Optional<String> root) {
    this.model = model;
    this.problems = problems;
    this.sources = sources;
    this.root = root;
  }

  /// @param keys of the app
  Proof read(Reader keys) {
    List<Check> checks = new ArrayList<>();
    keys.named("checks").forEach((name, its) -> checks.add(check(name, its)));
    Reader drill = keys.mapping("drill");
    return new Proof(
        checks,
        age(keys, "expect-every"),
        age(drill, "every"),
        keys.texts("copies"),
        drill.text("scratch").map(model::path),
        drill.has("postgres") ? Optional.of(server(drill.mapping("postgres"))) : Optional.empty());
  }

  private AppSource.Postgres server(Reader keys) {
    return new AppSource.Postgres(
        "drill",
        model.url(keys),
        keys.text("url-env"),
        Map.of(),
        model.secret(keys),
        new AppSource.Databases.OfConnection(),
        false);
  }

  private Check check(String name, Reader keys) {
    if (keys.has("sql")) {
      return sql(name, keys);
    }
    if (keys.has("files")) {
      return files(name, keys);
    }
    Duration limit =
        keys.text("time-limit")
            .map(text -> Duration.parse("PT" + text))
            .orElse(Check.Command.DEFAULT_LIMIT);
    refuseZero(limit, keys, "time-limit");
    return new Check.Command(name, model.invocation(keys, "run"), limit);
  }

  private Check sql(String name, Reader keys) {
    Optional<String> source = keys.text("source");
    if (source.isPresent() && !sources.contains(source.get())) {
      problems.add(
          new Problem(
              keys.place("source"),
              "there is no source '%s' in the app%s"
                  .formatted(source.get(), Suggestion.ending(source.get(), sources))));
    }
    OptionalLong least = keys.number("at-least");
    OptionalLong most = keys.number("at-most");
    boolean ranged = least.isPresent() || most.isPresent();
    if (keys.has("equals") == ranged) {
      problems.add(
          new Problem(
              keys.place("sql"),
              "'sql' needs 'equals', or 'at-least' and 'at-most' or one of them"));
    }
    if (least.isPresent() && most.isPresent() && least.getAsLong() > most.getAsLong()) {
      problems.add(new Problem(keys.place("at-least"), "'at-least' is more than 'at-most'"));
    }
    return new Check.Sql(
        name, source, keys.text("sql").orElseThrow(), keys.text("equals"), least, most);
  }

  private Check files(String name, Reader keys) {
    String pattern = keys.text("files").orElseThrow();
    if (!pattern.startsWith("/") && root.isEmpty()) {
      problems.add(
          new Problem(
              keys.place("files"), "'files' is relative, and the app has no 'root' to begin at"));
    }
    String absolute = UnixPath.absolute(root.orElse("/"), pattern);
    try {
      PathFilter.of(List.of(absolute));
    } catch (HoldfastException e) {
      problems.add(new Problem(keys.place("files"), String.valueOf(e.getMessage())));
    }
    long least = keys.number("at-least").orElse(1);
    if (least < 1) {
      problems.add(new Problem(keys.place("at-least"), "'at-least' is less than 1"));
    }
    return new Check.Files(
        name, absolute, least, keys.text("min-size").map(ProofReader::bytes).orElse(0L));
  }

  private static long bytes(String text) {
    int unit = UNITS.indexOf(text.charAt(text.length() - 1));
    long number = Long.parseLong(text.substring(0, text.length() - 1));
    long factor = 1L << (BITS_OF_UNIT * unit);
    return number > Long.MAX_VALUE / factor ? Long.MAX_VALUE : number * factor;
  }

  /// `7d`, `1d12h`.
  private Optional<Duration> age(Reader keys, String key) {
    Optional<Duration> age =
        keys.text(key)
            .map(text -> {
              int days = text.indexOf('d') + 1;
              String rest = text.substring(days);
              return Duration.parse(
                  "P" + text.substring(0, days) + (rest.isEmpty() ? "" : "T" + rest));
            });
    age.ifPresent(value -> refuseZero(value, keys, key));
    return age;
  }

  private void refuseZero(Duration duration, Reader keys, String key) {
    if (duration.isZero()) {
      problems.add(new Problem(keys.place(key), "'" + key + "' is zero"));
    }
  }
}
