package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.config.Configuration;
import dev.holdfast.engine.config.RepositorySettings;
import dev.holdfast.repository.error.HoldfastException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Says where else the snapshots of an app are, to somebody whose repository is gone, does not
/// answer, or does not open.
final class CopiesKnown {
  private CopiesKnown() {}

  /// Opens the repository of the app.
  ///
  /// @param app whose snapshots are wanted; empty: it is not about an app of the configuration
  static RepositoryAccess open(
      Session session, Optional<App> app, Supplier<RepositoryAccess> opening) {
    try {
      return opening.get();
    } catch (HoldfastException.Cancelled | HoldfastException.Locked e) {
      throw e;
    } catch (HoldfastException e) {
      app.map(one -> elsewhere(session, one))
          .filter(names -> !names.isEmpty())
          .ifPresent(names ->
              session.notice(
                  "snapshots of '%s' are copied to %s as well: '--repo %s' takes them from there"
                      .formatted(
                          app.orElseThrow().name(),
                          String.join(" and ", names),
                          names.getFirst())));
      throw e;
    }
  }

  /// The copies, if it is the app's own repository that was tried.
  private static List<String> elsewhere(Session session, App app) {
    Configuration configuration = session.configuration().orElseThrow();
    Optional<String> tried =
        configuration.repositoryAt(session.location()).map(RepositorySettings::name);
    return tried.equals(configuration.repositoryOf(app).map(RepositorySettings::name))
        ? app.proof().copies()
        : List.of();
  }
}
