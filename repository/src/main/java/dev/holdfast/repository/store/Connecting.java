package dev.holdfast.repository.store;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How connections to stores on other machines are made.
///
/// @param authorities files of PEM certificates that are trusted instead of those of the system
/// @param clientCertificate a PEM file with a certificate and its private key to show to servers
/// @param insecureTls whether certificates of servers are not checked at all
/// @param userAgent what to call this program; empty for its own name
/// @param stuckAfter a request that makes no progress for this long has failed
/// @param environment the variables of the process, among them credentials
public record Connecting(
    List<Path> authorities,
    Optional<Path> clientCertificate,
    boolean insecureTls,
    Optional<String> userAgent,
    Duration stuckAfter,
    Map<String, String> environment) {
  /// restic's own bound.
  public static final Duration STUCK_AFTER = Duration.ofMinutes(5);

  /// What is used when nothing else is asked for.
  public static final Connecting DEFAULT =
      new Connecting(List.of(), Optional.empty(), false, Optional.empty(), STUCK_AFTER, Map.of());

  public Connecting {
    authorities = List.copyOf(authorities);
    environment = Map.copyOf(environment);
  }

  /// A variable that is set and not empty.
  public Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  /// Names no variable: they may hold secrets.
  @Override
  public String toString() {
    return "Connecting[authorities=%s, insecureTls=%s]".formatted(authorities, insecureTls);
  }
}
