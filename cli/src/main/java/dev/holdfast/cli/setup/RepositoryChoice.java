package dev.holdfast.cli.setup;

import dev.holdfast.engine.config.App;
import dev.holdfast.engine.config.Configuration;
import dev.holdfast.engine.config.RepositorySettings;
import dev.holdfast.repository.error.HoldfastException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;

/// Which repository a command is about: options, then the environment, then the configuration; if
/// none of them says, the one that is used when none is named.
///
/// @param location where it is; empty: where the standard one is
/// @param settings what the configuration says of it
record RepositoryChoice(Optional<String> location, Optional<RepositorySettings> settings) {
  /// Makes the choice.
  ///
  /// @param configuration loads it, if there is one; not asked when the location is a path
  /// @param app whose backup it is about
  static RepositoryChoice make(
      GlobalOptions globals,
      Environment environment,
      Supplier<Optional<Configuration>> configuration,
      Optional<App> app) {
    Optional<String> given = given(globals, environment);
    if (given.isPresent()) {
      Optional<RepositorySettings> named =
          isName(given.get())
              ? configuration
                  .get()
                  .flatMap(c -> Optional.ofNullable(c.repositories().get(given.get())))
              : Optional.empty();
      return new RepositoryChoice(named.map(RepositorySettings::location).or(() -> given), named);
    }
    Optional<RepositorySettings> configured =
        configuration.get().flatMap(c -> app.isPresent() ? c.repositoryOf(app.get()) : only(c));
    return new RepositoryChoice(configured.map(RepositorySettings::location), configured);
  }

  /// Whether it can be a name of the configuration. A folder of such a name is `./NAME`.
  private static boolean isName(String location) {
    return location.indexOf('/') < 0 && location.indexOf(':') < 0;
  }

  private static Optional<RepositorySettings> only(Configuration configuration) {
    if (configuration.repositories().size() > 1) {
      throw new HoldfastException.Rejected(
          configuration.file() + " has several repositories",
          "name one with --repo: " + String.join(", ", configuration.repositories().keySet()));
    }
    return configuration.onlyRepository();
  }

  /// The location that options or environment give; empty if they give none.
  private static Optional<String> given(GlobalOptions globals, Environment environment) {
    if (globals.repository != null && globals.repositoryFile != null) {
      throw both("--repo", "--repository-file");
    }
    if (globals.repository != null) {
      return Optional.of(globals.repository);
    }
    if (globals.repositoryFile != null) {
      return Optional.of(read(globals.repositoryFile));
    }
    for (String prefix : new String[] {"HOLDFAST_", "RESTIC_"}) {
      Optional<String> location = environment.variable(prefix + "REPOSITORY");
      Optional<String> file = environment.variable(prefix + "REPOSITORY_FILE");
      if (location.isPresent() && file.isPresent()) {
        throw both(prefix + "REPOSITORY", prefix + "REPOSITORY_FILE");
      }
      if (location.isPresent() || file.isPresent()) {
        return location.or(() -> file.map(RepositoryChoice::read));
      }
    }
    return Optional.empty();
  }

  private static String read(String file) {
    return new String(TextFile.read("repository file", file), StandardCharsets.UTF_8);
  }

  private static HoldfastException.Rejected both(String one, String other) {
    return new HoldfastException.Rejected(
        one + " and " + other + " were both given", "give one of them");
  }
}
