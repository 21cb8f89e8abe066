package dev.holdfast.engine.config;

import dev.holdfast.engine.retention.RetentionPolicy;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What is kept of an app's snapshots. What is left out here, the repository may say.
///
/// @param own in the app's own repository
/// @param inCopies in further repositories, by their names
public record Keep(Optional<RetentionPolicy> own, Map<String, RetentionPolicy> inCopies) {
  /// The app leaves it to its repositories.
  public static final Keep UNSAID = new Keep(Optional.empty(), Map.of());

  public Keep {
    inCopies = Collections.unmodifiableMap(new LinkedHashMap<>(inCopies));
  }
}
