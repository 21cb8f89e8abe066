package dev.holdfast.cli.command;

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
import dev.holdfast.engine.query.Walker;
import dev.holdfast.engine.recover.AppTargets;
import dev.holdfast.engine.recover.RecoverObserver;
import dev.holdfast.engine.recover.SnapshotDump;
import dev.holdfast.engine.recover.SourceQuestions;
import dev.holdfast.engine.recover.plan.PlanRequest;
import dev.holdfast.engine.recover.plan.PlannedDatabase;
import dev.holdfast.engine.recover.plan.Planner;
import dev.holdfast.engine.recover.plan.Preview;
import dev.holdfast.engine.recover.plan.Target;
import dev.holdfast.engine.source.postgres.PostgresSettings;
import dev.holdfast.repository.error.HoldfastException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Makes the plan of what a person typed: of an app, of paths, or of the database of an address.
///
/// @param answered whether nobody is to be asked which snapshot
record RecoverPlans(
    Session session, Words words, RepositoryAccess access, boolean restorePoint, boolean answered) {
  /// What a person typed, by kind.
  record Words(
      RecoverWhatOptions what,
      RecoverSnapshotOptions which,
      RecoverServiceOptions service,
      MaskOptions mask) {}

  Preview ofPaths(List<String> names) {
    RecoverWhatOptions what = words.what();
    if ((what.from != null || what.fromExport != null) && names.size() > 1) {
      throw new HoldfastException.Rejected(
          "--from takes one path, and " + names.size() + " are to be recovered",
          "do it one by one");
    }
    if (what.from != null && what.fromExport != null) {
      throw new HoldfastException.Rejected(
          "--from and --from-export were both given", "give one of them");
    }
    refuseAppFor(names.getFirst());
    what.where.refuseServer();
    Optional<String> folder = what.where.folder().map(this::absolute);
    List<Target> targets = new ArrayList<>();
    for (String name : names) {
      String path = absolute(name);
      String given = what.fromExport != null ? what.fromExport : what.from;
      String inSnapshot = given == null ? path : absolute(given);
      String live = folder.map(it -> it + path.substring(path.lastIndexOf('/'))).orElse(path);
      targets.add(new Target(inSnapshot, live, what.fromExport != null, words.mask().of("")));
    }
    words.mask().requireSources(List.of());
    SnapshotView chosen = find(List.of(), targets.stream().map(Target::from).toList());
    Purged.of(access.repository()).refuse(chosen, targets.stream().map(Target::from).toList());
    Optional<Manifest> manifest = new AppSnapshots(access.repository()).manifest(chosen);
    new MaskedPlaces(session, chosen, manifest).refuse(targets);
    String subject = names.size() == 1 ? names.getFirst() : names.size() + " paths";
    return plan(
        new PlanRequest(
            subject,
            Optional.empty(),
            Optional.empty(),
            session.location(),
            chosen,
            RecoverRun.facts(manifest),
            targets,
            List.of(),
            List.of(),
            words.service().settings(RecoverySettings.NONE),
            restorePoint));
  }

  /// An app is no path, and its masks would not be run.
  private void refuseAppFor(String subject) {
    String from = words.what().from;
    if (from != null && AppArgument.find(session, from).isPresent()) {
      throw new HoldfastException.Rejected(
          "'%s' is an app, and %s is none".formatted(from, subject),
          "clone into an app: 'holdfast recover APP --from %s --source NAME', which runs its masks;"
                  .formatted(from)
              + " or give --from a path in the snapshot");
    }
  }

  Preview ofAddress(PostgresSettings settings) {
    String database =
        settings
            .database(session.environment().variables())
            .orElseThrow(() ->
                new HoldfastException.Rejected(
                    "the address names no database", "add it: postgresql://host/database"));
    refuseAppFor("the database of an address");
    String from = words.what().from;
    String path = from == null ? PostgresDumps.path(database) : Paths.clean("/" + from);
    SnapshotView chosen = find(List.of(), List.of(path));
    Purged.of(access.repository()).refuse(chosen, List.of(path));
    Optional<Manifest> manifest = new AppSnapshots(access.repository()).manifest(chosen);
    new MaskedPlaces(session, chosen, manifest).refuse(settings, database);
    long bytes =
        new Walker(access.repository()).entryAt(new SnapshotPath(chosen, path)).sizeBytes();
    PlannedDatabase planned =
        servers(chosen)
            .ofAddress(
                settings, database, path, bytes, manifest, words.mask().of(database), restorePoint);
    return plan(
        new PlanRequest(
            database,
            Optional.empty(),
            Optional.empty(),
            session.location(),
            chosen,
            RecoverRun.facts(manifest),
            List.of(),
            List.of(),
            List.of(planned),
            words.service().settings(RecoverySettings.NONE),
            restorePoint));
  }

  /// @param origin the app that the snapshot is of
  Preview ofApp(App app, App origin) {
    RecoverWhatOptions what = words.what();
    SnapshotView chosen = find(List.of(Manifest.APP_TAG + origin.name()), List.of());
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
    words.mask().requireSources(origin.sources().stream().map(AppSource::name).toList());
    AppTargets.Wish wish =
        new AppTargets.Wish(
            app,
            origin,
            Optional.ofNullable(what.source),
            Optional.ofNullable(what.tenant),
            what.where.folder().map(this::absolute),
            what.putAsideNew,
            Optional.ofNullable(what.fromExport).map(this::absolute),
            words.mask().of(app, origin));
    AppTargets targets =
        AppTargets.of(wish, manifest, Boundary.expand(app, session.engines(app)).members());
    SourceQuestions questions = new SourceQuestions(wish, targets, manifest);
    questions.requireMasked(words.mask().sources(app, origin));
    SourceQuestions.Resolved service =
        questions.resolve(
            words
                .service()
                .settings(what.where.isGiven() ? RecoverySettings.NONE : app.recovery()));
    Optional<PostgresSettings> elsewhere = what.where.server(session.environment().variables());
    MaskedPlaces masked = new MaskedPlaces(session, chosen, Optional.of(manifest));
    if (what.where.isGiven()) {
      masked.refuse(targets.targets());
    }
    refuseBusy(targets.targets(), targets.removals());
    List<PlannedDatabase> databases = servers(chosen).ofApp(wish, targets, elsewhere, restorePoint);
    elsewhere.ifPresent(
        server -> databases.forEach(it -> masked.refuse(server, it.database().live())));
    return plan(new PlanRequest(
            app.name(),
            Optional.of(app.name()),
            OwnRecoveries.configuration(session),
            session.location(),
            chosen,
            RecoverRun.facts(Optional.of(manifest)),
            targets.targets(),
            targets.removals(),
            databases,
            service.settings(),
            restorePoint))
        .withWarnings(service.notAsked());
  }

  private RecoverServers servers(SnapshotView chosen) {
    return new RecoverServers(
        session,
        path ->
            new SnapshotDump(access::repository, chosen.id(), path, RecoverObserver.NONE).head());
  }

  private SnapshotView find(List<String> tags, List<String> paths) {
    return words.which().find(session, access, tags, paths, answered);
  }

  private String absolute(String path) {
    return Paths.clean(path.startsWith("/") ? path : session.workingDirectory() + "/" + path);
  }

  /// What is being recovered is not even looked at: whoever has it open is in the way of that.
  private void refuseBusy(List<Target> targets, List<String> removals) {
    OwnRecoveries.refuseBusy(
        session, Stream.concat(targets.stream().map(Target::live), removals.stream()).toList());
  }

  private Preview plan(PlanRequest request) {
    refuseBusy(request.targets(), request.removals());
    return new Planner(access.repository(), session.engines(), session.clock(), new SecureRandom())
        .plan(request);
  }
}
