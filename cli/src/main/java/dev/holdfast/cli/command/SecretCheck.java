package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Environment;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.config.AppSource;
import dev.holdfast.engine.config.Secret;
import dev.holdfast.engine.config.boundary.Finding.Severity;
import dev.holdfast.engine.config.recovery.AfterAction;
import dev.holdfast.engine.config.recovery.HealthCheck;
import dev.holdfast.engine.config.recovery.HttpCall;
import dev.holdfast.engine.config.recovery.Service;
import dev.holdfast.posix.Errno;
import dev.holdfast.posix.FileStat;
import dev.holdfast.posix.OsString;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Whether a secret is where the configuration says, without fetching it. Commands are not run.
///
/// @param what it is, such as `the password of the source 'users'`
/// @param from where it comes from, in words
/// @param severity empty if nothing is wrong with it
/// @param message what is wrong; empty if nothing is
record SecretCheck(String what, String from, Optional<Severity> severity, String message) {
  private static final int FOR_OTHERS = 0077;

  static SecretCheck of(String what, Secret secret, Environment environment) {
    return switch (secret) {
      case Secret.InFile file -> inFile(what, file.path());
      case Secret.FromCommand _ -> fine(what, "a command");
      case Secret.InVariable variable -> inVariable(what, variable.name(), environment);
    };
  }

  /// Those of all sources of an app.
  static List<SecretCheck> ofSources(App app, Environment environment) {
    List<SecretCheck> checks = new ArrayList<>();
    for (AppSource source : app.sources()) {
      if (source instanceof AppSource.Postgres postgres) {
        postgres
            .password()
            .ifPresent(secret ->
                checks.add(
                    of("the password of the source '" + source.name() + "'", secret, environment)));
        postgres
            .urlVariable()
            .ifPresent(name ->
                checks.add(
                    inVariable(
                        "the URL of the source '" + source.name() + "'", name, environment)));
      }
    }
    return checks;
  }

  /// Those of an app's recovery.
  static List<SecretCheck> ofRecovery(App app, Environment environment) {
    List<SecretCheck> checks = new ArrayList<>();
    for (Service service : app.recovery().services()) {
      if (service instanceof Service.Maintenance maintenance) {
        add(checks, maintenance.on(), environment);
        add(checks, maintenance.off(), environment);
        maintenance.isOn().ifPresent(call -> add(checks, call, environment));
      }
    }
    for (HealthCheck check : app.recovery().health()) {
      if (check.question() instanceof HealthCheck.Http http) {
        add(checks, http.call(), environment);
      }
    }
    for (AfterAction action : app.recovery().after()) {
      if (action instanceof AfterAction.Redis redis) {
        String what = "the password of the Redis at " + redis.server().place();
        redis.server().password().ifPresent(secret -> checks.add(of(what, secret, environment)));
      }
    }
    return checks;
  }

  private static void add(List<SecretCheck> checks, HttpCall call, Environment environment) {
    for (HttpCall.Header header : call.headers()) {
      String what = "the header '%s' for %s".formatted(header.name(), call.place());
      header.secret().ifPresent(secret -> checks.add(of(what, secret, environment)));
    }
  }

  private static SecretCheck fine(String what, String from) {
    return new SecretCheck(what, from, Optional.empty(), "");
  }

  private static SecretCheck inVariable(String what, String name, Environment environment) {
    String from = "the variable " + name;
    return environment.variable(name).isPresent()
        ? fine(what, from)
        : new SecretCheck(what, from, Optional.of(Severity.WARNING), "is not set here");
  }

  private static SecretCheck inFile(String what, String path) {
    String from = "the file " + OsString.display(path);
    try {
      FileStat stat = Posix.stat(path);
      if (!stat.isRegular()) {
        return new SecretCheck(what, from, Optional.of(Severity.FAILURE), "is not a file");
      }
      if (stat.sizeBytes() == 0) {
        return new SecretCheck(what, from, Optional.of(Severity.FAILURE), "is empty");
      }
      if ((stat.mode() & FOR_OTHERS) != 0) {
        return new SecretCheck(
            what,
            from,
            Optional.of(Severity.WARNING),
            "is open to others (mode %04o): run chmod 600".formatted(stat.mode()));
      }
      return fine(what, from);
    } catch (PosixException e) {
      String message =
          e.errno() == Errno.ENOENT ? "does not exist" : "cannot be looked at: " + e.getMessage();
      return new SecretCheck(what, from, Optional.of(Severity.FAILURE), message);
    }
  }
}
