package dev.holdfast.engine.recover.service;

import dev.holdfast.engine.config.Secret;
import dev.holdfast.repository.error.HoldfastException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// What commands and requests of a recovery take from the process that carries it out.
///
/// @param environment of every command: what `PATH` in it names is run
/// @param secrets fetches what the plan only names
public record Outside(Map<String, String> environment, SecretReader secrets) {
  /// A service that is started keeps its environment: the repository's password is none of it.
  private static final Set<String> OF_THE_REPOSITORY =
      Set.of(
          "RESTIC_PASSWORD",
          "RESTIC_PASSWORD_COMMAND",
          "HOLDFAST_PASSWORD",
          "HOLDFAST_PASSWORD_COMMAND");

  public Outside {
    Map<String, String> kept = new HashMap<>(environment);
    kept.keySet().removeAll(OF_THE_REPOSITORY);
    environment = Map.copyOf(kept);
  }

  /// Fetches secrets.
  @FunctionalInterface
  public interface SecretReader {
    /// The secret's bytes, white space around it taken off.
    ///
    /// @param what it is, for messages
    /// @throws HoldfastException if it is not there
    byte[] read(String what, Secret secret);
  }

  /// The environment of this process, and no secrets.
  public static Outside ofProcess() {
    return new Outside(
        System.getenv(),
        (what, _) -> {
          throw new HoldfastException.Rejected(what + " cannot be fetched here", "");
        });
  }

  /// The same with more variables.
  public Outside with(Map<String, String> variables) {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(variables);
    return new Outside(all, secrets);
  }
}
