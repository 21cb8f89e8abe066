package dev.holdfast.cli.setup;

import dev.holdfast.repository.store.Connecting;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A store that a run wants to use.
///
/// @param location as a person gave it
/// @param extended what was given with `-o`
/// @param connecting how connections are made, if the store is on another machine
/// @param cache where copies of what is read often may be kept; empty for nowhere
/// @param cleansCache whether copies that were not used for long are to go
public record StoreRequest(
    String location,
    List<String> extended,
    Connecting connecting,
    Optional<Path> cache,
    boolean cleansCache) {
  public StoreRequest {
    extended = List.copyOf(extended);
  }
}
