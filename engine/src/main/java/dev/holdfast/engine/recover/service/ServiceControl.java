package dev.holdfast.engine.recover.service;

import dev.holdfast.engine.config.recovery.AfterAction;
import dev.holdfast.engine.config.recovery.HealthCheck;
import dev.holdfast.engine.config.recovery.HttpCall;
import dev.holdfast.engine.config.recovery.Service;
import dev.holdfast.repository.error.HoldfastException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/// Stops and starts all services of a recovery, adapts new data, and asks whether all is well.
///
/// What ran before is a map that [#running] makes and the journal keeps; nothing else is ever
/// started. Thread-confined.
public final class ServiceControl {
  private static final String SERVICE = "service ";
  private static final Duration LAST_ATTEMPT = Duration.ofSeconds(5);

  private final ServiceSettings settings;
  private final TimedCommand commands;
  private final HttpCalls calls;
  private final Outside outside;
  private final BiFunction<String, String, List<String>> query;
  private final List<Control> controls;

  /// @param outside what commands and requests get
  /// @param query asks databases, by what names them and a query, for the first value of each
  public ServiceControl(
      ServiceSettings settings, Outside outside, BiFunction<String, String, List<String>> query) {
    this.settings = settings;
    this.outside = outside;
    this.commands = new TimedCommand(outside.environment());
    this.calls = new HttpCalls(outside.secrets());
    this.query = query;
    this.controls = settings.services().stream().map(this::control).toList();
  }

  private Control control(Service service) {
    return switch (service) {
      case Service.Systemd systemd -> new SystemdUnit(commands, systemd.unit());
      case Service.Container container ->
          new DockerContainer(commands, container.name(), container.limits().givenStop());
      case Service.Compose compose -> new ComposeProject(commands, compose);
      case Service.Commands own -> new OwnCommands(commands, own);
      case Service.Maintenance maintenance -> new MaintenanceSwitch(calls, maintenance);
    };
  }

  public ServiceSettings settings() {
    return settings;
  }

  /// Makes sure, while everything still runs, that all of it can be told, reached and read that
  /// will be needed when nothing does.
  ///
  /// @throws HoldfastException.Rejected if not
  public void validate() {
    controls.forEach(Control::running);
    for (Service service : settings.services()) {
      if (service instanceof Service.Maintenance maintenance) {
        validate(maintenance.on());
        validate(maintenance.off());
      }
    }
    for (HealthCheck check : settings.health()) {
      if (check.question() instanceof HealthCheck.Http http) {
        validate(http.call());
      }
    }
    for (AfterAction action : settings.after()) {
      if (action instanceof AfterAction.Redis redis) {
        new RedisKeys(redis, outside.secrets()).check();
      }
    }
  }

  private void validate(HttpCall call) {
    calls.request(call, Control.STATUS_LIMIT);
  }

  /// What runs now, for the journal: by the number of the service.
  ///
  /// @throws HoldfastException.Rejected if it cannot be told of one
  public Map<String, String> running() {
    Map<String, String> running = new LinkedHashMap<>();
    for (int i = 0; i < controls.size(); i++) {
      running.put(SERVICE + i, controls.get(i).running());
    }
    return running;
  }

  /// Whether anything ran.
  public static boolean ranAny(Map<String, String> before) {
    return before.entrySet().stream()
        .anyMatch(it -> it.getKey().startsWith(SERVICE) && !it.getValue().isEmpty());
  }

  private static String ran(Map<String, String> before, int number) {
    return before.getOrDefault(SERVICE + number, "");
  }

  /// Stops what ran.
  ///
  /// @throws HoldfastException.Rejected if one does not stop in time
  public void stop(Map<String, String> before) {
    for (int i = 0; i < controls.size(); i++) {
      if (!ran(before, i).isEmpty()) {
        stop(i, ran(before, i));
      }
    }
  }

  /// Stops what ran and runs again, which somebody else may have started. What cannot be told is
  /// stopped.
  public void stopAgain(Map<String, String> before) {
    for (int i = 0; i < controls.size(); i++) {
      if (!ran(before, i).isEmpty() && mayRun(controls.get(i))) {
        stop(i, ran(before, i));
      }
    }
  }

  private static boolean mayRun(Control control) {
    try {
      return !control.running().isEmpty();
    } catch (HoldfastException.Rejected e) {
      return true;
    }
  }

