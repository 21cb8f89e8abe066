package dev.holdfast.engine.recover.service;

import dev.holdfast.engine.config.recovery.Service;
import java.time.Duration;

/// A service that commands of a person's own control.
final class OwnCommands implements Control {
  private final TimedCommand commands;
  private final Service.Commands service;

  OwnCommands(TimedCommand commands, Service.Commands service) {
    this.commands = commands;
    this.service = service;
  }

  @Override
  public String running() {
    return !tells() || commands.run(service.status(), STATUS_LIMIT).wasGood() ? RUNNING : "";
  }

  @Override
  public boolean tells() {
    return !service.status().isEmpty();
  }

  @Override
  public void stop(String ran, Duration limit) {
    Control.run(commands, service.stop(), limit);
  }

  @Override
  public void start(String ran, Duration limit) {
    Control.run(commands, service.start(), limit);
  }
}
