package dev.holdfast.engine.recover;

import dev.holdfast.engine.recover.files.LiveFiles;
import dev.holdfast.engine.recover.journal.Ending;
import dev.holdfast.engine.recover.journal.Journal;
import dev.holdfast.engine.recover.journal.JournalFolder;
import dev.holdfast.engine.recover.plan.Plan;
import dev.holdfast.engine.recover.plan.Replacement;
import dev.holdfast.engine.recover.plan.ServerDatabase;
import dev.holdfast.engine.recover.plan.Step;
import dev.holdfast.engine.recover.plan.UndoPlanner;
import dev.holdfast.engine.recover.server.ServerAccess;
import dev.holdfast.engine.recover.server.ServerPlanner;
import dev.holdfast.engine.recover.service.Outside;
import dev.holdfast.engine.recover.service.ServiceControl;
import dev.holdfast.engine.source.DatabaseEngine;
import dev.holdfast.engine.source.DatabaseRecovery;
import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.SnapshotId;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// All recoveries of this user on this machine: begins, resumes, rolls back, undoes and lists them.
public final class Recoveries {
  /// What the journal calls the snapshot of the present state.
  private static final String RESTORE_POINT = "snapshot";

  private final JournalFolder journals;
  private final LiveFiles files;
  private final List<DatabaseEngine> engines;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Outside outside;
  private final ServerAccess servers;

  /// @param folder of the journals
  /// @param outside what commands and requests of recoveries get
  /// @param servers how those are reached that plans name
  public Recoveries(
      Path folder,
      LiveFiles files,
      List<DatabaseEngine> engines,
      InstantSource clock,
      RandomGenerator random,
      Outside outside,
      ServerAccess servers) {
    this.journals = new JournalFolder(files, folder, clock);
    this.files = files;
    this.engines = List.copyOf(engines);
    this.clock = clock;
    this.random = random;
    this.outside = outside;
    this.servers = servers;
  }

  /// What carrying out a plan needs from outside.
  ///
  /// @param repository opened when something is asked of it, which a rollback never does
  /// @param expected what the snapshot's manifest says of its databases, by their paths
  /// @param restorePoint backs up what a plan replaces
  public record Means(
      Supplier<Repository> repository,
      Supplier<Map<String, SourceFacts>> expected,
      BiFunction<Plan, RecoverObserver, RestorePoint> restorePoint,
      RecoverObserver observer) {
    /// Reads the manifest once, and not for each of some thousand databases.
    private Means remembering() {
      return new Means(
          repository, new Once<>(() -> Map.copyOf(expected.get())), restorePoint, observer);
    }
  }

  /// Carries out a plan.
  ///
  /// @throws HoldfastException.Locked if another recovery has one of its paths
  public Outcome run(Plan plan, Means means) {
    try (JournalFolder.Held held = journals.begin(plan);
        ServerSessions sessions = sessions(plan, means.observer())) {
      return recovery(held.journal(), means, sessions).run();
    }
  }

  /// Finishes a recovery that was interrupted. If what is left needs the repository, and that
  /// cannot be opened or is not the right one, everything stays as it is.
  ///
  /// @throws HoldfastException what opening the repository throws
  public Outcome resume(String id, Means means) {
    try (JournalFolder.Held held = journals.take(id);
        ServerSessions sessions = sessions(held.journal().plan(), means.observer())) {
      refuseEnded(held.journal());
      requireRepository(held.journal(), means);
      return recovery(held.journal(), means, sessions).run();
    }
  }

  /// Opens the repository, if [#resume] needs it.
  ///
  /// @throws HoldfastException what that throws
  public void requireRepository(String id, Means means) {
    list().stream()
        .map(JournalFolder.Listed::journal)
        .filter(journal -> journal.plan().id().equals(id))
        .forEach(journal -> requireRepository(journal, means));
  }

  private ServerSessions sessions(Plan plan, RecoverObserver observer) {
    return new ServerSessions(servers, plan, text -> observer.on(new RecoverEvent.Notice(text)));
  }

  private static void requireRepository(Journal journal, Means means) {
    if (needsRepository(journal)) {
      Repository repository = means.repository().get();
      journal
          .plan()
          .origin()
          .ifPresent(origin -> {
            BlobId _ = root(rightRepository(repository, origin), origin);
          });
    }
  }

