package dev.holdfast.cli.command;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Failure;
import dev.holdfast.cli.setup.Session;
import dev.holdfast.cli.setup.Times;
import dev.holdfast.cli.terminal.Json;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.engine.access.RepositoryAccess;
import dev.holdfast.engine.recover.Outcome;
import dev.holdfast.engine.recover.SafetyCopies;
import dev.holdfast.engine.recover.journal.Ending;
import dev.holdfast.engine.recover.journal.Journal;
import dev.holdfast.engine.recover.journal.JournalFolder;
import dev.holdfast.engine.recover.plan.Plan;
import dev.holdfast.engine.recover.plan.Preview;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.lock.LockMode;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What is done with recoveries that there were: listing, resuming, rolling back, undoing.
final class RecoverJournalCommands {
  private final Session session;

  RecoverJournalCommands(Session session) {
    this.session = session;
  }

  /// Shows all recoveries, and tells of journals that cannot be read.
  int status() {
    List<HoldfastException> unreadable = new ArrayList<>();
    List<JournalFolder.Listed> all = OwnRecoveries.of(session).list(unreadable::add);
    if (session.globals().json()) {
      SafetyCopies kept = OwnRecoveries.of(session).safetyCopies();
      all.forEach(one -> session.console().line(json(one, kept.kept(one.journal()))));
    } else if (!all.isEmpty()) {
      session.console().text(table(all));
    } else if (unreadable.isEmpty()) {
      session.console().line("there was no recovery yet");
    }
    int status = ExitCode.DONE;
    for (HoldfastException each : unreadable) {
      Failure failure = Failure.of(each);
      failure.print(session.console(), session.globals().json());
      status = failure.exitCode();
    }
    return status;
  }

  private String table(List<JournalFolder.Listed> all) {
    SafetyCopies copies = OwnRecoveries.of(session).safetyCopies();
    Table table = new Table("Recovery", "Begun", "What", "From", "Safety copies", "State");
    for (JournalFolder.Listed one : all) {
      Plan plan = one.journal().plan();
      table.row(
          plan.id(),
          Times.local(plan.made().atOffset(ZoneOffset.UTC), session.clock()),
          OsString.display(plan.subject()),
          plan.describeOrigin(),
          copies.kept(one.journal()).map(this::copies).orElse("none"),
          state(one));
    }
    return table.render();
  }

  /// How many there are, how much they take up, and for how long.
  private String copies(SafetyCopies.Kept kept) {
    int count = kept.paths().size() + kept.databases().size();
    return "%d, %s, %s"
        .formatted(
            count, RecoverText.size(kept), RecoverText.age(kept.age(session.clock().instant())));
  }

  private static String state(JournalFolder.Listed one) {
    Journal journal = one.journal();
    if (journal.ending().isPresent()) {
      return journal.ending().get().word()
          + (journal.message().isEmpty() ? "" : ": " + journal.message());
    }
    String step = journal.current().phrase();
    return one.holder()
        .map(pid -> "process %d is %s".formatted(pid, step))
        .orElse("interrupted while " + step);
  }

  private String json(JournalFolder.Listed one, Optional<SafetyCopies.Kept> kept) {
    Plan plan = one.journal().plan();
    Json out =
        Json.object()
            .field("recovery", plan.id())
            .field("begun", Times.rfc3339(plan.made().atOffset(ZoneOffset.UTC)))
            .field("subject", plan.subject());
    plan.origin().ifPresent(origin -> out.field("snapshot_id", origin.snapshot()));
    plan.undoes().ifPresent(id -> out.field("undoes", id));
    String state =
        one.journal()
            .ending()
            .map(Ending::word)
            .orElse(one.isInterrupted() ? "interrupted" : "running");
    out.field("state", state).nonEmpty("message", one.journal().message());
    one.holder().ifPresent(pid -> out.field("pid", pid));
    return out.field("step", one.journal().current().word())
        .nonEmpty("configuration", plan.configuration().orElse(""))
        .strings("safety_copies", safetyCopies(one, kept))
        .nonZero("safety_copies_bytes", kept.map(SafetyCopies.Kept::bytes).orElse(0L))
        .nonZero(
            "safety_copies_age_seconds",
            kept.map(it -> it.age(session.clock().instant()).toSeconds()).orElse(0L))
        .field("journal", one.journal().path())
        .end();
  }

  /// Those that are there; of a recovery that has not ended, those that it may have made.
  private static List<String> safetyCopies(
      JournalFolder.Listed one, Optional<SafetyCopies.Kept> kept) {
    return one.journal().ending().isEmpty()
        ? RecoverText.copies(one.journal().plan())
        : kept.map(RecoverText::copies).orElse(List.of());
  }

  int resume(Optional<String> id) {
    Plan plan = find(id, JournalFolder.Listed::isInterrupted, "interrupted").plan();
    useRepositoryOf(plan);
    try (LazyAccess access = new LazyAccess()) {
      RecoverRun run = new RecoverRun(session, access::get);
      try {
        run.requireRepository(plan);
      } catch (HoldfastException.Cancelled e) {
        throw e;
      } catch (HoldfastException e) {
        return notResumed(plan, Failure.of(e));
      }
      return run.finish(plan, run.resume(plan));
    }
  }

  /// Neither journal nor stage is touched by what may be put right.
  private int notResumed(Plan plan, Failure cause) {
    new Failure(
            cause.exitCode(),
            "recovery %s needs its repository to go on: %s".formatted(plan.id(), cause.message()),
            "it waits: 'holdfast recover resume %1$s' goes on when that is put right, 'holdfast recover rollback %1$s' takes it back"
                .formatted(plan.id()))
        .print(session.console(), session.globals().json());
    return cause.exitCode();
  }

