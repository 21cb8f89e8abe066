package dev.holdfast.engine.recover;

import dev.holdfast.engine.config.recovery.HealthCheck;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.recover.service.ServiceSettings;
import dev.holdfast.repository.error.HoldfastException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Turns questions to sources, which the configuration knows by their names, into questions to the
/// databases that a snapshot has of them. A question or a mask whose source the snapshot lacks is
/// refused, while nothing has been touched yet: to leave it out would be to call something well
/// that nobody has asked.
///
/// @param targets what is recovered of the snapshot
public record SourceQuestions(AppTargets.Wish wish, AppTargets targets, Manifest manifest) {
  /// Settings whose questions can be asked.
  ///
  /// @param settings with every database named as the plan knows it
  /// @param notAsked sentences on what is left out, because a person asked for other sources alone
  public record Resolved(ServiceSettings settings, List<String> notAsked) {
    public Resolved {
      notAsked = List.copyOf(notAsked);
    }
  }

  /// The settings with every database named by its path in the snapshot.
  ///
  /// @throws HoldfastException.Rejected if a check asks a source that should be recovered and is
  ///   not in the snapshot
  public Resolved resolve(ServiceSettings settings) {
    List<HealthCheck> checks = new ArrayList<>();
    List<String> notAsked = new ArrayList<>();
    for (HealthCheck check : settings.health()) {
      if (!(check.question() instanceof HealthCheck.Sql sql)) {
        checks.add(check);
        continue;
      }
      String source = sql.database();
      List<String> databases = databases(source);
      if (databases.isEmpty()) {
        require(source, "the health check " + check.describe());
        notAsked.add(
            "the health check %s is not asked: %s"
                .formatted(
                    check.describe(),
                    source.isEmpty()
                        ? "no database is recovered"
                        : "the source '" + source + "' is not recovered"));
      }
      if (source.isEmpty() && databases.stream().anyMatch(this::isByItself)) {
        checks.add(check);
        databases = databases.stream().filter(database -> !isByItself(database)).toList();
      }
      for (String database : databases) {
        HealthCheck.Sql one = new HealthCheck.Sql(database, sql.query(), sql.expected());
        checks.add(new HealthCheck(one, check.limit(), check.interval()));
      }
    }
    return new Resolved(settings.withHealth(checks), notAsked);
  }

  private List<String> databases(String source) {
    return source.isEmpty()
        ? targets.databases().values().stream().flatMap(List::stream).toList()
        : targets.databases().getOrDefault(source, List.of());
  }

  /// Whether a question to all databases finds it, which does not look into folders.
  private boolean isByItself(String database) {
    return targets.dumps().stream().anyMatch(dump -> dump.path().equals(database))
        || targets.targets().stream()
            .anyMatch(it -> it.from().equals(database) || it.live().equals(database));
  }

  /// Makes sure that every mask has something to mask, but of sources that nobody asked for.
  ///
  /// @param sources that are to be masked
  public void requireMasked(Collection<String> sources) {
    for (String source : sources) {
      if (!targets.databases().containsKey(source)) {
        require(source, "a mask");
      }
    }
  }

  /// Refuses what is about a source that is wanted and not there.
  ///
  /// @param source empty for any
  private void require(String source, String what) {
    if (!wish.wantsAllOf(source) || wish.putAsideNew()) {
      return;
    }
    if (source.isEmpty()) {
      throw new HoldfastException.Rejected(
          what + " asks a database, and none is recovered", "leave it out, or name another check");
    }
    boolean isThere = manifest.sources().stream().anyMatch(it -> it.name().equals(source));
    throw new HoldfastException.Rejected(
        "%s is for the source '%s', which %s"
            .formatted(
                what,
                source,
                isThere ? "is no database in the snapshot" : "is not in the snapshot"),
        "take a snapshot that has it, or recover other sources alone with --source");
  }
}
