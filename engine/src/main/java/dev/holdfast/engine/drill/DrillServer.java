package dev.holdfast.engine.drill;

import dev.holdfast.engine.source.postgres.PostgresSettings;
import java.util.Map;
import java.util.Optional;

/// Where a drill makes databases of dumps.
///
/// @param shared a server that others use as well; empty: one of the drill's own
/// @param environment of the client programs
public record DrillServer(Optional<PostgresSettings> shared, Map<String, String> environment) {
  public DrillServer {
    environment = Map.copyOf(environment);
  }
}
