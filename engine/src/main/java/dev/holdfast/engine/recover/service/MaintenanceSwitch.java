package dev.holdfast.engine.recover.service;

import dev.holdfast.engine.config.recovery.Service;
import dev.holdfast.repository.error.HoldfastException;
import java.time.Duration;

/// An application that lets go of its data when it is told so over HTTP. It "runs" while
/// maintenance is off. One that does not answer at all uses nothing, and is not switched.
final class MaintenanceSwitch implements Control {
  private final HttpCalls calls;
  private final Service.Maintenance service;

  MaintenanceSwitch(HttpCalls calls, Service.Maintenance service) {
    this.calls = calls;
    this.service = service;
  }

  @Override
  public String running() {
    if (service.isOn().isEmpty()) {
      return calls.canBeReached(service.on().address()) ? RUNNING : "";
    }
    HttpCalls.Reply reply = calls.send(service.isOn().get(), STATUS_LIMIT);
    return switch (reply) {
      case HttpCalls.Reply.Right _, HttpCalls.Reply.Refused _ -> "";
      case HttpCalls.Reply.Wrong _ -> RUNNING;
      case HttpCalls.Reply.Silent silent ->
          throw new HoldfastException.Rejected(
              "it cannot be told whether %s is on: %s"
                  .formatted(service.describe(), silent.problem()),
              "see what answers there");
    };
  }

  @Override
  public boolean tells() {
    return service.isOn().isPresent();
  }

  @Override
  public void stop(String ran, Duration limit) {
    HttpCalls.Reply reply = calls.send(service.on(), limit);
    if (!reply.isRight()) {
      throw failed(reply);
    }
  }

  /// The application itself may have been started a moment ago, and listen only later.
  @Override
  public void start(String ran, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    HttpCalls.Reply reply = calls.send(service.off(), limit);
    while (!reply.isRight() && System.nanoTime() - deadline < 0) {
      Pause.shortly();
      reply =
          calls.send(service.off(), Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
    }
    if (!reply.isRight()) {
      throw failed(reply);
    }
  }

  private static HoldfastException failed(HttpCalls.Reply reply) {
    return new HoldfastException.Rejected(reply.problem(), "see what the application logged");
  }
}
