package dev.holdfast.engine.recover.service;

import dev.holdfast.repository.error.HoldfastException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A container, by the `docker` command.
final class DockerContainer implements Control {
  private static final Set<String> IN_USE = Set.of("running", "restarting");

  private final TimedCommand commands;
  private final String name;
  private final Optional<Duration> patience;

  /// @param patience before the container is killed; empty: what it was made with, or Docker's 10 s
  DockerContainer(TimedCommand commands, String name, Optional<Duration> patience) {
    this.commands = commands;
    this.name = name;
    this.patience = patience;
  }

  @Override
  public String running() {
    List<String> words =
        List.of(
            "docker",
            "container",
            "inspect",
            "--format",
            "{{.State.Status}} {{.HostConfig.AutoRemove}}",
            "--",
            name);
    String[] answer = Control.answer(commands, words, "the container " + name).split(" ", -1);
    if (answer[0].equals("paused")) {
      throw new HoldfastException.Rejected(
          "the container " + name + " is paused, and would not be so afterwards",
          "unpause or stop it");
    }
    if (answer.length > 1 && answer[1].equals("true")) {
      throw new HoldfastException.Rejected(
          "the container %s is removed when it stops, and could not be started again"
              .formatted(name),
          "start it without --rm, or say by commands how it is stopped and started");
    }
    return IN_USE.contains(answer[0]) ? RUNNING : "";
  }

  @Override
  public boolean tells() {
    return true;
  }

  @Override
  public void stop(String ran, Duration limit) {
    List<String> words = new ArrayList<>(List.of("docker", "stop"));
    words.addAll(killAfter(patience));
    words.addAll(List.of("--", name));
    Control.run(commands, words, limit.plus(STATUS_LIMIT));
  }

  /// Docker kills what has not stopped by then, and is given a moment to do so.
  static List<String> killAfter(Optional<Duration> patience) {
    return patience
        .map(limit -> List.of("-t", Long.toString(Math.max(1, limit.toSeconds()))))
        .orElse(List.of());
  }

  @Override
  public void start(String ran, Duration limit) {
    Control.run(commands, List.of("docker", "start", "--", name), limit);
  }
}