  /// Whether what is left to be done reads from the repository or writes to it: what was staged and
  /// compared with the manifest goes live without, but for content that is loaded in place.
  private static boolean needsRepository(Journal journal) {
    Plan plan = journal.plan();
    if (journal.backReason().isPresent() || plan.origin().isEmpty()) {
      return false;
    }
    boolean loadsLast =
        plan.databases().stream().anyMatch(it -> it.way() == ServerDatabase.Way.IN_PLACE);
    return !journal.isDone(loadsLast ? Step.SWAP : Step.VERIFY);
  }

  /// Takes back a recovery that was interrupted. Needs no repository, but for databases that were
  /// replaced in place.
  public Outcome rollBack(String id, Means means) {
    return back(id, means, Recovery::rollBack);
  }

  /// The same, but starts no service: see [Recovery#rollBackLeavingStopped()].
  public Outcome rollBackLeavingStopped(String id, Means means) {
    return back(id, means, Recovery::rollBackLeavingStopped);
  }

  private Outcome back(String id, Means means, Function<Recovery, Outcome> way) {
    try (JournalFolder.Held held = journals.take(id);
        ServerSessions sessions = sessions(held.journal().plan(), means.observer())) {
      refuseEnded(held.journal());
      return way.apply(recovery(held.journal(), means, sessions));
    }
  }

  /// The plan that undoes a recovery that succeeded.
  public Plan planUndo(String id) {
    Journal journal =
        list().stream()
            .map(JournalFolder.Listed::journal)
            .filter(one -> one.plan().id().equals(id))
            .filter(one -> one.ending().equals(Optional.of(Ending.RECOVERED)))
            .findFirst()
            .orElseThrow(() ->
                new HoldfastException.NotFound(
                    "there is no recovery " + id + " that succeeded",
                    "'holdfast recover status' shows them"));
    refuseConfirmed(journal);
    return new UndoPlanner(files, clock, random).undo(journal.plan(), undo(journal));
  }

  private List<ServerDatabase> undo(Journal journal) {
    Plan plan = journal.plan();
    List<ServerDatabase> databases = new ArrayList<>();
    try (ServerSessions sessions = sessions(plan, RecoverObserver.NONE)) {
      ServerPlanner planner = new ServerPlanner(servers.environment(), clock, random, _ -> {});
      Optional<String> restorePoint = journal.fact(Step.RESTORE_POINT, RESTORE_POINT);
      for (ServerDatabase done : plan.databases()) {
        planner.undo(sessions.of(done), done, restorePoint).ifPresent(databases::add);
      }
    }
    return databases;
  }

  /// What recoveries put aside and is still there.
  public SafetyCopies safetyCopies() {
    return new SafetyCopies(journals, files);
  }

  /// Carries out the plan of an undo. Needs no repository.
  public Outcome undo(Plan undo, RecoverObserver observer) {
    return run(undo, without(observer));
  }

  private static Means without(RecoverObserver observer) {
    return new Means(
        () -> {
          throw new IllegalStateException("a rollback needs no repository");
        },
        Map::of,
        (_, _) -> Optional::empty,
        observer);
  }

  private static void refuseConfirmed(Journal journal) {
    if (journal.confirmation() != Journal.Confirmation.NONE) {
      throw new HoldfastException.NotFound(
          "the safety copies of recovery " + journal.plan().id() + " were deleted",
          "recover the snapshot with the tag pre-restore that was made before that recovery");
    }
  }

  private static void refuseEnded(Journal journal) {
    journal
        .ending()
        .ifPresent(ending -> {
          throw new HoldfastException.Rejected(
              "recovery %s has ended: %s".formatted(journal.plan().id(), ending.word()),
              ending == Ending.RECOVERED ? "'holdfast recover undo' takes it back" : "");
        });
  }

  /// All recoveries, oldest first.
  public List<JournalFolder.Listed> list() {
    return journals.list();
  }

  /// As [JournalFolder#list(Consumer)].
  public List<JournalFolder.Listed> list(Consumer<HoldfastException> unreadable) {
    return journals.list(unreadable);
  }

  /// Makes sure that nobody is recovering any of these paths, or was interrupted doing so.
  ///
  /// @throws HoldfastException.Locked if somebody is
  public void refuseBusy(List<String> paths) {
    journals.refuseBusy(paths);
  }

