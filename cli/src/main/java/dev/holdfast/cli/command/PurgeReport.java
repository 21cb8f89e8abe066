package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Failure;
import dev.holdfast.cli.setup.FromRepositoryOptions;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.config.RepositorySettings;
import dev.holdfast.engine.purge.Erasure;
import dev.holdfast.engine.purge.Holdings;
import dev.holdfast.engine.purge.Identity;
import dev.holdfast.engine.purge.Ledger;
import dev.holdfast.engine.purge.StoreLocks;
import dev.holdfast.engine.retention.Fate;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.NotFound;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Says which snapshots hold something, in this repository and in the others of the configuration,
/// and until when each of them is kept.
final class PurgeReport {
  private final Session session;
  private final Identity identity;
  private int status = ExitCode.DONE;

  /// Whether a repository knows what is asked for, or it is not a tenant.
  private boolean known;

  private @Nullable NotFound unknown;

  /// @param force whether also a tenant is looked for that nothing knows
  PurgeReport(Session session, Identity identity, boolean force) {
    this.session = session;
    this.identity = identity;
    known = force;
  }

  /// Prints it; gives the exit status.
  ///
  /// @throws HoldfastException.NotFound if it is a tenant that no repository knows: a report of a
  ///   slip of a finger would say that all is well
  int print() {
    String location = session.location();
    look(session, location);
    List<RepositorySettings> others =
        session
            .configuration()
            .map(it -> List.copyOf(it.repositories().values()))
            .orElse(List.of());
    for (RepositorySettings other : others) {
      if (!other.shown().equals(location)) {
        lookElsewhere(other);
      }
    }
    if (!known && unknown != null) {
      throw unknown;
    }
    return status;
  }

  private void lookElsewhere(RepositorySettings other) {
    try {
      look(FromRepositoryOptions.configuredUnasked(session, other.name()), other.shown());
    } catch (HoldfastException.Cancelled e) {
      throw e;
    } catch (HoldfastException e) {
      status = ExitCode.DONE_IN_PART;
      new Failure(
              status,
              "%s could not be searched: %s".formatted(other.shown(), e.getMessage()),
              "it may hold it: name its password in the configuration, and look again")
          .print(session.console(), session.globals().json());
    }
  }

  private void look(Session there, String location) {
    try (RepositoryAccess access = there.openForReading()) {
      List<Holdings.Holder> holders = new Holdings(access.repository()).find(identity);
      known = known || !holders.isEmpty() || isKnown(access.repository());
      Lifetimes lifetimes =
          new Lifetimes(access.repository(), session, location, session.clock().instant());
      StoreLocks locks = new StoreLocks(access.repository());
      Optional<Erasure> unfinished =
          Ledger.read(access.repository()).of(identity).filter(it -> !it.finished());
      text(location + ": " + PurgeCommand.held(holders.size()));
      unfinished.ifPresent(it ->
          text(
              ("  the purge of %s is not finished: packs may hold it, or older versions that"
                      + " the store protects")
                  .formatted(it.time())));
      for (Holdings.Holder holder : holders) {
        Fate fate = lifetimes.of(holder.snapshot());
        Optional<Instant> locked = locks.of(holder);
        if (session.globals().json()) {
          json(location, holder, fate, locked);
        } else {
          text("  " + SnapshotText.of(holder.snapshot()));
          text("    " + sentence(fate));
          locked.ifPresent(until -> text("    " + sentence(until)));
        }
      }
      if (session.globals().json()) {
        Json json =
            Json.message("searched")
                .field("repository", location)
                .field("snapshots", holders.size());
        unfinished.ifPresent(it -> json.field("unfinished_since", it.time().toString()));
        session.console().line(json.end());
      }
      if (!holders.isEmpty()) {
        text("  if backups go on as before, and 'forget' and 'prune' run every day");
      }
    }
  }

  private boolean isKnown(Repository repository) {
    if (!(identity instanceof Identity.Tenant wanted)) {
      return true;
    }
    try {
      new KnownTenants(session, repository).require(wanted);
      return true;
    } catch (NotFound e) {
      unknown = unknown == null ? e : unknown;
      return false;
    }
  }

  private static String sentence(Fate fate) {
    return switch (fate) {
      case Fate.Dropped(Instant when) -> "kept until " + date(when);
      case Fate.Kept(String reason) -> "kept for ever: " + reason;
      case Fate.Beyond(Instant when) -> "kept until after " + date(when);
    };
  }

  private static String sentence(Instant locked) {
    return locked.equals(Instant.MAX)
        ? "the store keeps it under a legal hold, which nobody but its owner can lift"
        : "locked by the store until " + date(locked) + ", whatever is removed before";
  }

  private static String date(Instant when) {
    return when.atOffset(ZoneOffset.UTC).toLocalDate().toString();
  }

  private void json(String location, Holdings.Holder holder, Fate fate, Optional<Instant> locked) {
    Json json =
        Json.message("holds")
            .field("repository", location)
            .field("snapshot_id", holder.snapshot().id())
            .field("time", holder.snapshot().time().toString())
            .field("hostname", holder.snapshot().hostname());
    switch (fate) {
      case Fate.Dropped(Instant when) -> json.field("until", when.toString());
      case Fate.Kept(String reason) -> json.field("for_ever", reason);
      case Fate.Beyond(Instant when) -> json.field("until_after", when.toString());
    }
    locked.ifPresent(until ->
        json.field("locked_until", until.equals(Instant.MAX) ? "for ever" : until.toString()));
    session.console().line(json.end());
  }

  private void text(String line) {
    if (!session.globals().json() && !session.globals().quiet()) {
      session.console().line(line);
    }
  }
}