  /// Makes the repository that the new state is from the one that this run is about, unless options
  /// name another.
  private void useRepositoryOf(Plan plan) {
    if (session.namesRepository()) {
      return;
    }
    plan.app().ifPresent(session::useRepositoryOf);
    plan.origin()
        .flatMap(
            origin -> session.configuration().flatMap(all -> all.repositoryAt(origin.location())))
        .ifPresent(session::useRepository);
  }

  /// Opens the repository when it is needed: what was staged already is finished without.
  private final class LazyAccess implements AutoCloseable {
    private @Nullable RepositoryAccess opened;

    RepositoryAccess get() {
      if (opened == null) {
        opened = session.open(Optional.of(LockMode.SHARED));
      }
      return opened;
    }

    @Override
    public void close() {
      if (opened != null) {
        opened.close();
      }
    }
  }

  int rollback(Optional<String> id, boolean leaveStopped) {
    Plan plan = find(id, JournalFolder.Listed::isInterrupted, "interrupted").plan();
    useRepositoryOf(plan);
    Outcome outcome;
    try (LazyAccess access = new LazyAccess()) {
      outcome = new RecoverRun(session, access::get).rollBack(plan, leaveStopped);
    }
    noRepository().sayEnding(plan, outcome);
    if (outcome.ending().isEmpty()) {
      return notTakenBack(plan, Failure.of(outcome.obstacle().orElseThrow()));
    }
    if (!session.globals().quiet() && !session.globals().json()) {
      session
          .console()
          .line(
              OsString.display(plan.subject())
                  + " is as it was before the recovery"
                  + (leaveStopped ? "; no service was started" : ""));
    }
    return ExitCode.DONE;
  }

  private int notTakenBack(Plan plan, Failure obstacle) {
    new Failure(
            obstacle.exitCode(),
            "recovery %s could not be taken back: %s".formatted(plan.id(), obstacle.message()),
            RecoverRun.tryAgain(plan))
        .print(session.console(), session.globals().json());
    return obstacle.exitCode();
  }

  private RecoverRun noRepository() {
    return new RecoverRun(
        session,
        () -> {
          throw new IllegalStateException("an undo needs no repository");
        });
  }

  int undo(Optional<String> id, boolean sure) {
    Predicate<JournalFolder.Listed> succeeded =
        one -> one.journal().ending().equals(Optional.of(Ending.RECOVERED));
    Plan done = find(id, succeeded, "successful").plan();
    Plan plan = OwnRecoveries.of(session).planUndo(done.id());
    new PlanText(session).print(new Preview(plan, List.of(), List.of(), false, List.of()));
    if (!sure && !Confirmation.given(session, plan.subject())) {
      new Failure(ExitCode.DECLINED, "declined: nothing was changed", "")
          .print(session.console(), session.globals().json());
      return ExitCode.DECLINED;
    }
    Outcome outcome;
    try (RecoverProgress progress = new RecoverProgress(session)) {
      outcome = OwnRecoveries.of(session).undo(plan, progress);
    }
    return noRepository().finish(plan, outcome);
  }

  /// The recovery that is meant: the one named, or the last of those that can be, of an app if that
  /// is named.
  private Journal find(
      Optional<String> name, Predicate<JournalFolder.Listed> possible, String what) {
    List<Journal> all =
        OwnRecoveries.of(session).list().reversed().stream()
            .filter(one -> isMeant(one, name, possible))
            .map(JournalFolder.Listed::journal)
            .toList();
    if (all.isEmpty()) {
      throw noneFor(name, what);
    }
    return new SameNames(session).choose(all, Journal::plan, name, what);
  }

  private HoldfastException noneFor(Optional<String> name, String what) {
    Optional<JournalFolder.Listed> running =
        OwnRecoveries.of(session).list().stream()
            .filter(one -> one.journal().ending().isEmpty() && one.holder().isPresent())
            .filter(one -> isMeant(one, name, _ -> true))
            .findFirst();
    return running.isPresent() ? running.get().busy() : ended(name, what);
  }

  /// What became of the one that was meant, if there was one.
  private HoldfastException ended(Optional<String> name, String what) {
    return OwnRecoveries.of(session).list().reversed().stream()
        .filter(one -> isMeant(one, name, _ -> true))
        .findFirst()
        .flatMap(one -> one.journal().ending().map(ending -> ended(one.journal(), ending, what)))
        .orElseGet(() ->
            new HoldfastException.NotFound(
                name.map(it -> "there is no recovery " + it + ", and no " + what + " one of it")
                    .orElse("there is no " + what + " recovery"),
                "'holdfast recover status' shows them"));
  }

  private static HoldfastException ended(Journal journal, Ending ending, String what) {
    return new HoldfastException.NotFound(
        "there is no %s recovery; the last of %s has ended: %s"
            .formatted(what, OsString.display(journal.plan().subject()), ending.word()),
        ending == Ending.RECOVERED && journal.confirmation() == Journal.Confirmation.NONE
            ? "'holdfast recover undo " + journal.plan().id() + "' takes it back"
            : "'holdfast recover status' shows all of them");
  }

  private static boolean isMeant(
      JournalFolder.Listed one, Optional<String> name, Predicate<JournalFolder.Listed> possible) {
    Plan plan = one.journal().plan();
    return name.filter(it -> !it.equals(plan.subject()))
        .map(plan.id()::equals)
        .orElseGet(() -> possible.test(one));
  }
}
