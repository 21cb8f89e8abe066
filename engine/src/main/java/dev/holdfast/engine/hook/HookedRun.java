package dev.holdfast.engine.hook;

import dev.holdfast.engine.config.App;
import dev.holdfast.engine.config.Configuration;
import dev.holdfast.engine.config.Hooks.Hook;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.store.StoreAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Runs an app's backup with its hooks around it:
///
/// 1. `before`, in order; the first that fails ends everything, and there is no backup;
/// 2. the backup;
/// 3. `after`, if a snapshot was stored, a partial one too; a failure is a warning;
/// 4. `on-error`, if anything failed: a `before` hook, the backup, a source of a partial snapshot,
///    an `after` hook; a failure is a warning. It runs when a person interrupts the backup, too.
///
/// A hook has the variables of this process without those that hold secrets, and besides them
/// `HOLDFAST_HOOK` (`before`, `after`, `on-error`), `HOLDFAST_APP`, `HOLDFAST_REPOSITORY` (its
/// location), `HOLDFAST_SNAPSHOT` (the id, if one was stored) and `HOLDFAST_ERROR` (what failed,
/// for `on-error`). Its standard input is empty.
public final class HookedRun {
  private final App app;
  private final Map<String, String> environment;
  private final Consumer<String> log;

  /// What came of a backup.
  ///
  /// @param snapshot the id of what was stored
  /// @param failure what failed of it all the same, one sentence
  public record Outcome(Optional<String> snapshot, Optional<String> failure) {}

  /// @param environment the variables of this process
  /// @param location of the repository
  /// @param log gets what hooks print, line by line, with the name of the hook before it
  public HookedRun(
      Configuration configuration,
      App app,
      String location,
      Map<String, String> environment,
      Consumer<String> log) {
    this.app = app;
    this.log = log;
    this.environment = variables(configuration, app.name(), location, environment);
  }

  /// What a person's own commands have for an environment: no secrets.
  public static Map<String, String> variables(
      Configuration configuration, String app, String location, Map<String, String> environment) {
    Map<String, String> variables = new HashMap<>(environment);
    variables.keySet().removeAll(SecretVariables.of(configuration));
    variables.replaceAll(
        (_, value) -> value.startsWith("rest:") ? StoreAddress.shown(value) : value);
    variables.put("HOLDFAST_APP", app);
    variables.put("HOLDFAST_REPOSITORY", StoreAddress.shown(location));
    return variables;
  }

  /// Runs it all.
  ///
  /// @param backup returns what came of it, or throws what ended it
  /// @return warnings: what hooks after the backup failed with
  /// @throws HoldfastException.Rejected if a `before` hook failed
  public List<String> around(Supplier<Outcome> backup) {
    Outcome outcome;
    try {
      runAll("before", app.hooks().before(), Map.of())
          .ifPresent(failure -> {
            throw new HoldfastException.Rejected(
                failure, "there was no backup; the hook's output is above");
          });
      outcome = backup.get();
    } catch (RuntimeException | Error e) {
      onError(String.valueOf(e.getMessage()), Map.of()).forEach(log);
      throw e;
    }
    List<String> warnings = new ArrayList<>();
    Map<String, String> snapshot =
        outcome.snapshot().map(id -> Map.of("HOLDFAST_SNAPSHOT", id)).orElse(Map.of());
    Optional<String> failure = outcome.failure();
    if (!snapshot.isEmpty()) {
      Optional<String> after = runAll("after", app.hooks().after(), snapshot);
      after.ifPresent(warnings::add);
      failure = failure.or(() -> after);
    }
    failure.ifPresent(text -> warnings.addAll(onError(text, snapshot)));
    return warnings;
  }

  /// Runs the `on-error` hooks, all of them, whatever becomes of one; the interrupt that may be the
  /// reason for it all waits until they have run.
  private List<String> onError(String error, Map<String, String> more) {
    Map<String, String> variables = new HashMap<>(more);
    variables.put("HOLDFAST_ERROR", error.replace('\0', ' '));
    boolean interrupted = Thread.interrupted();
    List<String> warnings = new ArrayList<>();
    try {
      for (Hook hook : app.hooks().onError()) {
        runAll("on-error", List.of(hook), variables).ifPresent(warnings::add);
      }
    } catch (HoldfastException.Cancelled e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    return warnings;
  }

  /// The failure of the first hook that failed, after which none is run.
  private Optional<String> runAll(String name, List<Hook> hooks, Map<String, String> more) {
    for (Hook hook : hooks) {
      Map<String, String> variables = new HashMap<>(environment);
      variables.putAll(more);
      variables.put("HOLDFAST_HOOK", name);
      try {
        Optional<String> failure =
            new HookCommand(hook, variables, line -> log.accept(name + ": " + line)).run();
        if (failure.isPresent()) {
          return Optional.of(
              "the hook '%s' of app '%s' %s".formatted(name, app.name(), failure.get()));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new HoldfastException.Cancelled("interrupted while the hook '" + name + "' was run");
      }
    }
    return Optional.empty();
  }
}
