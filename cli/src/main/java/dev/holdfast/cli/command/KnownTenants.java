package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.config.boundary.Boundary;
import dev.holdfast.engine.config.shape.Suggestion;
import dev.holdfast.engine.purge.Holdings;
import dev.holdfast.engine.purge.Identity;
import dev.holdfast.engine.purge.Ledger;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Tells a slip of a finger from a tenant: a purge of what is not there would end as if all were
/// well, and what was meant would stay.
final class KnownTenants {
  /// As many as a person looks through.
  private static final int NAMED_MAX = 20;

  private final Session session;
  private final Repository repository;

  KnownTenants(Session session, Repository repository) {
    this.session = session;
    this.repository = repository;
  }

  /// Makes sure that the ledger, a snapshot of the app, or its folders as the configuration has
  /// them know the tenant.
  ///
  /// @throws HoldfastException.NotFound if nothing does
  void require(Identity.Tenant wanted) {
    if (Ledger.read(repository).names(wanted)) {
      return;
    }
    Set<String> known = new TreeSet<>(new Holdings(repository).tenants(wanted));
    if (known.contains(wanted.name())) {
      return;
    }
    session
        .configuration()
        .map(all -> all.apps().get(wanted.app()))
        .ifPresent(app -> known.addAll(live(app)));
    if (known.contains(wanted.name())) {
      return;
    }
    throw new HoldfastException.NotFound(
        "there is no tenant '%s' of '%s': neither a snapshot nor the configuration knows it"
            .formatted(OsString.display(wanted.name()), OsString.display(wanted.app())),
        hint(wanted.name(), known));
  }

  private Set<String> live(App app) {
    return Boundary.expand(app, session.engines()).members().stream()
        .flatMap(member -> Identity.tenantOf(member.bindings()).stream())
        .collect(Collectors.toSet());
  }

  private static String hint(String name, Set<String> known) {
    String near =
        Suggestion.of(name, known)
            .map(it -> "did you mean '%s'? ".formatted(OsString.display(it)))
            .orElse("");
    String all =
        known.stream().limit(NAMED_MAX).map(OsString::display).collect(Collectors.joining(", "));
    String more =
        known.size() > NAMED_MAX ? " and %d more".formatted(known.size() - NAMED_MAX) : "";
    return near
        + (known.isEmpty() ? "no tenant of it is known" : "known are " + all + more)
        + "; --force does it all the same";
  }
}
