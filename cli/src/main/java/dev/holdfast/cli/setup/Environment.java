package dev.holdfast.cli.setup;

import dev.holdfast.posix.Home;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// The environment variables of the process. Every setting has restic's name and ours, and ours
/// wins: `RESTIC_REPOSITORY` and `HOLDFAST_REPOSITORY`.
public record Environment(Map<String, String> variables) {
  private static final String OURS = "HOLDFAST_";
  private static final String RESTICS = "RESTIC_";

  public Environment {
    variables = Map.copyOf(variables);
  }

  /// The setting `name`, such as `REPOSITORY`, if it is set and not empty.
  public Optional<String> setting(String name) {
    return variable(OURS + name).or(() -> variable(RESTICS + name));
  }

  /// The name of the variable that [#setting] took its value from, for messages.
  public String nameOf(String name) {
    return variable(OURS + name).isPresent() ? OURS + name : RESTICS + name;
  }

  /// A variable by its whole name, if it is set and not empty.
  public Optional<String> variable(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isEmpty());
  }

  /// The user's data folder: `XDG_DATA_HOME` or `~/.local/share`.
  public Path dataHome() {
    return absolute("XDG_DATA_HOME").orElseGet(() -> home().resolve(".local/share"));
  }

  /// The user's configuration folder: `XDG_CONFIG_HOME` or `~/.config`.
  public Path configurationHome() {
    return absolute("XDG_CONFIG_HOME").orElseGet(() -> home().resolve(".config"));
  }

  /// The user's folder of what can be made again: `XDG_CACHE_HOME` or `~/.cache`.
  public Path cacheHome() {
    return absolute("XDG_CACHE_HOME").orElseGet(() -> home().resolve(".cache"));
  }

  /// The user's folder of what must outlive a crash: `XDG_STATE_HOME` or `~/.local/state`.
  public Path stateHome() {
    return absolute("XDG_STATE_HOME").orElseGet(() -> home().resolve(".local/state"));
  }

  private Optional<Path> absolute(String name) {
    // The XDG rules say that relative paths are to be ignored.
    return variable(name).map(Path::of).filter(Path::isAbsolute);
  }

  private Path home() {
    return Path.of(Home.of(variables.get("HOME")));
  }
}
