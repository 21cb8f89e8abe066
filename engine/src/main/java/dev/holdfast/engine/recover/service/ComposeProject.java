package dev.holdfast.engine.recover.service;

import dev.holdfast.engine.config.recovery.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Services of a project of Docker Compose, by `docker compose`, second generation. Those that ran
/// are started again, and no others.
final class ComposeProject implements Control {
  private final TimedCommand commands;
  private final Service.Compose project;

  ComposeProject(TimedCommand commands, Service.Compose project) {
    this.commands = commands;
    this.project = project;
  }

  private List<String> words(String... verb) {
    List<String> words = new ArrayList<>(List.of("docker", "compose"));
    project.project().ifPresent(name -> words.addAll(List.of("--project-name", name)));
    project.file().ifPresent(file -> words.addAll(List.of("--file", file)));
    words.addAll(List.of(verb));
    return words;
  }

  @Override
  public String running() {
    List<String> words = words("ps", "--services", "--status", "running", "--status", "restarting");
    words.addAll(project.services());
    return Control.answer(commands, words, project.describe()).replaceAll("\\s+", " ");
  }

  @Override
  public boolean tells() {
    return true;
  }

  @Override
  public void stop(String ran, Duration limit) {
    List<String> words = words("stop");
    words.addAll(DockerContainer.killAfter(project.limits().givenStop()));
    words.addAll(List.of(ran.split(" ", -1)));
    Control.run(commands, words, limit.plus(STATUS_LIMIT));
  }

  @Override
  public void start(String ran, Duration limit) {
    List<String> words = words("start");
    words.addAll(List.of(ran.split(" ", -1)));
    Control.run(commands, words, limit);
  }
}
