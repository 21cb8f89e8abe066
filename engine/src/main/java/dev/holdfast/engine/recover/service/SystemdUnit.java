package dev.holdfast.engine.recover.service;

import dev.holdfast.repository.error.HoldfastException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A unit of systemd, by `systemctl` (systemctl(1)).
final class SystemdUnit implements Control {
  /// What a unit is in that does something, or is about to.
  private static final Set<String> IN_USE =
      Set.of("active", "reloading", "refreshing", "activating");

  private static final String NOT_FOUND = "not-found";

  private final TimedCommand commands;
  private final String unit;

  SystemdUnit(TimedCommand commands, String unit) {
    this.commands = commands;
    this.unit = unit;
  }

  private List<String> words(String verb) {
    return List.of("systemctl", "--no-ask-password", verb, "--", unit);
  }

  /// `is-active` would not tell a unit that is stopped from one that does not exist.
  @Override
  public String running() {
    List<String> words =
        List.of(
            "systemctl",
            "--no-ask-password",
            "show",
            "--property=LoadState",
            "--property=ActiveState",
            "--",
            unit);
    Map<String, String> properties = new HashMap<>();
    for (String line : Control.answer(commands, words, "the unit " + unit).lines().toList()) {
      String[] pair = line.split("=", 2);
      properties.put(pair[0], pair.length == 2 ? pair[1].strip() : "");
    }
    if (properties.getOrDefault("LoadState", NOT_FOUND).equals(NOT_FOUND)) {
      throw new HoldfastException.Rejected(
          "systemd knows no unit " + unit, "'systemctl list-units --all' shows those it knows");
    }
    return IN_USE.contains(properties.getOrDefault("ActiveState", "")) ? RUNNING : "";
  }

  @Override
  public boolean tells() {
    return true;
  }

  @Override
  public void stop(String ran, Duration limit) {
    Control.run(commands, words("stop"), limit);
  }

  /// A unit that failed too often in a short time is not started until that is forgotten. It may
  /// have failed on the new data, and is wanted back on the old.
  @Override
  public void start(String ran, Duration limit) {
    if (!commands.run(words("start"), limit).wasGood()) {
      commands.run(words("reset-failed"), STATUS_LIMIT);
      Control.run(commands, words("start"), limit);
    }
  }
}
