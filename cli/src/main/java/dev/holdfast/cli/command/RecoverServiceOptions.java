package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.GoDuration;
import dev.holdfast.engine.config.recovery.HealthCheck;
import dev.holdfast.engine.config.recovery.HttpCall;
import dev.holdfast.engine.config.recovery.Limits;
import dev.holdfast.engine.config.recovery.RecoverySettings;
import dev.holdfast.engine.config.recovery.Service;
import dev.holdfast.engine.recover.service.ServiceSettings;
import dev.holdfast.repository.error.HoldfastException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that say how the service is stopped, started and asked.
final class RecoverServiceOptions {
  @Option(
      names = "--systemd",
      paramLabel = "UNIT",
      description = "stop this unit of systemd for the swap, and start it afterwards if it ran")
  @Nullable String systemd;

  @Option(
      names = "--docker",
      paramLabel = "CONTAINER",
      description = "stop this container for the swap, and start it afterwards if it ran")
  @Nullable String docker;

  @Option(
      names = "--stop-command",
      paramLabel = "COMMAND",
      description = "a text for /bin/sh that stops the service, and ends when it has stopped")
  @Nullable String stop;

  @Option(
      names = "--start-command",
      paramLabel = "COMMAND",
      description = "a text for /bin/sh that starts the service")
  @Nullable String start;

  @Option(
      names = "--status-command",
      paramLabel = "COMMAND",
      description = "a text for /bin/sh that ends with 0 exactly if the service runs")
  @Nullable String status;

  @Option(
      names = "--adapt-command",
      paramLabel = "COMMAND",
      description =
          "run on the new data before the service starts, such as a migration; repeatable")
  List<String> adapt = new ArrayList<>();

  @Option(
      names = "--health-command",
      paramLabel = "COMMAND",
      description = "must end with 0 once the service runs on the new data, repeatable")
  List<String> healthCommands = new ArrayList<>();

  @Option(
      names = "--health-url",
      paramLabel = "URL",
      description = "must answer with a status of 200 to 299, repeatable")
  List<String> healthAddresses = new ArrayList<>();

  @Option(
      names = "--health-sql",
      paramLabel = "QUERY",
      description = "must have an answer that is neither 0 nor empty, on every recovered database")
  List<String> healthQueries = new ArrayList<>();

  @Option(
      names = "--stop-limit",
      paramLabel = "TIME",
      description = "longest wait for the service to stop (default: 90s)")
  @Nullable String stopLimit;

  @Option(
      names = "--start-limit",
      paramLabel = "TIME",
      description = "longest wait for the service to start (default: 90s)")
  @Nullable String startLimit;

  @Option(
      names = "--health-limit",
      paramLabel = "TIME",
      description = "until the service must be well (default: 90s)")
  @Nullable String healthLimit;

  /// What the options say, put over what the configuration says of the app: services in place of
  /// services, what adapts in place of what adapts, checks in place of checks.
  ServiceSettings settings(RecoverySettings configured) {
    ServiceSettings settings = ServiceSettings.of(configured);
    Optional<Service> service = service();
    if (service.isPresent()) {
      settings = settings.withServices(List.of(service.get()));
    }
    if (!adapt.isEmpty()) {
      settings =
          settings.withAdapt(adapt.stream().map(text -> ServiceSettings.shell(text)).toList());
    }
    List<HealthCheck> health = health();
    if (!health.isEmpty()) {
      settings = settings.withHealth(health);
    }
    return settings.withLimits(
        new Limits(limit("--stop-limit", stopLimit), limit("--start-limit", startLimit)),
        limit("--health-limit", healthLimit));
  }

  private static Optional<Duration> limit(String option, @Nullable String text) {
    return Optional.ofNullable(text).map(given -> GoDuration.parse(option, given));
  }

  private Optional<Service> service() {
    int ways = (systemd == null ? 0 : 1) + (docker == null ? 0 : 1) + (stop == null ? 0 : 1);
    if (ways > 1) {
      throw new HoldfastException.Rejected(
          "more than one of --systemd, --docker and --stop-command was given", "give one of them");
    }
    if ((stop == null) != (start == null)) {
      throw new HoldfastException.Rejected(
          "--stop-command and --start-command belong together", "give both or none");
    }
    if (systemd != null) {
      return Optional.of(new Service.Systemd(systemd, Limits.NONE));
    }
    if (docker != null) {
      return Optional.of(new Service.Container(docker, Limits.NONE));
    }
    return stop == null || start == null
        ? Optional.empty()
        : Optional.of(
            new Service.Commands(
                ServiceSettings.shell(stop),
                ServiceSettings.shell(start),
                status == null ? List.of() : ServiceSettings.shell(status),
                Limits.NONE));
  }

  private List<HealthCheck> health() {
    List<HealthCheck.Question> questions = new ArrayList<>();
    healthCommands.forEach(
        text -> questions.add(new HealthCheck.Command(ServiceSettings.shell(text))));
    healthAddresses.forEach(
        text -> questions.add(new HealthCheck.Http(HttpCall.get(address(text)))));
    healthQueries.forEach(text -> questions.add(new HealthCheck.Sql("", text, Optional.empty())));
    return questions.stream().map(HealthCheck::of).toList();
  }

  private static URI address(String text) {
    try {
      URI address = new URI(text);
      if (List.of("http", "https").contains(String.valueOf(address.getScheme()))
          && address.getHost() != null) {
        return address;
      }
    } catch (java.net.URISyntaxException e) {
      // Said below.
    }
    throw new HoldfastException.Rejected(
        "'" + text + "' is not an address for --health-url",
        "give one like http://localhost/health");
  }
}
