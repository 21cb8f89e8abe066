package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Failure;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.app.AppBackup;
import dev.holdfast.engine.app.AppSnapshots;
import dev.holdfast.engine.config.App;
import dev.holdfast.engine.config.boundary.Boundary;
import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.query.Snapshots;
import dev.holdfast.engine.recover.BackupRestorePoint;
import dev.holdfast.engine.recover.Outcome;
import dev.holdfast.engine.recover.RecoverObserver;
import dev.holdfast.engine.recover.Recoveries;
import dev.holdfast.engine.recover.RestorePoint;
import dev.holdfast.engine.recover.journal.Ending;
import dev.holdfast.engine.recover.plan.Plan;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.postgres.PostgresSettings;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.SnapshotFilter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Carries a plan out for a person: what is asked of the repository, what is shown, and what is
/// said at the end.
final class RecoverRun {
  private static final int COPIES_SHOWN = 20;

  private final Session session;
  private final Supplier<RepositoryAccess> access;
  private final Optional<PostgresSettings> address;

  /// @param access opened when it is first asked for
  RecoverRun(Session session, Supplier<RepositoryAccess> access) {
    this(session, access, Optional.empty());
  }

  /// @param address of a server of this run
  RecoverRun(
      Session session, Supplier<RepositoryAccess> access, Optional<PostgresSettings> address) {
    this.session = session;
    this.access = access;
    this.address = address;
  }

  /// What a manifest says of the databases in its snapshot, by their paths.
  static Map<String, SourceFacts> facts(Optional<Manifest> manifest) {
    return manifest.map(Manifest::facts).orElse(Map.of());
  }

  Outcome start(Plan plan) {
    try (RecoverProgress progress = new RecoverProgress(session)) {
      return OwnRecoveries.of(session, address).run(plan, means(plan, progress));
    }
  }

  /// Opens the repository, if what is left of a recovery needs it.
  void requireRepository(Plan plan) {
    OwnRecoveries.of(session).requireRepository(plan.id(), means(plan, RecoverObserver.NONE));
  }

  Outcome resume(Plan plan) {
    try (RecoverProgress progress = new RecoverProgress(session)) {
      return OwnRecoveries.of(session).resume(plan.id(), means(plan, progress));
    }
  }

  /// @param leaveStopped whether no service is started
  Outcome rollBack(Plan plan, boolean leaveStopped) {
    try (RecoverProgress progress = new RecoverProgress(session)) {
      Recoveries recoveries = OwnRecoveries.of(session);
      Recoveries.Means means = means(plan, progress);
      return leaveStopped
          ? recoveries.rollBackLeavingStopped(plan.id(), means)
          : recoveries.rollBack(plan.id(), means);
    }
  }

  /// What to do about a recovery that could not be taken back.
  static String tryAgain(Plan plan) {
    String rollback =
        "put that right, then run 'holdfast recover rollback %s'".formatted(plan.id());
    return plan.service().hasService()
        ? rollback + "; with --leave-stopped it starts nothing, for what is started by hand"
        : rollback;
  }

  private Recoveries.Means means(Plan plan, RecoverObserver observer) {
    return new Recoveries.Means(
        () -> access.get().repository(), () -> expected(plan), this::restorePoint, observer);
  }

  private Map<String, SourceFacts> expected(Plan plan) {
    Repository repository = access.get().repository();
    return facts(
        plan.origin()
            .map(origin ->
                new Snapshots(repository).find(origin.snapshot(), SnapshotFilter.ALL).snapshot())
            .flatMap(snapshot -> new AppSnapshots(repository).manifest(snapshot)));
  }

  private RestorePoint restorePoint(Plan plan, RecoverObserver observer) {
    Optional<App> app = plan.app().flatMap(name -> AppArgument.find(session, name));
    return new BackupRestorePoint(
        () -> access.get().repository(),
        plan,
        new BackupRestorePoint.Origin(
            session.engines(),
            session.user(),
            session.clock(),
            session.workingDirectory(),
            "holdfast " + session.version(),
            app.map(App::tags).orElse(List.of()),
            app.map(one -> AppBackup.labels(Boundary.expand(one, session.engines(one))))
                .orElse(List.of()),
            RecoverServers.access(session, address),
            () -> session.writerOptions().withGate(access.get().gate())),
        observer);
  }

  /// Says what came of it.
  int finish(Plan plan, Outcome outcome) {
    sayEnding(plan, outcome);
    if (outcome.isRecovered()) {
      sayRecovered(plan);
      return ExitCode.DONE;
    }
    Failure failure = failure(plan, outcome);
    failure.print(session.console(), session.globals().json());
    return failure.exitCode();
  }

  /// Tells a program how it ended.
  void sayEnding(Plan plan, Outcome outcome) {
    if (session.globals().json()) {
      session
          .console()
          .line(
              Json.message("summary")
                  .field("recovery", plan.id())
                  .field("ending", outcome.ending().map(Ending::word).orElse("open"))
                  .strings(
                      "safety_copies", outcome.isRecovered() ? RecoverText.copies(plan) : List.of())
                  .end());
    }
  }

  private void sayRecovered(Plan plan) {
    if (session.globals().json() || session.globals().quiet()) {
      return;
    }
    session
        .console()
        .line("recovered " + OsString.display(plan.subject()) + " from " + plan.describeOrigin());
    List<String> copies = RecoverText.copies(plan);
    copies.stream()
        .limit(COPIES_SHOWN)
        .forEach(copy -> session.console().line("what was there is " + OsString.display(copy)));
    if (copies.size() > COPIES_SHOWN) {
      session.console().line("and %d more".formatted(copies.size() - COPIES_SHOWN));
    }
    session.console().line(wayBack(plan, !copies.isEmpty()));
  }

  /// How to have again what was there before.
  private static String wayBack(Plan plan, boolean hasCopies) {
    if (plan.databases().stream().anyMatch(RecoverText::isInPlace)) {
      return "what was replaced in place has no safety copy: the way back is the restore point, by"
          + " --snapshot"
          + (hasCopies
              ? "; 'holdfast recover confirm %s' deletes those of the rest".formatted(plan.id())
              : "");
    }
    return hasCopies
        ? "'holdfast recover undo %1$s' goes back to it; 'holdfast recover confirm %1$s' deletes it"
            .formatted(plan.id())
        : "'holdfast recover undo %s' takes it away again".formatted(plan.id());
  }

  private static Failure failure(Plan plan, Outcome outcome) {
    Failure cause = outcome.cause().map(Failure::of).orElseThrow();
    if (outcome.ending().isEmpty()) {
      String obstacle = outcome.obstacle().map(Failure::of).map(Failure::message).orElse("");
      return new Failure(
          cause.exitCode(),
          "%s; and it could not be taken back: %s".formatted(cause.message(), obstacle),
          tryAgain(plan));
    }
    String state =
        outcome.ending().get() == Ending.UNCHANGED
            ? "nothing was changed"
            : "everything is as it was before";
    return new Failure(cause.exitCode(), cause.message() + "; " + state, cause.hint());
  }
}
