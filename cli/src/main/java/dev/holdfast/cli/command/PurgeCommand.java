package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Failure;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.purge.Erasure;
import dev.holdfast.engine.purge.Holdings;
import dev.holdfast.engine.purge.Identity;
import dev.holdfast.engine.purge.Purge;
import dev.holdfast.engine.purge.PurgeObserver;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.Quantity;
import dev.holdfast.repository.lock.LockMode;
import dev.holdfast.repository.store.ErasedVersions.Kept;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "purge",
    description = "Remove something from every snapshot, to the last byte, and never bring it back")
final class PurgeCommand implements Callable<Integer>, PurgeObserver {
  private static final Duration NO_RETRY = Duration.ZERO;

  /// A store that protects everything keeps as many versions as there were objects.
  private static final int VERSIONS_TOLD = 10;

  private final Session session;

  @Parameters(
      paramLabel = "APP",
      arity = "0..1",
      description = "the app whose snapshots are meant (default with --path: all snapshots)")
  @Nullable String app;

  @Option(names = "--tenant", paramLabel = "NAME", description = "this tenant of the app")
  @Nullable String tenant;

  @Option(
      names = "--path",
      paramLabel = "PATH",
      description = "this path in the snapshots, with everything in it")
  @Nullable String path;

  @Option(
      names = "--report",
      description =
          "say which snapshots hold it, here and in the other repositories of the configuration;"
              + " change nothing")
  boolean report;

  @Option(
      names = {"-n", "--dry-run"},
      description = "say what would be done, change nothing")
  boolean dryRun;

  @Option(
      names = {"-y", "--yes"},
      description = "do not ask")
  boolean yes;

  @Option(
      names = "--force",
      description =
          "record it also of a tenant that no snapshot knows and nothing of the configuration, so"
              + " that it is not brought in")
  boolean force;

  PurgeCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Identity identity = identity();
    Optional<App> owner = app == null ? Optional.empty() : session.useRepositoryOf(app);
    if (report) {
      return new PurgeReport(session, identity, force).print();
    }
    LockMode mode = dryRun ? LockMode.SHARED : LockMode.EXCLUSIVE;
    try (RepositoryAccess access = session.openToChange(mode, dryRun)) {
      List<Holdings.Holder> holders = new Holdings(access.repository()).find(identity);
      if (holders.isEmpty() && !force && identity instanceof Identity.Tenant named) {
        new KnownTenants(session, access.repository()).require(named);
      }
      announce(holders);
      if (dryRun) {
        return ExitCode.DONE;
      }
      if (!yes && !Confirmation.given(session, app != null ? app : String.valueOf(path))) {
        new Failure(ExitCode.DECLINED, "declined: nothing was changed", "")
            .print(session.console(), session.globals().json());
        return ExitCode.DECLINED;
      }
      return purge(identity, owner, access);
    }
  }

  private Identity identity() {
    if ((tenant == null) == (path == null)) {
      throw new HoldfastException.Rejected(
          "what to purge is a tenant or a path", "give --tenant or --path, and not both");
    }
    if (tenant == null) {
      return new Identity.Path(Optional.ofNullable(app), String.valueOf(path));
    }
    if (app == null) {
      throw new HoldfastException.Rejected(
          "a tenant is one of an app", "name the app before --tenant");
    }
    return new Identity.Tenant(app, tenant);
  }

  private int purge(Identity identity, Optional<App> owner, RepositoryAccess access) {
    Purge.Outcome outcome =
        new Purge(
                access.repository(),
                identity,
                session.writerOptions().withGate(access.gate()),
                this)
            .run(
                access.lock(),
                NO_RETRY,
                session.clock().instant(),
                session.user().username() + "@" + session.user().hostname(),
                new SecureRandom());
    if (session.globals().json()) {
      session
          .console()
          .line(
              Json.message("summary")
                  .field("snapshots", outcome.snapshots())
                  .field("removed_bytes", outcome.removedBytes())
                  .field("undeleted_packs", outcome.undeletedPacks())
                  .field("kept_versions", outcome.keptVersions().size())
                  .end());
    }
    text(
        "purged from %s; %s of packs removed"
            .formatted(
                Quantity.of(outcome.snapshots(), "snapshot"), Sizes.bytes(outcome.removedBytes())));
    owner.ifPresent(it -> tellOthers(access.repository(), it));
    text(
        "copies in other repositories may hold it still: 'holdfast purge --report' looks for them");
    tell(outcome.keptVersions());
    if (outcome.isWhole()) {
      return ExitCode.DONE;
    }
    new Failure(
            ExitCode.DONE_IN_PART,
            "not everything could be deleted",
            "the messages above say what; run the command again")
        .print(session.console(), session.globals().json());
    return ExitCode.DONE_IN_PART;
  }

  private void tellOthers(Repository purged, App owner) {
    List<String> told =
        new LedgerCopies(session, owner).carry(purged, session.console()::errorLine);
    if (!told.isEmpty()) {
      text("the ledger of " + String.join(" and ", told) + " has it as well");
    }
  }

  private void tell(List<Kept> versions) {
    for (Kept kept : versions.stream().limit(VERSIONS_TOLD).toList()) {
      session
          .console()
          .errorLine(
              "holdfast: the store protects an older version of %s%s"
                  .formatted(kept.path(), kept.until().map(it -> " until " + it).orElse("")));
    }
    if (versions.size() > VERSIONS_TOLD) {
      Optional<Instant> last =
          versions.stream().flatMap(kept -> kept.until().stream()).max(Instant::compareTo);
      session
          .console()
          .errorLine(
              "holdfast: and %d more%s"
                  .formatted(
                      versions.size() - VERSIONS_TOLD,
                      last.map(it -> "; the last of all until " + it).orElse("")));
    }
  }

  private void announce(List<Holdings.Holder> holders) {
    for (Holdings.Holder holder : holders) {
      if (session.globals().json()) {
        session
            .console()
            .line(
                Json.message("holds")
                    .field("snapshot_id", holder.snapshot().id())
                    .strings("paths", List.copyOf(holder.paths()))
                    .end());
      } else {
        text("holds it: " + SnapshotText.of(holder.snapshot()));
      }
    }
    text(
        holders.isEmpty()
            ? "no snapshot holds it; packs may, which nothing names any more"
                + (path == null ? "" : "; paths are those that 'holdfast ls' shows")
            : held(holders.size()));
  }

  /// How many snapshots hold what is looked for.
  static String held(int snapshots) {
    return Quantity.of(snapshots, "snapshot") + (snapshots == 1 ? " holds it" : " hold it");
  }

  @Override
  public void recorded(Erasure erasure, boolean resumed) {
    if (resumed && !erasure.finished()) {
      text("going on with the purge of " + erasure.time());
    }
  }

  @Override
  public void rewritten(SnapshotView old, Optional<SnapshotView> now) {
    if (session.globals().json()) {
      Json json = Json.message("rewritten").field("old_snapshot_id", old.id());
      now.ifPresent(saved -> json.field("new_snapshot_id", saved.id()));
      session.console().line(json.end());
      return;
    }
    text(
        now.map(saved -> "snapshot %s is now %s".formatted(old.shortId(), saved.shortId()))
            .orElse("snapshot " + old.shortId() + " held nothing else and is removed"));
  }

  @Override
  public void pruning() {
    text("removing what no snapshot needs...");
    session.console().flush();
  }

  @Override
  public void notice(String text) {
    session.notice(text);
  }

  private void text(String line) {
    if (!session.globals().json() && !session.globals().quiet()) {
      session.console().line(line);
    }
  }
}
