package dev.holdfast.engine.config;

import dev.holdfast.engine.config.recovery.AfterAction;
import dev.holdfast.engine.config.recovery.HealthCheck;
import dev.holdfast.engine.config.recovery.HttpCall;
import dev.holdfast.engine.config.recovery.Limits;
import dev.holdfast.engine.config.recovery.RecoverySettings;
import dev.holdfast.engine.config.recovery.Service;
import dev.holdfast.engine.config.shape.Place;
import dev.holdfast.engine.config.shape.Problem;
import dev.holdfast.engine.config.shape.Suggestion;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads an app's `recover` section, whose shape was checked.
final class RecoveryReader {
  private static final String DELETE_AFTER = "delete-after";
  private static final String MASKS = "masks";

  /// Headers that Java's client sends as it needs them, and lets nobody else set.
  private static final Set<String> SET_BY_JAVA =
      Set.of("connection", "content-length", "expect", "host", "upgrade");

  private static final URI NOWHERE = URI.create("http://localhost/");

  private final ModelReader model;
  private final List<Problem> problems;
  private final Set<String> sources;

  /// @param sources the names of the app's sources
  RecoveryReader(ModelReader model, List<Problem> problems, Set<String> sources) {
    this.model = model;
    this.problems = problems;
    this.sources = sources;
  }

  RecoverySettings read(Reader keys) {
    return new RecoverySettings(
        keys.items("service").stream().map(Reader::of).map(this::service).toList(),
        keys.items("after").stream().map(Reader::of).map(this::action).toList(),
        keys.items("health").stream().map(Reader::of).map(this::check).toList(),
        masks(keys),
        age(keys.mapping("safety-copies")));
  }

  private Map<String, List<String>> masks(Reader keys) {
    Map<String, List<String>> masks = new LinkedHashMap<>();
    keys.namedTexts(MASKS)
        .forEach((source, files) -> {
          requireSource(source, keys.place(MASKS));
          if (files.isEmpty()) {
            problems.add(
                new Problem(keys.place(MASKS), "the mask of '" + source + "' names no file"));
          }
          masks.put(source, files.stream().map(model::path).toList());
        });
    return masks;
  }

  private void requireSource(String source, Place place) {
    if (!sources.contains(source)) {
      problems.add(
          new Problem(
              place, "there is no such source in the app" + Suggestion.ending(source, sources)));
    }
  }

  /// `1d12h`.
  private Optional<Duration> age(Reader keys) {
    Optional<Duration> age =
        keys.text(DELETE_AFTER)
            .map(text -> {
              int days = text.indexOf('d') + 1;
              String hours = text.substring(days);
              return Duration.parse(
                  "P" + text.substring(0, days) + (hours.isEmpty() ? "" : "T" + hours));
            });
    refuseZero(age, keys, DELETE_AFTER);
    return age;
  }

  private void refuseZero(Optional<Duration> duration, Reader keys, String key) {
    if (duration.isPresent() && duration.get().isZero()) {
      problems.add(new Problem(keys.place(key), "'" + key + "' is zero"));
    }
  }

  private Service service(Reader keys) {
    Limits limits = new Limits(duration(keys, "stop-limit"), duration(keys, "start-limit"));
    if (keys.has("systemd")) {
      return new Service.Systemd(keys.text("systemd").orElseThrow(), limits);
    }
    if (keys.has("docker")) {
      return new Service.Container(keys.text("docker").orElseThrow(), limits);
    }
    if (keys.has("compose")) {
      return compose(keys.mapping("compose"), limits, keys.place("compose"));
    }
    if (keys.has("commands")) {
      Reader commands = keys.mapping("commands");
      return new Service.Commands(
          model.invocation(commands, "stop").words(),
          model.invocation(commands, "start").words(),
          commands.has("status") ? model.invocation(commands, "status").words() : List.of(),
          limits);
    }
    Reader switches = keys.mapping("maintenance");
    return new Service.Maintenance(
        call(switches.mapping("on")),
        call(switches.mapping("off")),
        switches.has("is-on") ? Optional.of(call(switches.mapping("is-on"))) : Optional.empty(),
        limits);
  }

  private Service compose(Reader keys, Limits limits, Place place) {
    Optional<String> project = keys.text("project");
    if (project.isEmpty() && !keys.has("file")) {
      problems.add(new Problem(place, "'compose' needs 'project', 'file', or both"));
      project = Optional.of("none");
    }
    return new Service.Compose(
        project, keys.text("file").map(model::path), keys.texts("services"), limits);
  }

