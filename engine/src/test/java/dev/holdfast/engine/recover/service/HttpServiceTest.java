package dev.holdfast.engine.recover.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.engine.config.Secret;
import dev.holdfast.engine.config.recovery.HealthCheck;
import dev.holdfast.engine.config.recovery.HttpCall;
import dev.holdfast.engine.config.recovery.Limits;
import dev.holdfast.engine.config.recovery.Service;
import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A maintenance switch and health checks, against a real HTTP server.
class HttpServiceTest {
  private static final Limits SHORT =
      new Limits(Optional.of(Duration.ofSeconds(2)), Optional.of(Duration.ofSeconds(2)));

  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicInteger failuresLeft = new AtomicInteger();
  private HttpServer server;
  private volatile boolean maintenance;
  private volatile String seen = "";

  @BeforeEach
  void aServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/maintenance", this::switchOver);
    server.createContext(
        "/health", it -> answer(it, maintenance ? 503 : 200, maintenance ? "away" : "all is well"));
    server.createContext("/hangs", this::hang);
    server.createContext("/moved", this::move);
    server.start();
  }

  @AfterEach
  void close() {
    over.countDown();
    server.stop(0);
  }

  private void switchOver(HttpExchange exchange) throws IOException {
    String token = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    seen =
        exchange.getRequestMethod()
            + " "
            + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (!token.equals("Bearer hunter2")) {
      answer(exchange, 401, "");
    } else if (failuresLeft.getAndDecrement() > 0) {
      answer(exchange, 502, "");
    } else {
      maintenance = exchange.getRequestMethod().equals("PUT");
      answer(exchange, 200, "");
    }
  }

  private void hang(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    exchange.close();
  }

  private void move(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Location", "/health");
    answer(exchange, 302, "");
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private URI address(String path) {
    return URI.create("http://localhost:" + server.getAddress().getPort() + path);
  }

  private HttpCall call(String method, Secret secret) {
    return new HttpCall(
        method,
        address("/maintenance"),
        List.of(new HttpCall.Header("Authorization", "Bearer ", Optional.of(secret))),
        Optional.of("{}"),
        HttpCall.Expectation.SUCCESS);
  }

  private Service.Maintenance maintenance(String variable, boolean tells) {
    Secret secret = new Secret.InVariable(variable);
    HttpCall isOn =
        new HttpCall(
            "GET",
            address("/health"),
            List.of(),
            Optional.empty(),
            new HttpCall.Expectation(List.of(503), Optional.of("away")));
    return new Service.Maintenance(
        call("PUT", secret),
        call("DELETE", secret),
        tells ? Optional.of(isOn) : Optional.empty(),
        SHORT);
  }

  private static ServiceControl control(ServiceSettings settings) {
    Map<String, String> secrets = Map.of("TOKEN", "hunter2", "WRONG", "x", "BAD", "hunter2\nX: y");
    Outside outside =
        new Outside(
            Map.of(),
            (what, secret) -> {
              String value = secrets.get(((Secret.InVariable) secret).name());
              if (value == null) {
                throw new HoldfastException.Rejected(what + " is not set", "");
              }
              return value.getBytes(StandardCharsets.UTF_8);
            });
    return new ServiceControl(settings, outside, (_, _) -> List.of());
  }

  @Test
  void maintenanceIsSwitchedOnAndOffAgainWithItsSecret() {
    ServiceControl control = control(ServiceSettings.of(maintenance("TOKEN", true)));
    control.validate();
    Map<String, String> before = control.running();

    control.stop(before);
    assertThat(maintenance).isTrue();
    assertThat(seen).isEqualTo("PUT {}");
    control.start(before);

    assertThat(maintenance).isFalse();
    assertThat(seen).isEqualTo("DELETE {}");
  }

  @Test
  void maintenanceThatWasOnStaysOn() {
    maintenance = true;
    ServiceControl control = control(ServiceSettings.of(maintenance("TOKEN", true)));
    Map<String, String> before = control.running();

    control.stop(before);
    control.start(before);

    assertThat(ServiceControl.ranAny(before)).isFalse();
    assertThat(maintenance).isTrue();
    assertThat(seen).isEmpty();
  }

  @Test
  void anApplicationThatDoesNotAnswerIsNotSwitched() {
    server.stop(0);
    for (boolean tells : new boolean[] {true, false}) {
      ServiceControl control = control(ServiceSettings.of(maintenance("TOKEN", tells)));

      assertThat(ServiceControl.ranAny(control.running())).as("tells: %s", tells).isFalse();
    }
  }

  @Test
  void aRefusedSwitchIsAnErrorWithoutTheSecret() {
    ServiceControl control = control(ServiceSettings.of(maintenance("WRONG", false)));

    assertThatThrownBy(() -> control.stop(control.running()))
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining("the maintenance switch of http://localhost:")
        .hasMessageContaining("could not be stopped: it answers 401");
  }

  @Test
  void switchingOffIsTriedAgainWhileTheApplicationComesUp() {
    ServiceControl control = control(ServiceSettings.of(maintenance("TOKEN", true)));
    Map<String, String> before = control.running();
    control.stop(before);
    failuresLeft.set(2);

    control.start(before);

    assertThat(maintenance).isFalse();
  }

  @Test
  void aSecretThatIsMissingIsNoticedBeforeAnythingIsStopped() {
    ServiceControl control = control(ServiceSettings.of(maintenance("UNSET", true)));

    assertThatThrownBy(control::validate)
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessage("the header 'Authorization' is not set");
  }

  @Test
  void aSecretThatNoHeaderCanHoldIsNotShown() {
    ServiceControl control = control(ServiceSettings.of(maintenance("BAD", true)));

    assertThatThrownBy(control::validate)
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining("the header 'Authorization' of a request")
        .hasMessageNotContaining("hunter2");
  }

  private HealthCheck health(String path, List<Integer> statuses, String contains) {
    HttpCall call =
        new HttpCall(
            "GET",
            address(path),
            List.of(),
            Optional.empty(),
            new HttpCall.Expectation(statuses, Optional.of(contains).filter(it -> !it.isEmpty())));
    return new HealthCheck(
        new HealthCheck.Http(call), Duration.ofMillis(300), Duration.ofMillis(50));
  }

  private static void ask(HealthCheck check) {
    control(ServiceSettings.NONE.withHealth(List.of(check))).awaitHealth();
  }

  @Test
  void theAnswerIsJudgedByItsStatusAndItsBody() {
    ask(health("/health", List.of(), "well"));
    ask(health("/moved", List.of(302), ""));
    assertThatThrownBy(() -> ask(health("/health", List.of(204), "")))
        .hasMessageContaining("the service is not well with the recovered data")
        .hasMessageContaining("it answers 200");
    assertThatThrownBy(() -> ask(health("/health", List.of(), "perfect")))
        .hasMessageContaining("its answer does not contain what is expected");
    assertThatThrownBy(() -> ask(health("/moved", List.of(), "")))
        .hasMessageContaining("it answers 302");
  }

  @Test
  void aBodyThatNeverEndsIsNoAnswer() {
    assertThatThrownBy(() -> ask(health("/hangs", List.of(), "")))
        .isInstanceOf(HoldfastException.Rejected.class)
        .hasMessageContaining("it does not answer within");
  }

  @Test
  void nobodyListeningIsNoAnswer() {
    server.stop(0);
    assertThatThrownBy(() -> ask(health("/health", List.of(), "")))
        .hasMessageContaining("it does not answer");
  }
}
