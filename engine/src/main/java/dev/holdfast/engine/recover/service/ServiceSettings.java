package dev.holdfast.engine.recover.service;

import dev.holdfast.engine.config.recovery.AfterAction;
import dev.holdfast.engine.config.recovery.HealthCheck;
import dev.holdfast.engine.config.recovery.Limits;
import dev.holdfast.engine.config.recovery.RecoverySettings;
import dev.holdfast.engine.config.recovery.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What uses the data and how it is stopped and started, what adapts new data, and when all counts
/// as well.
///
/// @param services stopped in this order, started in the opposite one
/// @param after runs in order on the new data, before anything is started
/// @param health all of them must be well
public record ServiceSettings(
    List<Service> services, List<AfterAction> after, List<HealthCheck> health) {
  /// Nothing to stop, nothing to start, nothing to ask.
  public static final ServiceSettings NONE = new ServiceSettings(List.of(), List.of(), List.of());

  public ServiceSettings {
    services = List.copyOf(services);
    after = List.copyOf(after);
    health = List.copyOf(health);
  }

  /// What the configuration says of an app.
  public static ServiceSettings of(RecoverySettings app) {
    return new ServiceSettings(app.services(), app.after(), app.health());
  }

  /// A service that is controlled by three commands; of an empty status, it is taken to run.
  public static ServiceSettings of(List<String> stop, List<String> start, List<String> status) {
    return of(new Service.Commands(stop, start, status, Limits.NONE));
  }

  /// One service.
  public static ServiceSettings of(Service service) {
    return NONE.withServices(List.of(service));
  }

  /// A text for `/bin/sh`.
  ///
  /// @param arguments what the text has as `$0` and following
  public static List<String> shell(String text, String... arguments) {
    List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", text));
    words.addAll(List.of(arguments));
    return words;
  }

  public ServiceSettings withServices(List<Service> value) {
    return new ServiceSettings(value, after, health);
  }

  /// Commands, each with the usual limit, in place of what adapts new data.
  public ServiceSettings withAdapt(List<List<String>> value) {
    return new ServiceSettings(
        services,
        value.stream()
            .<AfterAction>map(words -> new AfterAction.Command(words, AfterAction.DEFAULT_LIMIT))
            .toList(),
        health);
  }

  public ServiceSettings withAfter(List<AfterAction> value) {
    return new ServiceSettings(services, value, health);
  }

  public ServiceSettings withHealth(List<HealthCheck> value) {
    return new ServiceSettings(services, after, value);
  }

  /// The same with limits for everything put over those that were given.
  public ServiceSettings withLimits(Limits limits, Optional<Duration> forHealth) {
    return new ServiceSettings(
        services.stream().map(it -> it.withLimits(it.limits().with(limits))).toList(),
        after,
        health.stream().map(it -> forHealth.map(it::within).orElse(it)).toList());
  }

  /// The same with all limits given.
  public ServiceSettings withLimits(Duration forStop, Duration forStart, Duration forHealth) {
    return withLimits(
        new Limits(Optional.of(forStop), Optional.of(forStart)), Optional.of(forHealth));
  }

  /// Whether there is a service to stop and start.
  public boolean hasService() {
    return !services.isEmpty();
  }

  /// The longest that any service may take to stop: after that the last holder of a file must have
  /// let go, too.
  public Duration stopLimit() {
    return services.stream()
        .map(it -> it.limits().stop())
        .max(Duration::compareTo)
        .orElse(Limits.DEFAULT);
  }
}
