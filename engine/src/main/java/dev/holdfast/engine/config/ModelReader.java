package dev.holdfast.engine.config;

import dev.holdfast.engine.config.App.NewerDuckDb;
import dev.holdfast.engine.config.App.OnError;
import dev.holdfast.engine.config.AppSource.Databases;
import dev.holdfast.engine.config.Hooks.Hook;
import dev.holdfast.engine.config.boundary.PathTemplate;
import dev.holdfast.engine.config.shape.Problem;
import dev.holdfast.engine.filter.PathFilter;
import dev.holdfast.engine.filter.UnixPath;
import dev.holdfast.posix.Home;
import dev.holdfast.repository.error.HoldfastException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/// Turns values that have the right shape into the records of the configuration, and finds what a
/// shape cannot say: paths without a root, malformed patterns. Used once.
final class ModelReader {
  private static final Pattern SCHEME = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]*:");
  private static final Pattern PASSWORD_IN_URL =
      Pattern.compile("^[a-z]+://[^/?#]*:[^/?#@]*@.*|.*\\bpassword\\s*=.*");

  private final Path folder;
  private final Map<String, String> environment;
  private final List<Problem> problems;

  /// @param folder what relative paths are relative to
  ModelReader(Path folder, Map<String, String> environment, List<Problem> problems) {
    this.folder = folder;
    this.environment = environment;
    this.problems = problems;
  }

  Configuration read(String file, Reader root) {
    Map<String, RepositorySettings> repositories = new LinkedHashMap<>();
    root.named("repositories")
        .forEach((name, keys) -> repositories.put(name, repository(name, keys)));
    Map<String, App> apps = new LinkedHashMap<>();
    root.named("apps").forEach((name, keys) -> apps.put(name, app(name, keys)));
    return new Configuration(file, repositories, apps);
  }

  private RepositorySettings repository(String name, Reader keys) {
    String location = keys.text("location").orElseThrow();
    OptionalInt packSize = OptionalInt.empty();
    if (keys.number("pack-size").isPresent()) {
      packSize = OptionalInt.of(Math.toIntExact(keys.number("pack-size").getAsLong()));
    }
    return new RepositorySettings(
        name,
        SCHEME.matcher(location).find() ? location : path(location),
        secret(keys),
        keys.text("compression"),
        packSize,
        new KeepReader(problems).policy(keys, "keep"));
  }

  Optional<Secret> secret(Reader keys) {
    if (keys.has("password-command")) {
      return Optional.of(new Secret.FromCommand(invocation(keys, "password-command")));
    }
    return keys.text("password-file")
        .<Secret>map(file -> new Secret.InFile(path(file)))
        .or(() -> keys.text("password-env").map(Secret.InVariable::new));
  }

  Invocation invocation(Reader keys, String key) {
    List<String> words = keys.texts(key);
    if (keys.isSingle(key)) {
      return new Invocation.Shell(words.getFirst());
    }
    if (words.isEmpty()) {
      problems.add(new Problem(keys.place(key), "'" + key + "' names no program"));
      return new Invocation.Shell("false");
    }
    return new Invocation.Words(words);
  }

  private App app(String name, Reader keys) {
    Optional<String> root = keys.text("root").map(this::path);
    List<AppSource> sources = new ArrayList<>();
    keys.named("sources").forEach((source, its) -> sources.add(source(source, its, root)));
    return new App(
        name,
        keys.text("repository"),
        root,
        sources,
        patterns(keys, "excludes"),
        keys.texts("tags"),
        keys.text("on-error").map("partial"::equals).orElse(false) ? OnError.PARTIAL : OnError.FAIL,
        keys.mapping("duckdb").text("newer").map("unverified"::equals).orElse(false)
            ? NewerDuckDb.UNVERIFIED
            : NewerDuckDb.REFUSE,
        hooks(keys.mapping("hooks")),
        new ProofReader(this, problems, keys.named("sources").keySet(), root).read(keys),
        new KeepReader(problems).read(keys),
        new RecoveryReader(this, problems, keys.named("sources").keySet())
            .read(keys.mapping("recover")));
  }

  private List<String> patterns(Reader keys, String key) {
    List<String> patterns = keys.texts(key);
    try {
      PathFilter.of(patterns);
    } catch (HoldfastException e) {
      problems.add(new Problem(keys.place(key), String.valueOf(e.getMessage())));
    }
    return patterns;
  }

  private AppSource source(String name, Reader keys, Optional<String> root) {
    if (keys.has("postgres")) {
      return postgres(name, keys.mapping("postgres"));
    }
    String text = keys.text("path").orElseThrow();
    String written =
        text.equals("~") || text.startsWith("~/")
            ? PathTemplate.quote(path("~")) + text.substring(1)
            : text;
    PathTemplate template;
    try {
      template = PathTemplate.parse(written);
    } catch (IllegalArgumentException e) {
      problems.add(new Problem(keys.place("path"), "'path' is no pattern: " + e.getMessage()));
      template = PathTemplate.parse("/");
    }
    if (!template.absolute() && root.isEmpty()) {
      problems.add(
          new Problem(
              keys.place("path"), "'path' is relative, and the app has no 'root' to begin at"));
    }
    AppSource.Absence unsaid =
        template.isLiteral() ? AppSource.Absence.FAILURE : AppSource.Absence.WARNING;
    AppSource.Absence absence =
        keys.yes("required")
            .map(required -> required ? AppSource.Absence.FAILURE : AppSource.Absence.EXPECTED)
            .orElse(unsaid);
    return new AppSource.Paths(name, template, patterns(keys, "excludes"), absence);
  }

  /// The address of a server.
  Optional<String> url(Reader keys) {
    Optional<String> url = keys.text("url");
    if (url.isPresent() && PASSWORD_IN_URL.matcher(url.get()).matches()) {
      problems.add(
          new Problem(
              keys.place("url"),
              "'url' holds a password: give it by 'password-file', 'password-command' or"
                  + " 'password-env', or the whole URL by 'url-env'"));
    }
    return url;
  }

  private AppSource postgres(String name, Reader keys) {
    Map<String, String> settings = new LinkedHashMap<>();
    Reader given = keys.mapping("settings");
    given
        .value()
        .members()
        .keySet()
        .forEach(key -> settings.put(key, given.text(key).orElseThrow()));
    Databases databases = databases(keys);
    return new AppSource.Postgres(
        name,
        url(keys),
        keys.text("url-env"),
        settings,
        secret(keys),
        databases,
        keys.yes("globals", databases instanceof Databases.All));
  }

  private Databases databases(Reader keys) {
    List<String> names = keys.texts("databases");
    if (!keys.has("databases")) {
      return new Databases.OfConnection();
    }
    if (names.isEmpty()) {
      problems.add(
          new Problem(
              keys.place("databases"),
              "'databases' names none: leave it out for the one of the connection"));
    }
    return keys.isSingle("databases") && names.getFirst().equals("all")
        ? new Databases.All()
        : new Databases.Listed(names);
  }

  private Hooks hooks(Reader keys) {
    return new Hooks(hooks(keys, "before"), hooks(keys, "after"), hooks(keys, "on-error"));
  }

  private List<Hook> hooks(Reader keys, String key) {
    return keys.items(key).stream().map(Reader::of).map(this::hook).toList();
  }

  private Hook hook(Reader keys) {
    Duration limit = Hook.DEFAULT_TIME_LIMIT;
    if (keys.has("time-limit")) {
      limit = Duration.parse("PT" + keys.text("time-limit").orElseThrow());
      if (limit.isZero()) {
        problems.add(new Problem(keys.place("time-limit"), "'time-limit' is zero"));
      }
    }
    return new Hook(invocation(keys, "run"), limit);
  }

  /// An absolute path: `~` is the user's home, and what is relative is relative to the file.
  String path(String text) {
    String home = Home.of(environment.get("HOME"));
    String whole = text.equals("~") || text.startsWith("~/") ? home + text.substring(1) : text;
    return UnixPath.absolute(folder.toString(), whole);
  }
}
