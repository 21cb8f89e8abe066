package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Failure;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.config.Configuration;
import dev.holdfast.engine.config.ConfigurationLoader;
import dev.holdfast.engine.config.boundary.Boundary;
import dev.holdfast.engine.config.boundary.Finding;
import dev.holdfast.engine.config.boundary.Finding.Severity;
import dev.holdfast.repository.error.HoldfastException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What `config check` does: reads the configuration, looks at everything that it names, and says
/// what it found. Exit status 0 if a backup and a recovery could go ahead, 1 if not; with
/// `--strict` warnings and things outside the boundary are failures too.
final class ConfigCheck {
  private final Session session;
  private final boolean strict;

  ConfigCheck(Session session, boolean strict) {
    this.session = session;
    this.strict = strict;
  }

  /// What was found out about one app.
  ///
  /// @param backup secrets that its backups need
  /// @param recovery secrets that only its recoveries need
  record Checked(
      App app,
      Optional<String> repository,
      Boundary boundary,
      List<SecretCheck> backup,
      List<SecretCheck> recovery) {
    Checked {
      backup = List.copyOf(backup);
      recovery = List.copyOf(recovery);
    }

    List<SecretCheck> secrets() {
      return Stream.concat(backup.stream(), recovery.stream()).toList();
    }
  }

  int run(List<String> names) {
    Path file =
        session
            .configurationFile()
            .orElseThrow(() ->
                new HoldfastException.NotFound(
                    "no holdfast.yaml was found",
                    "'holdfast config init FOLDER' writes one, or name one with --config"));
    ConfigurationLoader.Result result =
        ConfigurationLoader.read(file, session.environment().variables());
    ConfigReport report =
        session.globals().json() ? new ConfigJson(session) : new ConfigText(session);
    if (result.configuration().isEmpty()) {
      report.invalid(file.toString(), result);
      return failed(
          "%s is not right".formatted(file), "the lines above say where, and what was meant");
    }
    Configuration configuration = result.configuration().get();
    List<App> apps =
        names.isEmpty()
            ? List.copyOf(configuration.apps().values())
            : names.stream().distinct().map(configuration::app).toList();
    Map<String, SecretCheck> repositories = new LinkedHashMap<>();
    configuration
        .repositories()
        .forEach((name, repository) ->
            repository
                .password()
                .ifPresent(secret ->
                    repositories.put(
                        name,
                        SecretCheck.of(
                            "the password of the repository '" + name + "'",
                            secret,
                            session.environment()))));
    List<Checked> checked = new ArrayList<>();
    for (App app : apps) {
      checked.add(
          new Checked(
              app,
              configuration.repositoryOf(app).map(repository -> repository.name()),
              withMasks(app, Boundary.expand(app, session.engines())),
              SecretCheck.ofSources(app, session.environment()),
              SecretCheck.ofRecovery(app, session.environment())));
    }
    report.valid(configuration, repositories, checked);
    return verdict(file, repositories.values().stream().toList(), checked);
  }

  /// Masks that cannot be read are found before somebody needs them.
  private static Boundary withMasks(App app, Boundary boundary) {
    List<Finding> findings = new ArrayList<>(boundary.findings());
    app.recovery()
        .masks()
        .forEach((source, files) -> {
          for (String file : files) {
            try {
              MaskOptions.read(file);
            } catch (HoldfastException e) {
              findings.add(
                  new Finding(
                      Severity.WARNING,
                      source,
                      file,
                      "cannot mask it: " + String.valueOf(e.getMessage())));
            }
          }
        });
    return new Boundary(boundary.members(), findings, boundary.outside());
  }

  private int verdict(Path file, List<SecretCheck> repositories, List<Checked> apps) {
    int backup = count(repositories, Severity.FAILURE);
    int recovery = 0;
    int warnings = count(repositories, Severity.WARNING);
    for (Checked checked : apps) {
      backup += count(checked.backup(), Severity.FAILURE) + findings(checked, Severity.FAILURE);
      recovery += count(checked.recovery(), Severity.FAILURE);
      warnings += count(checked.secrets(), Severity.WARNING) + findings(checked, Severity.WARNING);
      warnings += checked.boundary().outside().isEmpty() ? 0 : 1;
    }
    int failures = backup + recovery;
    if (failures > 0) {
      return failed(
          "%d thing%s that %s names would make a %s fail"
              .formatted(
                  failures,
                  failures == 1 ? "" : "s",
                  file,
                  recovery == 0 ? "backup" : backup == 0 ? "recovery" : "backup or a recovery"),
          "the lines above that begin with 'FAILURE' name them");
    }
    if (strict && warnings > 0) {
      return failed("there are warnings, and --strict was given", "the lines above name them");
    }
    return ExitCode.DONE;
  }

  private static int findings(Checked checked, Severity severity) {
    return (int)
        checked.boundary().findings().stream()
            .map(Finding::severity)
            .filter(severity::equals)
            .count();
  }

  private static int count(List<SecretCheck> secrets, Severity severity) {
    return (int)
        secrets.stream().filter(secret -> secret.severity().equals(Optional.of(severity))).count();
  }

  private int failed(String message, String hint) {
    new Failure(ExitCode.FAILED, message, hint).print(session.console(), session.globals().json());
    return ExitCode.FAILED;
  }
}
