package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.FromRepositoryOptions;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.config.Configuration;
import dev.holdfast.engine.config.RepositorySettings;
import dev.holdfast.engine.purge.Ledger;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.lock.LockMode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Tells the other repositories of an app what was purged from one of them, so that what they hold
/// still does not come back by a recovery from there.
final class LedgerCopies {
  private final Session session;
  private final App app;

  /// @param session on the repository that was purged
  /// @param app of the configuration, whose repositories they are
  LedgerCopies(Session session, App app) {
    this.session = session;
    this.app = app;
  }

  /// Carries the ledger of a repository to the others, whatever becomes of each.
  ///
  /// @param warning told which of them does not know it, and why
  /// @return the names of those that know it now
  List<String> carry(Repository purged, Consumer<String> warning) {
    Ledger ledger = Ledger.read(purged);
    return others().stream().filter(name -> isTold(name, ledger, warning)).toList();
  }

  private boolean isTold(String name, Ledger ledger, Consumer<String> warning) {
    try {
      Session there = FromRepositoryOptions.configuredUnasked(session, name);
      there.giveUpSoon();
      try (RepositoryAccess access = there.open(Optional.of(LockMode.SHARED))) {
        Ledger.carry(ledger, access.repository());
      }
      return true;
    } catch (HoldfastException.Cancelled e) {
      throw e;
    } catch (HoldfastException e) {
      warning.accept(
          "the ledger of '%s' does not have it until the next copy is made there: %s"
              .formatted(name, e.getMessage()));
      return false;
    }
  }

  private Set<String> others() {
    Configuration configuration = session.configuration().orElseThrow();
    Set<String> names = new LinkedHashSet<>();
    configuration.repositoryOf(app).map(RepositorySettings::name).ifPresent(names::add);
    names.addAll(app.proof().copies());
    configuration
        .repositoryAt(session.location())
        .map(RepositorySettings::name)
        .ifPresent(names::remove);
    return names;
  }
}