  private void stop(int number, String ran) {
    Control control = controls.get(number);
    Service service = settings.services().get(number);
    Duration limit = service.limits().stop();
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      control.stop(ran, limit);
    } catch (HoldfastException.Rejected e) {
      throw failed(service, "stopped", e);
    }
    if (!control.tells()) {
      return;
    }
    while (!control.running().isEmpty()) {
      if (System.nanoTime() - deadline > 0) {
        throw new HoldfastException.Rejected(
            "%s could not be stopped: it was told to, and still runs after %d s"
                .formatted(service.describe(), limit.toSeconds()),
            "stop it by hand and run this again");
      }
      Pause.shortly();
    }
  }

  private static HoldfastException.Rejected failed(
      Service service, String what, HoldfastException.Rejected e) {
    return new HoldfastException.Rejected(
        "%s could not be %s: %s".formatted(service.describe(), what, e.getMessage()), e.hint());
  }

  /// Starts what ran, in the opposite order.
  ///
  /// @throws HoldfastException.Rejected if one does not start in time
  public void start(Map<String, String> before) {
    for (int i = controls.size() - 1; i >= 0; i--) {
      if (!ran(before, i).isEmpty()) {
        start(i, ran(before, i));
      }
    }
  }

  /// Starts what ran and does not run, all of it, even if one cannot be started.
  ///
  /// @throws HoldfastException.Rejected with the first failure
  public void startAgain(Map<String, String> before) {
    Optional<HoldfastException.Rejected> first = Optional.empty();
    for (int i = controls.size() - 1; i >= 0; i--) {
      String ran = ran(before, i);
      if (ran.isEmpty() || isKnownToRun(controls.get(i), ran)) {
        continue;
      }
      try {
        start(i, ran);
      } catch (HoldfastException.Rejected e) {
        first = first.or(() -> Optional.of(e));
      }
    }
    if (first.isPresent()) {
      throw first.get();
    }
  }

  /// Whether everything that ran is known to run.
  private static boolean isKnownToRun(Control control, String ran) {
    try {
      return control.tells() && isRunning(control, ran);
    } catch (HoldfastException.Rejected e) {
      return false;
    }
  }

  private static boolean isRunning(Control control, String ran) {
    return words(control.running()).containsAll(words(ran));
  }

  private static List<String> words(String text) {
    return Arrays.asList(text.split(" ", -1));
  }

  private void start(int number, String ran) {
    Control control = controls.get(number);
    Service service = settings.services().get(number);
    Duration limit = service.limits().start();
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      control.start(ran, limit);
    } catch (HoldfastException.Rejected e) {
      throw failed(service, "started", e);
    }
    while (control.tells() && !isRunning(control, ran)) {
      if (System.nanoTime() - deadline > 0) {
        throw new HoldfastException.Rejected(
            "%s could not be started: it was told to, and does not run after %d s"
                .formatted(service.describe(), limit.toSeconds()),
            "see what the service itself logged");
      }
      Pause.shortly();
    }
  }

  /// Does what is to be done with new data.
  ///
  /// @throws HoldfastException.Rejected if any of it fails
  public void adapt() {
    for (AfterAction action : settings.after()) {
      switch (action) {
        case AfterAction.Command command -> {
          TimedCommand.Ended ended = commands.run(command.words(), command.limit());
          if (!ended.wasGood()) {
            throw new HoldfastException.Rejected(
                "the new data could not be adapted: "
                    + ended.describe(command.words(), command.limit()),
                "see what the command says when it is run by hand");
          }
        }
        case AfterAction.Redis redis -> new RedisKeys(redis, outside.secrets()).delete();
      }
    }
  }

  /// Asks until every check has succeeded once.
  ///
  /// @throws HoldfastException.Rejected if one has not when its time is over
  public void awaitHealth() {
    long begin = System.nanoTime();
    HealthQuestions questions = new HealthQuestions(commands, calls, query);
    for (HealthCheck check : settings.health()) {
      long deadline = begin + check.limit().toNanos();
      Optional<String> problem = questions.problem(check, left(deadline));
      while (problem.isPresent()) {
        if (System.nanoTime() - deadline > 0) {
          throw new HoldfastException.Rejected(
              "the service is not well with the recovered data: %s: %s"
                  .formatted(check.describe(), problem.get()),
              "see what the service itself logged");
        }
        Pause.of(check.interval());
        problem = questions.problem(check, left(deadline));
      }
    }
  }

  /// One attempt is made even when the time is over, and is given long enough to be answered.
  private static Duration left(long deadline) {
    return Duration.ofNanos(Math.max(deadline - System.nanoTime(), LAST_ATTEMPT.toNanos()));
  }
}
