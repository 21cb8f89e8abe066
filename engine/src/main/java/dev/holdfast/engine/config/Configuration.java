package dev.holdfast.engine.config;

import dev.holdfast.engine.config.shape.Suggestion;
import dev.holdfast.repository.error.HoldfastException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// All that `holdfast.yaml` says, checked. Immutable; holds no secret, only where each one is.
///
/// @param file where it was read from
/// @param repositories by their names, in the order of the file
/// @param apps by their names, in the order of the file
public record Configuration(
    String file, Map<String, RepositorySettings> repositories, Map<String, App> apps) {
  public Configuration {
    repositories = Collections.unmodifiableMap(new LinkedHashMap<>(repositories));
    apps = Collections.unmodifiableMap(new LinkedHashMap<>(apps));
  }

  /// The app of that name.
  ///
  /// @throws HoldfastException.NotFound if there is none
  public App app(String name) {
    App app = apps.get(name);
    if (app == null) {
      throw new HoldfastException.NotFound(
          "there is no app '" + name + "' in " + file,
          Suggestion.of(name, apps.keySet())
              .map(near -> "did you mean '" + near + "'?")
              .orElse("'holdfast config check' lists the apps"));
    }
    return app;
  }

  /// The repository that an app is backed up to: the one it names, or the only one there is; empty
  /// if the configuration has none.
  public Optional<RepositorySettings> repositoryOf(App app) {
    return app.repository().isPresent()
        ? Optional.ofNullable(repositories.get(app.repository().get()))
        : onlyRepository();
  }

  /// The repository, if there is one and no other.
  public Optional<RepositorySettings> onlyRepository() {
    return repositories.size() == 1
        ? Optional.of(repositories.values().iterator().next())
        : Optional.empty();
  }
}
