package dev.holdfast.engine.recover.service;

import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Stops and starts one service, and asks whether it is well.
public final class ServiceControl {
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration STATUS_LIMIT = Duration.ofSeconds(30);
  private static final int GOOD_FROM = 200;
  private static final int GOOD_UP_TO = 299;

  private final ServiceSettings settings;
  private final Map<String, String> variables;
  private final BiFunction<String, String, String> query;

  /// @param variables set for every command
  /// @param query asks a database, by path and query, for the first value
  public ServiceControl(
      ServiceSettings settings,
      Map<String, String> variables,
      BiFunction<String, String, String> query) {
    this.settings = settings;
    this.variables = Map.copyOf(variables);
    this.query = query;
  }

  public ServiceSettings settings() {
    return settings;
  }

  /// Whether the service runs. One that does not say is taken to.
  public boolean isRunning() {
    return settings.hasService()
        && (settings.status().isEmpty()
            || TimedCommand.run(settings.status(), variables, STATUS_LIMIT).wasGood());
  }

  /// Stops the service.
  ///
  /// @throws HoldfastException.Rejected if it does not stop in time
  public void stop() {
    run(settings.stop(), settings.stopLimit(), "the service could not be stopped");
    if (!settings.status().isEmpty() && isRunning()) {
      throw new HoldfastException.Rejected(
          "the service could not be stopped: its status command says that it still runs",
          "stop it by hand and run this again");
    }
  }

  /// Starts the service.
  ///
  /// @throws HoldfastException.Rejected if that fails or takes too long
  public void start() {
    run(settings.start(), settings.startLimit(), "the service could not be started");
  }

  /// Runs the commands that adapt the new data.
  public void adapt() {
    for (List<String> command : settings.adapt()) {
      run(command, settings.adaptLimit(), "the new data could not be adapted");
    }
  }

  private void run(List<String> command, Duration limit, String failure) {
    TimedCommand.Ended ended = TimedCommand.run(command, variables, limit);
    if (!ended.wasGood()) {
      throw new HoldfastException.Rejected(
          failure + ": " + ended.describe(command, limit),
          "see what the command says when it is run by hand");
    }
  }

  /// Asks until every check has succeeded once.
  ///
  /// @throws HoldfastException.Rejected if one has not when the time is over
  public void awaitHealth() {
    long deadline = System.nanoTime() + settings.healthLimit().toNanos();
    for (HealthCheck check : settings.health()) {
      String problem = problem(check, left(deadline));
      while (problem != null) {
        if (System.nanoTime() - deadline > 0) {
          throw new HoldfastException.Rejected(
              "the service is not well with the recovered data: %s: %s"
                  .formatted(check.describe(), problem),
              "see what the service itself logged");
        }
        pause();
        problem = problem(check, left(deadline));
      }
    }
  }

  private static Duration left(long deadline) {
    return Duration.ofNanos(Math.max(deadline - System.nanoTime(), PAUSE.toNanos()));
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      throw new HoldfastException.Cancelled("interrupted while the service was asked");
    }
  }

  private @Nullable String problem(HealthCheck check, Duration limit) {
    return switch (check) {
      case HealthCheck.Command command -> {
        TimedCommand.Ended ended = TimedCommand.run(command.words(), variables, limit);
        yield ended.wasGood() ? null : ended.describe(command.words(), limit);
      }
      case HealthCheck.Http http -> problem(http, limit);
      case HealthCheck.Sql sql -> problem(sql);
    };
  }

  private static @Nullable String problem(HealthCheck.Http http, Duration limit) {
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(limit).build()) {
      HttpRequest request = HttpRequest.newBuilder(http.address()).timeout(limit).GET().build();
      int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      return status >= GOOD_FROM && status <= GOOD_UP_TO ? null : "it answers " + status;
    } catch (IOException e) {
      return "it does not answer";
    } catch (InterruptedException e) {
      throw new HoldfastException.Cancelled("interrupted while the service was asked");
    }
  }

  private @Nullable String problem(HealthCheck.Sql sql) {
    try {
      String answer = query.apply(sql.path(), sql.query());
      return answer.isEmpty() || answer.equals("0") ? "it answers '" + answer + "'" : null;
    } catch (HoldfastException.Cancelled e) {
      throw e;
    } catch (HoldfastException e) {
      return e.getMessage();
    }
  }
}
