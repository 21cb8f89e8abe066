package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.GoDuration;
import dev.holdfast.engine.recover.service.HealthCheck;
import dev.holdfast.engine.recover.service.ServiceSettings;
import dev.holdfast.repository.error.HoldfastException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
      description = "a text for /bin/sh that starts it")
  @Nullable String start;

  @Option(
      names = "--status-command",
      paramLabel = "COMMAND",
      description = "a text for /bin/sh that ends with 0 exactly if it runs")
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
      description = "must have an answer that is neither 0 nor empty, on the recovered database")
  List<String> healthQueries = new ArrayList<>();

  @Option(names = "--stop-limit", paramLabel = "TIME", description = "for stopping (default: 90s)")
  @Nullable String stopLimit;

  @Option(names = "--start-limit", paramLabel = "TIME", description = "for starting (default: 90s)")
  @Nullable String startLimit;

  @Option(
      names = "--health-limit",
      paramLabel = "TIME",
      description = "until the service must be well (default: 90s)")
  @Nullable String healthLimit;

  ServiceSettings settings() {
    return control()
        .withAdapt(adapt.stream().map(text -> ServiceSettings.shell(text)).toList())
        .withHealth(health())
        .withLimits(
            limit("--stop-limit", stopLimit),
            limit("--start-limit", startLimit),
            limit("--health-limit", healthLimit));
  }

  private static Duration limit(String option, @Nullable String text) {
    return text == null ? ServiceSettings.DEFAULT_LIMIT : GoDuration.parse(option, text);
  }

  private ServiceSettings control() {
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
      return ServiceSettings.systemd(systemd);
    }
    if (docker != null) {
      return ServiceSettings.docker(docker);
    }
    return stop == null || start == null
        ? ServiceSettings.NONE
        : ServiceSettings.of(
            ServiceSettings.shell(stop),
            ServiceSettings.shell(start),
            status == null ? List.of() : ServiceSettings.shell(status));
  }

  private List<HealthCheck> health() {
    List<HealthCheck> checks = new ArrayList<>();
    healthCommands.forEach(
        text -> checks.add(new HealthCheck.Command(ServiceSettings.shell(text))));
    healthAddresses.forEach(text -> checks.add(new HealthCheck.Http(address(text))));
    healthQueries.forEach(text -> checks.add(new HealthCheck.Sql("", text)));
    return checks;
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
