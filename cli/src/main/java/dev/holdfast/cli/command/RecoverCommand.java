package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Failure;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.app.AppSnapshots;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.query.Snapshots;
import dev.holdfast.engine.recover.Outcome;
import dev.holdfast.engine.recover.TimeEstimate;
import dev.holdfast.engine.recover.plan.Preview;
import dev.holdfast.engine.source.postgres.PostgresSettings;
import dev.holdfast.repository.SnapshotFilter;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.lock.LockMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "recover",
    description = {
      "Put live data back to a snapshot, or leave it as it was",
      "The new state is written and checked beside the live one before anything is touched; what"
          + " was live becomes a safety copy."
    })
final class RecoverCommand implements Callable<Integer> {
  private final Session session;
  private final RecoverJournalCommands journals;

  @Mixin RecoverServiceOptions service = new RecoverServiceOptions();

  @Parameters(
      paramLabel = "APP|PATH",
      arity = "0..*",
      description = "an app of the configuration; or databases, files and folders")
  List<String> names = new ArrayList<>();

  @Mixin RecoverSnapshotOptions which = new RecoverSnapshotOptions();

  @Mixin RecoverWhatOptions what = new RecoverWhatOptions();

  @Mixin MaskOptions mask = new MaskOptions();

  @Option(
      names = "--no-restore-point",
      description = "do not back up the present state first; only the safety copies will hold it")
  boolean noRestorePoint;

  @Option(
      names = {"-y", "--yes"},
      description = "do not ask")
  boolean yes;

  @Option(
      names = {"-n", "--dry-run"},
      description = "say what would be done, change nothing")
  boolean dryRun;

  RecoverCommand(Session session) {
    this.session = session;
    this.journals = new RecoverJournalCommands(session);
  }

  @Override
  public Integer call() {
    if (names.isEmpty() && what.postgres == null) {
      throw new HoldfastException.Rejected(
          "nothing to recover was named",
          AppArgument.names(session)
              .map(apps -> "name a database, a file or a folder, or an app: " + apps)
              .orElse("name a database, a file or a folder"));
    }
    Optional<App> app = app();
    if (what.postgres != null && !names.isEmpty()) {
      throw new HoldfastException.Rejected(
          "--postgres and " + names.getFirst() + " were both given", "recover one by one");
    }
    what.where.refuseBeside(what.postgres);
    Optional<App> origin = app.map(one -> what.origin(session, one));
    origin.ifPresent(session::useRepositoryOf);
    Optional<LockMode> lock = dryRun ? Optional.empty() : Optional.of(LockMode.SHARED);
    try (RepositoryAccess access = CopiesKnown.open(session, origin, () -> session.open(lock))) {
      RecoverPlans plans =
          new RecoverPlans(
              session,
              new RecoverPlans.Words(what, which, service, mask),
              access,
              !noRestorePoint,
              yes);
      Optional<PostgresSettings> address = what.address(session);
      Preview preview =
          address.isPresent()
              ? plans.ofAddress(address.get())
              : app.isPresent()
                  ? plans.ofApp(app.get(), origin.orElseThrow())
                  : plans.ofPaths(names);
      int status = carryOut(preview, access);
      if (status == ExitCode.DONE && !dryRun) {
        app.ifPresent(one -> RecoverConfirm.expire(session, one));
      }
      return status;
    } catch (RecoverSnapshotOptions.NoneChosenException e) {
      return declined();
    }
  }

  private int declined() {
    new Failure(ExitCode.DECLINED, "declined: nothing was changed", "")
        .print(session.console(), session.globals().json());
    return ExitCode.DECLINED;
  }

  private Optional<App> app() {
    List<App> apps =
        names.stream().flatMap(name -> AppArgument.named(session, name).stream()).toList();
    if (!apps.isEmpty() && names.size() > 1) {
      throw new HoldfastException.Rejected(
          "an app is recovered by itself, as a whole", "name one app, or paths");
    }
    if (apps.isEmpty()) {
      what.requireNoneForApps();
    }
    return apps.stream().findFirst();
  }

  private Optional<TimeEstimate> estimate(Preview preview, RepositoryAccess access) {
    Optional<Manifest> manifest =
        preview
            .plan()
            .origin()
            .map(origin ->
                new Snapshots(access.repository())
                    .find(origin.snapshot(), SnapshotFilter.ALL)
                    .snapshot())
            .flatMap(new AppSnapshots(access.repository())::manifest);
    return TimeEstimate.of(preview.plan(), OwnRecoveries.of(session).list(), manifest);
  }

  private int carryOut(Preview preview, RepositoryAccess access) {
    OwnRecoveries.refuseOwn(session, preview.plan());
    PlanText text = new PlanText(session);
    text.print(preview, estimate(preview, access));
    if (dryRun) {
      return ExitCode.DONE;
    }
    preview.requireSpace();
    if (!yes && !Confirmation.given(session, preview.plan().subject())) {
      return declined();
    }
    RecoverRun run = new RecoverRun(session, () -> access, what.anyServer(session));
    Outcome outcome = run.start(preview.plan());
    return run.finish(preview.plan(), outcome);
  }

  @Command(
      name = "confirm",
      description = "Delete the safety copies of a recovery, when all is well")
  int confirm(
      @Parameters(
              paramLabel = "RECOVERY",
              arity = "0..1",
              description = "its id, or an app for its last (default: the last that has any)")
          @Nullable String id,
      @Option(
              names = "--older-than",
              paramLabel = "AGE",
              description = "those of every recovery that ended so long ago, such as 7d")
          @Nullable String age,
      @Option(
              names = {"-y", "--yes"},
              description = "do not ask")
          boolean sure) {
    return new RecoverConfirm(session).run(Optional.ofNullable(id), Optional.ofNullable(age), sure);
  }

  @Command(
      name = "status",
      description = "List the recoveries, and how they ended or where they are")
  int status() {
    return journals.status();
  }

  @Command(name = "resume", description = "Finish a recovery that was interrupted")
  int resume(
      @Parameters(
              paramLabel = "RECOVERY",
              arity = "0..1",
              description = "its id, or its app (default: the one that was interrupted)")
          @Nullable String id) {
    return journals.resume(Optional.ofNullable(id));
  }

  @Command(name = "rollback", description = "Take back a recovery that was interrupted")
  int rollback(
      @Parameters(
              paramLabel = "RECOVERY",
              arity = "0..1",
              description = "its id, or its app (default: the one that was interrupted)")
          @Nullable String id,
      @Option(
              names = "--leave-stopped",
              description = "start no service: for one that is started by hand")
          boolean leaveStopped) {
    return journals.rollback(Optional.ofNullable(id), leaveStopped);
  }

  @Command(name = "undo", description = "Put back what a recovery replaced, from its safety copies")
  int undo(
      @Parameters(
              paramLabel = "RECOVERY",
              arity = "0..1",
              description = "its id, or an app for its last (default: the last of all)")
          @Nullable String id,
      @Option(
              names = {"-y", "--yes"},
              description = "do not ask")
          boolean sure) {
    return journals.undo(Optional.ofNullable(id), sure);
  }
}