  private HttpCall call(Reader keys) {
    List<HttpCall.Header> headers = new ArrayList<>();
    keys.named("headers").forEach((name, header) -> headers.add(header(keys, name, header)));
    return new HttpCall(
        keys.text("method").orElse("GET"),
        address(keys),
        headers,
        keys.text("body"),
        new HttpCall.Expectation(
            keys.texts("status").stream().map(Integer::parseInt).toList(), keys.text("contains")));
  }

  private HttpCall.Header header(Reader keys, String name, Reader header) {
    Optional<Secret> secret =
        header
            .text("file")
            .<Secret>map(file -> new Secret.InFile(model.path(file)))
            .or(() -> header.text("env").map(Secret.InVariable::new));
    if (secret.isEmpty() && !header.has("text")) {
      problems.add(
          new Problem(
              keys.place("headers"), "the header '" + name + "' needs 'text', 'file' or 'env'"));
    }
    if (SET_BY_JAVA.contains(name.toLowerCase(Locale.ROOT))) {
      problems.add(
          new Problem(
              keys.place("headers"), "the header '" + name + "' is set by itself: leave it out"));
    }
    return new HttpCall.Header(name, header.text("text").orElse(""), secret);
  }

  private URI address(Reader keys) {
    try {
      URI address = new URI(keys.text("url").orElseThrow());
      if (address.getHost() != null) {
        return address;
      }
    } catch (URISyntaxException e) {
      // Said below.
    }
    problems.add(new Problem(keys.place("url"), "'url' is not an address"));
    return NOWHERE;
  }

  private AfterAction action(Reader keys) {
    Duration limit = duration(keys, "time-limit").orElse(AfterAction.DEFAULT_LIMIT);
    if (keys.has("run")) {
      return new AfterAction.Command(model.invocation(keys, "run").words(), limit);
    }
    return redis(keys.mapping("redis"), limit);
  }

  private AfterAction redis(Reader keys, Duration limit) {
    List<String> prefixes = keys.texts("delete-prefixes");
    if (keys.has("delete-prefixes") && prefixes.isEmpty()) {
      problems.add(
          new Problem(
              keys.place("delete-prefixes"),
              "'delete-prefixes' names none: 'delete-everything: true' deletes every key"));
    }
    if (keys.has("delete-everything") && !keys.yes("delete-everything", false)) {
      problems.add(
          new Problem(
              keys.place("delete-everything"),
              "nothing would be deleted: give 'delete-prefixes' instead"));
    }
    boolean tls = keys.yes("tls", false);
    if (!tls && keys.has("tls-ca-file")) {
      problems.add(new Problem(keys.place("tls-ca-file"), "'tls-ca-file' needs 'tls: true'"));
    }
    return new AfterAction.Redis(
        new AfterAction.RedisServer(
            keys.text("host").orElse("localhost"),
            number(keys, "port", AfterAction.RedisServer.DEFAULT_PORT),
            number(keys, "database", 0),
            keys.text("user"),
            model.secret(keys),
            tls,
            keys.text("tls-ca-file").map(model::path)),
        prefixes,
        limit);
  }

  private static int number(Reader keys, String key, int otherwise) {
    return Math.toIntExact(keys.number(key).orElse(otherwise));
  }

  private HealthCheck check(Reader keys) {
    return new HealthCheck(
        question(keys),
        duration(keys, "time-limit").orElse(Limits.DEFAULT),
        duration(keys, "interval").orElse(HealthCheck.DEFAULT_INTERVAL));
  }

  private HealthCheck.Question question(Reader keys) {
    if (keys.has("run")) {
      return new HealthCheck.Command(model.invocation(keys, "run").words());
    }
    if (keys.has("http")) {
      return new HealthCheck.Http(call(keys.mapping("http")));
    }
    Reader sql = keys.mapping("sql");
    Optional<String> source = sql.text("source");
    source.ifPresent(name -> requireSource(name, sql.place("source")));
    return new HealthCheck.Sql(
        source.orElse(""), sql.text("query").orElseThrow(), sql.text("expect"));
  }

  private Optional<Duration> duration(Reader keys, String key) {
    Optional<Duration> duration = keys.text(key).map(text -> Duration.parse("PT" + text));
    refuseZero(duration, keys, key);
    return duration;
  }
}
