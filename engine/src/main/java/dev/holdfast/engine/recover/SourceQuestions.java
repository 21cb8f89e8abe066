package dev.holdfast.engine.recover;

import dev.holdfast.engine.config.recovery.HealthCheck;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.manifest.ManifestSource;
import dev.holdfast.engine.query.Paths;
import dev.holdfast.engine.recover.service.ServiceSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Turns questions to sources, which the configuration knows by their names, into questions to the
/// databases that a snapshot has of them.
public final class SourceQuestions {
  private SourceQuestions() {}

  /// The settings with every database named by its path in the snapshot. A source that is not
  /// recovered is not asked.
  ///
  /// @param recovered paths in the snapshot
  public static ServiceSettings resolve(
      ServiceSettings settings, Manifest manifest, Collection<String> recovered) {
    List<HealthCheck> checks = new ArrayList<>();
    for (HealthCheck check : settings.health()) {
      if (check.question() instanceof HealthCheck.Sql sql && !sql.database().isEmpty()) {
        for (ManifestSource source : manifest.sources()) {
          if (source.name().equals(sql.database())
              && recovered.stream().anyMatch(path -> Paths.isWithin(path, source.path()))) {
            HealthCheck.Sql one = new HealthCheck.Sql(source.path(), sql.query(), sql.expected());
            checks.add(new HealthCheck(one, check.limit(), check.interval()));
          }
        }
      } else {
        checks.add(check);
      }
    }
    return settings.withHealth(checks);
  }
}
