package dev.holdfast.cli.setup;

import dev.holdfast.repository.store.Connecting;
import dev.holdfast.repository.store.RetryPolicy;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A store that a run wants to use.
///
/// @param location as a person gave it
/// @param extended what was given with `-o`
/// @param connecting how connections are made, if the store is on another machine
/// @param cache where copies of what is read often may be kept; empty for nowhere
/// @param cleansCache whether copies that were not used for long are to go
/// @param limits what is slowed down
/// @param retry how long a store that does not answer is asked again
public record StoreRequest(
    String location,
    List<String> extended,
    Connecting connecting,
    Optional<Path> cache,
    boolean cleansCache,
    Limits limits,
    RetryPolicy retry) {
  /// How fast bytes may go to and from the store, in bytes a second; empty: as fast as they can.
  public record Limits(OptionalLong up, OptionalLong down) {}

  public StoreRequest {
    extended = List.copyOf(extended);
  }
}
