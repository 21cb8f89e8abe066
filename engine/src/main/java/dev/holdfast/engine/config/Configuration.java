package dev.holdfast.engine.config;

import dev.holdfast.engine.config.shape.Suggestion;
import dev.holdfast.engine.retention.RetentionPolicy;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.store.StoreAddress;
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

  /// The repository at a location, whoever asks there; empty if it is none of the configuration.
  public Optional<RepositorySettings> repositoryAt(String location) {
    String shown = StoreAddress.shown(location);
    return repositories.values().stream().filter(it -> it.shown().equals(shown)).findFirst();
  }

  /// What is kept of an app's snapshots in a repository: what the app says of it, or else what the
  /// repository says; empty if neither says anything.
  ///
  /// @param repository empty: the one that is used when none is named
  public Optional<RetentionPolicy> retention(App app, Optional<RepositorySettings> repository) {
    boolean own =
        repository
            .map(RepositorySettings::name)
            .equals(repositoryOf(app).map(RepositorySettings::name));
    Optional<RetentionPolicy> said =
        own
            ? app.keep().own()
            : repository.flatMap(it -> Optional.ofNullable(app.keep().inCopies().get(it.name())));
    return said.or(() -> repository.flatMap(RepositorySettings::keep));
  }

  /// The repository, if there is one and no other.
  public Optional<RepositorySettings> onlyRepository() {
    return repositories.size() == 1
        ? Optional.of(repositories.values().iterator().next())
        : Optional.empty();
  }
}