  /// Makes sure that nobody is recovering databases on servers of an app, or was interrupted doing
  /// so.
  ///
  /// @throws HoldfastException.Locked if somebody is
  public void refuseBusyServers(String app) {
    journals.refuseBusyServers(app);
  }

  private Recovery recovery(Journal journal, Means given, ServerSessions sessions) {
    Plan plan = journal.plan();
    Means means = given.remembering();
    Stager stager = stager(plan, means);
    FileReplacer.StageCheck check =
        plan.origin().isPresent()
            ? it -> new StageVerification(engines, means.expected().get()).check(it)
            : _ -> {}; // an undo goes back to what was there, whatever it was
    List<Replacer> replacers = new ArrayList<>();
    for (Replacement it : plan.replacements()) {
      replacers.add(new FileReplacer(it, files, stager, check, engine(it)));
    }
    for (ServerDatabase it : plan.databases()) {
      replacers.add(databaseReplacer(it, journal, means, sessions));
    }
    ServiceControl service =
        new ServiceControl(
            plan.service(),
            outside.with(
                Map.of("HOLDFAST_RECOVERY", plan.id(), "HOLDFAST_SUBJECT", plan.subject())),
            new DatabaseQuestions(plan, engines, sessions)::ask);
    RestorePoint restorePoint = means.restorePoint().apply(plan, means.observer());
    return new Recovery(journal, files, replacers, service, restorePoint, means.observer());
  }

  private static Replacer databaseReplacer(
      ServerDatabase it, Journal journal, Means means, ServerSessions sessions) {
    Plan plan = journal.plan();
    DatabaseReplacer.Context context =
        new DatabaseReplacer.Context(
            sessions,
            () -> it.from().map(from -> means.expected().get().get(from)),
            plan.origin().flatMap(origin -> it.from().map(from -> dump(means, origin, from))),
            plan.service().hasService(),
            journal.hasBegunAny());
    return switch (it.way()) {
      case BESIDE -> new BesideReplacer(it, context);
      case IN_PLACE ->
          new InPlaceReplacer(
              it,
              context,
              () ->
                  journal
                      .fact(Step.RESTORE_POINT, RESTORE_POINT)
                      .map(id ->
                          new SnapshotDump(means.repository(), id, it.path(), means.observer())));
    };
  }

  private static SnapshotDump dump(Means means, Plan.Origin origin, String from) {
    return new SnapshotDump(
        () -> rightRepository(means.repository().get(), origin),
        origin.snapshot(),
        from,
        means.observer());
  }

  private Stager stager(Plan plan, Means means) {
    if (plan.origin().isEmpty()) {
      return new SafetyStager(files);
    }
    Plan.Origin origin = plan.origin().get();
    long bytes = plan.replacements().stream().mapToLong(Replacement::bytes).sum();
    return new SnapshotStager(
        () -> rightRepository(means.repository().get(), origin),
        () -> root(means.repository().get(), origin),
        files,
        engines,
        it -> StageVerification.beforeMasking(engines, means.expected().get()).check(it),
        means.observer(),
        bytes);
  }

  private static Repository rightRepository(Repository repository, Plan.Origin origin) {
    if (!repository.config().id().toHex().equals(origin.repository())) {
      throw new HoldfastException.Rejected(
          "the recovery is from another repository: " + origin.location(), "name that one");
    }
    return repository;
  }

  private static BlobId root(Repository repository, Plan.Origin origin) {
    Hash id =
        Hash.parse(origin.snapshot())
            .orElseThrow(() ->
                new HoldfastException.Corrupt(
                    "the journal names no snapshot: " + origin.snapshot(), "", null));
    return repository.loadSnapshot(new SnapshotId(id)).tree();
  }

  private Optional<DatabaseRecovery> engine(Replacement it) {
    return it.engine()
        .map(name ->
            engines.stream()
                .filter(engine -> engine.name().equals(name))
                .findFirst()
                .flatMap(DatabaseEngine::recovery)
                .orElseThrow(() ->
                    new HoldfastException.Unsupported(
                        "databases of the kind '" + name + "' cannot be recovered here",
                        "use the program that began this recovery")));
  }
}
