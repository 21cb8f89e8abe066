package dev.holdfast.engine.config.recovery;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How an app is recovered.
///
/// @param services stopped in this order, started in the opposite one
/// @param after runs in order on the new data, before anything is started
/// @param health all of them must be well once everything is started
/// @param masks files of SQL, by sources of the app, that are run on what comes from another app
/// @param safetyCopiesExpire how old safety copies become; empty: until somebody deletes them
public record RecoverySettings(
    List<Service> services,
    List<AfterAction> after,
    List<HealthCheck> health,
    Map<String, List<String>> masks,
    Optional<Duration> safetyCopiesExpire) {
  /// Nothing to stop, nothing to ask, and safety copies stay.
  public static final RecoverySettings NONE =
      new RecoverySettings(List.of(), List.of(), List.of(), Map.of(), Optional.empty());

  public RecoverySettings {
    services = List.copyOf(services);
    after = List.copyOf(after);
    health = List.copyOf(health);
    masks = Collections.unmodifiableMap(new LinkedHashMap<>(masks));
  }
}
