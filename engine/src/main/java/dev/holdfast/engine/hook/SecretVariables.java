package dev.holdfast.engine.hook;

import dev.holdfast.engine.config.App;
import dev.holdfast.engine.config.AppSource;
import dev.holdfast.engine.config.Configuration;
import dev.holdfast.engine.config.RepositorySettings;
import dev.holdfast.engine.config.Secret;
import dev.holdfast.engine.config.recovery.AfterAction;
import dev.holdfast.engine.config.recovery.HealthCheck;
import dev.holdfast.engine.config.recovery.HttpCall;
import dev.holdfast.engine.config.recovery.RecoverySettings;
import dev.holdfast.engine.config.recovery.Service;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Variables of the environment that hold secrets: those that this program reads by itself, and
/// those that a configuration names.
final class SecretVariables {
  private static final Set<String> USUAL =
      Set.of(
          "PASSWORD",
          "PASSWORD_COMMAND",
          "FROM_PASSWORD",
          "FROM_PASSWORD_COMMAND",
          "REST_PASSWORD");

  private static final Set<String> OF_OTHERS =
      Set.of("PGPASSWORD", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN");

  private final Set<String> names = new TreeSet<>(OF_OTHERS);

  private SecretVariables() {}

  /// The names of all of them.
  static Set<String> of(Configuration configuration) {
    SecretVariables found = new SecretVariables();
    for (String name : USUAL) {
      found.names.add("RESTIC_" + name);
      found.names.add("HOLDFAST_" + name);
    }
    for (RepositorySettings repository : configuration.repositories().values()) {
      found.add(repository.password());
    }
    configuration.apps().values().forEach(found::add);
    return found.names;
  }

  private void add(App app) {
    for (AppSource source : app.sources()) {
      if (source instanceof AppSource.Postgres postgres) {
        add(postgres);
      }
    }
    app.proof().server().ifPresent(this::add);
    add(app.recovery());
  }

  private void add(AppSource.Postgres server) {
    add(server.password());
    server.urlVariable().ifPresent(names::add);
  }

  private void add(RecoverySettings recovery) {
    for (Service service : recovery.services()) {
      if (service instanceof Service.Maintenance maintenance) {
        add(maintenance.on());
        add(maintenance.off());
        maintenance.isOn().ifPresent(this::add);
      }
    }
    for (AfterAction action : recovery.after()) {
      if (action instanceof AfterAction.Redis redis) {
        add(redis.server().password());
      }
    }
    for (HealthCheck check : recovery.health()) {
      if (check.question() instanceof HealthCheck.Http http) {
        add(http.call());
      }
    }
  }

  private void add(HttpCall call) {
    call.headers().forEach(header -> add(header.secret()));
  }

  private void add(Optional<Secret> secret) {
    if (secret.orElse(null) instanceof Secret.InVariable variable) {
      names.add(variable.name());
    }
  }
}
