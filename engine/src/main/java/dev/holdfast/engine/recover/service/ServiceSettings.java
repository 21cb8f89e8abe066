package dev.holdfast.engine.recover.service;

import java.time.Duration;
import java.util.List;

/// How a service is stopped and started, and when it counts as well. Every command is words that
/// the system executes as they are; an empty list means that there is none.
///
/// @param stop ends when the service has stopped
/// @param start ends when the service has been started
/// @param status ends with 0 exactly if the service runs; without it, a service that can be stopped
///   is taken to run
/// @param adapt run in order on the new data, before the service starts
/// @param health all of them must succeed
/// @param stopLimit for stopping, and then for the last holder of a file to let go
/// @param startLimit for starting
/// @param healthLimit until every health check must have succeeded once
/// @param adaptLimit for each command that adapts
public record ServiceSettings(
    List<String> stop,
    List<String> start,
    List<String> status,
    List<List<String>> adapt,
    List<HealthCheck> health,
    Duration stopLimit,
    Duration startLimit,
    Duration healthLimit,
    Duration adaptLimit) {
  /// What a service manager gives a service by itself is 90 seconds; one that takes longer is
  /// better looked at by a person.
  public static final Duration DEFAULT_LIMIT = Duration.ofSeconds(90);

  /// Migrations of a large database take their time.
  public static final Duration DEFAULT_ADAPT_LIMIT = Duration.ofMinutes(30);

  /// Nothing to stop, nothing to start, nothing to ask.
  public static final ServiceSettings NONE = of(List.of(), List.of(), List.of());

  public ServiceSettings {
    stop = List.copyOf(stop);
    start = List.copyOf(start);
    status = List.copyOf(status);
    adapt = adapt.stream().map(List::copyOf).toList();
    health = List.copyOf(health);
    if (stop.isEmpty() != start.isEmpty()) {
      throw new IllegalArgumentException("a service that can be stopped must be startable");
    }
  }

  /// A service that is controlled by three commands.
  public static ServiceSettings of(List<String> stop, List<String> start, List<String> status) {
    return new ServiceSettings(
        stop,
        start,
        status,
        List.of(),
        List.of(),
        DEFAULT_LIMIT,
        DEFAULT_LIMIT,
        DEFAULT_LIMIT,
        DEFAULT_ADAPT_LIMIT);
  }

  /// A unit of systemd.
  public static ServiceSettings systemd(String unit) {
    return of(
        List.of("systemctl", "stop", "--", unit),
        List.of("systemctl", "start", "--", unit),
        List.of("systemctl", "is-active", "--quiet", "--", unit));
  }

  /// A container of Docker.
  public static ServiceSettings docker(String container) {
    return of(
        List.of("docker", "stop", "--", container),
        List.of("docker", "start", "--", container),
        shell(
            "test \"$(docker container inspect --format '{{.State.Running}}' -- \"$0\")\" = true",
            container));
  }

  /// A text for `/bin/sh`.
  ///
  /// @param arguments what the text has as `$0` and following
  public static List<String> shell(String text, String... arguments) {
    List<String> words = new java.util.ArrayList<>(List.of("/bin/sh", "-c", text));
    words.addAll(List.of(arguments));
    return words;
  }

  public ServiceSettings withAdapt(List<List<String>> value) {
    return new ServiceSettings(
        stop, start, status, value, health, stopLimit, startLimit, healthLimit, adaptLimit);
  }

  public ServiceSettings withHealth(List<HealthCheck> value) {
    return new ServiceSettings(
        stop, start, status, adapt, value, stopLimit, startLimit, healthLimit, adaptLimit);
  }

  public ServiceSettings withLimits(Duration forStop, Duration forStart, Duration forHealth) {
    return new ServiceSettings(
        stop, start, status, adapt, health, forStop, forStart, forHealth, adaptLimit);
  }

  /// Whether there is a service to stop and start.
  public boolean hasService() {
    return !stop.isEmpty();
  }
}
