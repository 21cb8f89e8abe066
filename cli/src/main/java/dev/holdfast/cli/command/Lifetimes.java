package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.app.AppSnapshots;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.config.Configuration;
import dev.holdfast.engine.drill.DrillRecords;
import dev.holdfast.engine.query.SnapshotGroups;
import dev.holdfast.engine.query.SnapshotGroups.Group;
import dev.holdfast.engine.query.SnapshotGroups.GroupBy;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.query.Snapshots;
import dev.holdfast.engine.retention.Fate;
import dev.holdfast.engine.retention.Projection;
import dev.holdfast.engine.retention.RetentionPolicy;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.SnapshotFilter;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Until when the snapshots of a repository are kept, by what the configuration says of their apps.
final class Lifetimes {
  private final Repository repository;
  private final Optional<Configuration> configuration;
  private final String location;
  private final Instant now;

  /// Read when they are asked for.
  private Optional<DrillRecords> drills = Optional.empty();

  /// The fates of an app's snapshots, reckoned when the first of them is asked for.
  private final Map<String, Map<String, Fate>> reckoned = new HashMap<>();

  Lifetimes(Repository repository, Session session, String location, Instant now) {
    this.repository = repository;
    configuration = session.configuration();
    this.location = location;
    this.now = now;
  }

  Fate of(SnapshotView snapshot) {
    Optional<App> app =
        AppSnapshots.app(snapshot)
            .flatMap(name -> configuration.map(found -> found.apps().get(name)));
    Fate unsaid =
        new Fate.Kept(
            app.isPresent()
                ? "the configuration does not say what is kept here of '%s'"
                    .formatted(app.get().name())
                : "it is of no app of the configuration");
    return app.map(it -> reckoned.computeIfAbsent(it.name(), _ -> reckon(it)).get(snapshot.id()))
        .orElse(unsaid);
  }

  private Map<String, Fate> reckon(App app) {
    Map<String, Fate> fates = new HashMap<>();
    Optional<RetentionPolicy> policy =
        configuration.flatMap(found -> found.retention(app, found.repositoryAt(location)));
    if (policy.isPresent()) {
      DrillRecords verified = drills();
      Projection.Course course =
          new Projection.Course(app.proof().backupEvery(), app.proof().drillEvery().isPresent());
      for (Group group :
          SnapshotGroups.of(
              new Snapshots(repository)
                  .matching(AppSnapshots.of(app.name(), SnapshotFilter.ALL), _ -> {}),
              GroupBy.OF_AN_APP,
              0)) {
        fates.putAll(Projection.of(group, policy.get(), verified::isVerified, course, now));
      }
    }
    return fates;
  }

  private DrillRecords drills() {
    DrillRecords loaded = drills.orElseGet(() -> DrillRecords.load(repository, _ -> {}));
    drills = Optional.of(loaded);
    return loaded;
  }
}
