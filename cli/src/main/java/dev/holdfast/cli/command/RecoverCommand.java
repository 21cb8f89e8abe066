package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Failure;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.app.AppSnapshots;
import dev.holdfast.engine.app.PostgresDumps;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.config.AppSource;
import dev.holdfast.engine.config.boundary.Boundary;
import dev.holdfast.engine.config.recovery.RecoverySettings;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.query.Paths;
import dev.holdfast.engine.query.SnapshotPath;
import dev.holdfast.engine.query.SnapshotView;
import dev.holdfast.engine.query.Snapshots;
import dev.holdfast.engine.query.Walker;
import dev.holdfast.engine.recover.AppTargets;
import dev.holdfast.engine.recover.Outcome;
import dev.holdfast.engine.recover.SourceQuestions;
import dev.holdfast.engine.recover.TimeEstimate;
import dev.holdfast.engine.recover.plan.PlanRequest;
import dev.holdfast.engine.recover.plan.PlannedDatabase;
import dev.holdfast.engine.recover.plan.Planner;
import dev.holdfast.engine.recover.plan.Preview;
import dev.holdfast.engine.recover.plan.Target;
import dev.holdfast.engine.source.postgres.PostgresSettings;
import dev.holdfast.repository.SnapshotFilter;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.lock.LockMode;
import java.security.SecureRandom;
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

  @Option(
      names = "--from",
      paramLabel = "APP|PATH",
      description = "clone: take the state of this app, or what is at this path of the snapshot")
  @Nullable String from;

  @Mixin MaskOptions mask = new MaskOptions();

  @Option(
      names = "--from-export",
      paramLabel = "FOLDER",
      description =
          "make the database of this folder of the snapshot, which EXPORT DATABASE of DuckDB wrote;"
              + " of an app, {tenant} and the like in it stand for what they stand for in the source")
  @Nullable String fromExport;

  @Option(
      names = "--postgres",
      paramLabel = "URL",
      description = "recover the database of this address; --from is then a path in the snapshot")
  @Nullable String postgres;

  @Option(names = "--source", paramLabel = "NAME", description = "only this source of the app")
  @Nullable String source;

  @Option(names = "--tenant", paramLabel = "NAME", description = "only this tenant of the app")
  @Nullable String tenant;

  @Option(
      names = "--target",
      paramLabel = "FOLDER",
      description =
          "recover into this folder, which stands for the app's root, or the path's folder")
  @Nullable String target;

  @Option(
      names = "--put-aside-new",
      description = "move what belongs to the app and is not in the snapshot to safety copies")
  boolean putAsideNew;

  @Option(
      names = "--no-restore-point",
      description = "do not back up the present state first; only the safety copies will hold it")
  boolean noRestorePoint;

  @Option(names = "--yes", description = "do not ask")
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
    if (names.isEmpty() && postgres == null) {
      throw new HoldfastException.Rejected(
          "nothing to recover was named",
          AppArgument.names(session)
              .map(apps -> "name a database, a file or a folder, or an app: " + apps)
              .orElse("name a database, a file or a folder"));
    }
    Optional<App> app = app();
    if (postgres != null && !names.isEmpty()) {
      throw new HoldfastException.Rejected(
          "--postgres and " + names.getFirst() + " were both given", "recover one by one");
    }
    app.ifPresent(session::useRepositoryOf);
    Optional<LockMode> lock = dryRun ? Optional.empty() : Optional.of(LockMode.SHARED);
    try (RepositoryAccess access = session.open(lock)) {
      Preview preview =
          postgres != null
              ? planAddress(access)
              : app.isPresent() ? planApp(app.get(), access) : planPaths(access);
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
        names.stream().flatMap(name -> AppArgument.find(session, name).stream()).toList();
    if (!apps.isEmpty() && names.size() > 1) {
      throw new HoldfastException.Rejected(
          "an app is recovered by itself, as a whole", "name one app, or paths");
    }
    if (apps.isEmpty() && (source != null || tenant != null || putAsideNew)) {
      throw new HoldfastException.Rejected(
          "--source, --tenant and --put-aside-new are for apps", "name an app");
    }
    return apps.stream().findFirst();
  }

  private Preview planPaths(RepositoryAccess access) {
    if ((from != null || fromExport != null) && names.size() > 1) {
      throw new HoldfastException.Rejected(
          "--from takes one path, and " + names.size() + " are to be recovered",
          "do it one by one");
    }
    if (from != null && fromExport != null) {
      throw new HoldfastException.Rejected(
          "--from and --from-export were both given", "give one of them");
    }
    List<Target> targets = new ArrayList<>();
    for (String name : names) {
      String path = absolute(name);
      String given = fromExport != null ? fromExport : from;
      String inSnapshot = given == null ? path : absolute(given);
      String live =
          target == null ? path : absolute(target) + path.substring(path.lastIndexOf('/'));
      targets.add(new Target(inSnapshot, live, fromExport != null, mask.of("")));
    }
    mask.requireSources(List.of());
    SnapshotView chosen =
        which.find(session, access, List.of(), targets.stream().map(Target::from).toList(), yes);
    Purged.of(access.repository()).refuse(chosen, targets.stream().map(Target::from).toList());
    Optional<Manifest> manifest = new AppSnapshots(access.repository()).manifest(chosen);
    String subject = names.size() == 1 ? names.getFirst() : names.size() + " paths";
    return plan(
        access,
        new PlanRequest(
            subject,
            Optional.empty(),
            session.location(),
            chosen,
            RecoverRun.facts(manifest),
            targets,
            List.of(),
            List.of(),
            service.settings(RecoverySettings.NONE),
            !noRestorePoint));
  }

  private Optional<PostgresSettings> address() {
    return Optional.ofNullable(postgres)
        .map(text -> PostgresSettings.parse(text, session.environment().variables()));
  }

  private Preview planAddress(RepositoryAccess access) {
    PostgresSettings settings = address().orElseThrow();
    String database =
        settings
            .database(session.environment().variables())
            .orElseThrow(() ->
                new HoldfastException.Rejected(
                    "the address names no database", "add it: postgresql://host/database"));
    String path = from == null ? PostgresDumps.path(database) : Paths.clean("/" + from);
    SnapshotView chosen = which.find(session, access, List.of(), List.of(path), yes);
    Purged.of(access.repository()).refuse(chosen, List.of(path));
    Optional<Manifest> manifest = new AppSnapshots(access.repository()).manifest(chosen);
    long bytes =
        new Walker(access.repository()).entryAt(new SnapshotPath(chosen, path)).sizeBytes();
    PlannedDatabase planned =
        new RecoverServers(session)
            .ofAddress(
                settings, database, path, bytes, manifest, mask.of(database), !noRestorePoint);
    return plan(
        access,
        new PlanRequest(
            database,
            Optional.empty(),
            session.location(),
            chosen,
            RecoverRun.facts(manifest),
            List.of(),
            List.of(),
            List.of(planned),
            service.settings(RecoverySettings.NONE),
            !noRestorePoint));
  }

  private String absolute(String path) {
    return Paths.clean(path.startsWith("/") ? path : session.workingDirectory() + "/" + path);
  }

  private Preview planApp(App app, RepositoryAccess access) {
    App origin =
        from == null
            ? app
            : AppArgument.find(session, from)
                .orElseThrow(() ->
                    new HoldfastException.NotFound(
                        "there is no app '" + from + "'", "--from takes an app for an app"));
    SnapshotView chosen =
        which.find(session, access, List.of(Manifest.APP_TAG + origin.name()), List.of(), yes);
    Manifest whole =
        new AppSnapshots(access.repository())
            .manifest(chosen)
            .orElseThrow(() ->
                new HoldfastException.Rejected(
                    chosen + " has no manifest, so it is not of an app", "recover paths of it"));
    RecoverSnapshotOptions.requireOf(origin, chosen, whole);
    Manifest manifest =
        Purged.of(access.repository())
            .allowed(chosen, whole, text -> session.console().errorLine("warning: " + text));
    mask.requireSources(origin.sources().stream().map(AppSource::name).toList());
    AppTargets.Wish wish =
        new AppTargets.Wish(
            app,
            origin,
            Optional.ofNullable(source),
            Optional.ofNullable(tenant),
            Optional.ofNullable(target).map(this::absolute),
            putAsideNew,
            Optional.ofNullable(fromExport).map(this::absolute),
            mask.of(app, origin));
    AppTargets targets =
        AppTargets.of(wish, manifest, Boundary.expand(app, session.engines(app)).members());
    List<PlannedDatabase> databases =
        new RecoverServers(session).ofApp(wish, targets, wish.masks(), !noRestorePoint);
    return plan(
        access,
        new PlanRequest(
            app.name(),
            Optional.of(app.name()),
            session.location(),
            chosen,
            RecoverRun.facts(Optional.of(manifest)),
            targets.targets(),
            targets.removals(),
            databases,
            SourceQuestions.resolve(
                service.settings(target == null ? app.recovery() : RecoverySettings.NONE),
                manifest,
                targets.paths()),
            !noRestorePoint));
  }

  private Preview plan(RepositoryAccess access, PlanRequest request) {
    return new Planner(access.repository(), session.engines(), session.clock(), new SecureRandom())
        .plan(request);
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
    RecoverRun run = new RecoverRun(session, () -> access, address());
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
      @Option(names = "--yes", description = "do not ask") boolean sure) {
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
          @Nullable String id) {
    return journals.rollback(Optional.ofNullable(id));
  }

  @Command(name = "undo", description = "Put back what a recovery replaced, from its safety copies")
  int undo(
      @Parameters(
              paramLabel = "RECOVERY",
              arity = "0..1",
              description = "its id, or an app for its last (default: the last of all)")
          @Nullable String id,
      @Option(names = "--yes", description = "do not ask") boolean sure) {
    return journals.undo(Optional.ofNullable(id), sure);
  }
}
