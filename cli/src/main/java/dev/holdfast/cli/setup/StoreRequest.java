package dev.holdfast.cli.setup;

import dev.holdfast.repository.store.Connecting;
import java.util.List;

/// A store that a run wants to use.
///
/// @param location as a person gave it
/// @param extended what was given with `-o`
/// @param connecting how connections are made, if the store is on another machine
public record StoreRequest(String location, List<String> extended, Connecting connecting) {
  public StoreRequest {
    extended = List.copyOf(extended);
  }
}
