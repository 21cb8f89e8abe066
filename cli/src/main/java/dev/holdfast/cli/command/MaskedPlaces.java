package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.config.AppSource;
import dev.holdfast.engine.config.Configuration;
import dev.holdfast.engine.config.boundary.NamePattern;
import dev.holdfast.engine.config.boundary.PathTemplate;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.query.Paths;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.recover.plan.Target;
import dev.holdfast.engine.source.postgres.PostgresRecovery;
import dev.holdfast.engine.source.postgres.PostgresSettings;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The places of apps that mask what comes from others. What is recovered by its path or address
/// knows no app, and would come there as it is: it is refused instead.
final class MaskedPlaces {
  private final Session session;
  private final SnapshotView snapshot;
  private final Optional<String> origin;

  /// @param manifest of the snapshot that the new state is from
  MaskedPlaces(Session session, SnapshotView snapshot, Optional<Manifest> manifest) {
    this.session = session;
    this.snapshot = snapshot;
    this.origin = manifest.flatMap(Manifest::app);
  }

  /// Refuses what is from elsewhere and would go to such a place. What goes back to where it was is
  /// not asked about: it has to work without a configuration too.
  void refuse(List<Target> targets) {
    boolean hasMoved = !snapshot.hostname().equals(session.user().hostname());
    for (Target target : targets) {
      if (!hasMoved && target.from().equals(target.live())) {
        continue;
      }
      String live = OwnRecoveries.absolute(session, target.live());
      for (App app : masking()) {
        if (places(app).stream()
            .anyMatch(place -> Paths.isWithin(place, live) || Paths.isWithin(live, place))) {
          throw refused(OsString.display(live), app);
        }
      }
    }
  }

  /// Refuses a database of such an app.
  void refuse(PostgresSettings settings, String database) {
    for (App app : masking()) {
      for (AppSource source : app.sources()) {
        if (source instanceof AppSource.Postgres postgres && isIn(postgres, settings, database)) {
          throw refused("the database '" + database + "'", app);
        }
      }
    }
  }

  private List<App> masking() {
    return session.configuration().map(Configuration::apps).orElse(Map.of()).values().stream()
        .filter(app -> !app.recovery().masks().isEmpty())
        .filter(app -> !origin.equals(Optional.of(app.name())))
        .toList();
  }

  private static HoldfastException refused(String what, App app) {
    return new HoldfastException.Rejected(
        "%s belongs to the app '%s', which masks what comes from others, and would not be masked"
            .formatted(what, app.name()),
        "recover it as that app: 'holdfast recover %s --from APP --source NAME'"
            .formatted(app.name()));
  }

  /// The app's root, and what its patterns name outside of it, up to their first wildcard.
  private List<String> places(App app) {
    List<String> places = new ArrayList<>();
    app.root().ifPresent(places::add);
    for (AppSource source : app.sources()) {
      if (source instanceof AppSource.Paths paths && paths.template().absolute()) {
        places.add(fixed(paths.template()));
      }
    }
    return places.stream().map(place -> OwnRecoveries.absolute(session, place)).toList();
  }

  private static String fixed(PathTemplate template) {
    StringBuilder path = new StringBuilder();
    for (NamePattern name : template.names()) {
      Optional<String> literal = name.fill(Map.of());
      if (literal.isEmpty()) {
        break;
      }
      path.append('/').append(literal.get());
    }
    return path.isEmpty() ? "/" : path.toString();
  }

  private boolean isIn(AppSource.Postgres source, PostgresSettings settings, String database) {
    Map<String, String> environment = session.environment().variables();
    PostgresSettings own = PostgresAddress.asFarAsKnown(session, source);
    boolean isNamed =
        switch (source.databases()) {
          case AppSource.Databases.All _ -> true;
          case AppSource.Databases.Listed listed -> listed.names().contains(database);
          case AppSource.Databases.OfConnection _ ->
              own.database(environment).equals(Optional.of(database));
        };
    return isNamed && isSameServer(own, settings, environment);
  }

  /// One server can have many names: it is asked who it is, or else the names are compared.
  private static boolean isSameServer(
      PostgresSettings one, PostgresSettings other, Map<String, String> environment) {
    try (PostgresRecovery first = PostgresRecovery.connect(one, environment);
        PostgresRecovery second = PostgresRecovery.connect(other, environment)) {
      return first.identity().equals(second.identity());
    } catch (HoldfastException.Cancelled e) {
      throw e;
    } catch (HoldfastException e) {
      return one.serverName(environment).equals(other.serverName(environment));
    }
  }
}
