package dev.holdfast.engine.recover;

import dev.holdfast.engine.recover.files.LiveFiles;
import dev.holdfast.engine.recover.journal.Ending;
import dev.holdfast.engine.recover.journal.Journal;
import dev.holdfast.engine.recover.plan.Step;
import dev.holdfast.engine.recover.service.Occupant;
import dev.holdfast.engine.recover.service.OpenFiles;
import dev.holdfast.engine.recover.service.ServiceControl;
import dev.holdfast.posix.OsString;
import dev.holdfast.repository.error.HoldfastException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Carries out a plan, or takes back what was done of it: this process's own, or what another one
/// left when it was killed.
///
/// Every step is in the journal before it begins and when it is done. What fails before the last
/// step, or is interrupted, is taken back, in the opposite order, and nothing else. Taking back
/// goes on when a part of it fails, and can be called again. Used once, by one thread.
public final class Recovery {
  private static final Duration PAUSE = Duration.ofMillis(50);

  /// What is still in use after it is in use.
  private static final Duration MOMENT = Duration.ofSeconds(2);

  private final Journal journal;
  private final List<Replacer> replacers;
  private final Rounds rounds;
  private final ServiceControl service;
  private final RestorePoint restorePoint;
  private final RecoverObserver observer;
  private final boolean resumed;
  private long stoppedAt;
  private boolean leavesStopped;

  /// @param files in which names are changed
  /// @param replacers one for each replacement of the plan, in its order
  public Recovery(
      Journal journal,
      LiveFiles files,
      List<Replacer> replacers,
      ServiceControl service,
      RestorePoint restorePoint,
      RecoverObserver observer) {
    this.journal = journal;
    this.replacers = List.copyOf(replacers);
    this.rounds = new Rounds(files, replacers);
    this.service = service;
    this.restorePoint = restorePoint;
    this.observer = observer;
    this.resumed = journal.hasBegunAny();
  }

  /// Does what is left to be done: all of it, or what follows the moment in which another process
  /// was killed. If that was already on the way back, the way back is finished.
  public Outcome run() {
    Optional<String> back = journal.backReason();
    if (back.isPresent()) {
      return goBack(new HoldfastException.Cancelled(back.get()));
    }
    Step current = Step.VALIDATE;
    try {
      for (Step step : Step.values()) {
        current = step;
        if (!journal.isDone(step)) {
          perform(step);
        }
      }
    } catch (RuntimeException | Error e) {
      if (journal.hasBegun(Step.COMMIT)) {
        notice("the recovery is done, but not everything could be tidied up: " + e.getMessage());
      } else {
        observe(new RecoverEvent.TurnedBack(current, String.valueOf(e.getMessage())));
        return goBack(e);
      }
    }
    journal.end(Ending.RECOVERED, "");
    observe(new RecoverEvent.Ended(Ending.RECOVERED));
    return Outcome.recovered();
  }

  /// Takes back whatever was done.
  ///
  /// @throws HoldfastException.Rejected if it was finished: there is only an undo then
  public Outcome rollBack() {
    if (journal.hasBegun(Step.COMMIT)) {
      throw new HoldfastException.Rejected(
          "recovery " + journal.plan().id() + " has put the new state in place for good",
          "'holdfast recover resume' finishes it, after that 'holdfast recover undo' takes it back");
    }
    return goBack(new HoldfastException.Cancelled("rolled back on request"));
  }

  /// The same, but starts no service: for one that cannot be started as the plan says, and that
  /// somebody starts by hand.
  public Outcome rollBackLeavingStopped() {
    leavesStopped = true;
    return rollBack();
  }

  private void perform(Step step) {
    observer.on(new RecoverEvent.Started(step));
    long begin = System.nanoTime();
    journal.begin(step, before(step));
    Map<String, String> facts =
        switch (step) {
          case VALIDATE -> validate();
          case RESTORE_POINT -> takeRestorePoint();
          case STAGE -> stage();
          case VERIFY -> verify();
          case QUIESCE -> quiesce();
          case SWAP -> swap();
          case ADAPT -> adapt();
          case START -> start();
          case COMMIT -> commit();
        };
    journal.done(step, facts);
    observer.on(new RecoverEvent.Done(step, Duration.ofNanos(System.nanoTime() - begin)));
  }

  /// What must be known before a step begins, lest a crash in its middle makes it unknowable.
  private Map<String, String> before(Step step) {
    return step != Step.QUIESCE || journal.hasBegun(step) ? Map.of() : service.running();
  }

  /// What ran before.
  private Map<String, String> before() {
    return journal.facts(Step.QUIESCE);
  }

  private boolean ran() {
    return ServiceControl.ranAny(before());
  }

  private Map<String, String> validate() {
    service.validate();
    replacers.forEach(Replacer::validate);
    return Map.of();
  }

  private Map<String, String> takeRestorePoint() {
    if (!journal.plan().restorePoint()) {
      return Map.of();
    }
    Optional<String> snapshot = restorePoint.take();
    snapshot.ifPresent(id -> observer.on(new RecoverEvent.RestorePointMade(id)));
    return snapshot.map(id -> Map.of("snapshot", id)).orElse(Map.of());
  }

  private Map<String, String> stage() {
    replacers.forEach(Replacer::makeRoom);
    rounds.sync(all()); // what is moved into a folder that a power cut takes back is lost
    Map<String, String> facts = new LinkedHashMap<>();
    for (int i = 0; i < replacers.size(); i++) {
      String prefix = i + " ";
      turn(Step.STAGE, i);
      replacers.get(i).stage().forEach((name, value) -> facts.put(prefix + name, value));
    }
    rounds.syncStaged();
    return facts;
  }

  private List<Integer> all() {
    return numbers(0, replacers.size());
  }

  private List<Integer> ofFiles() {
    return numbers(0, journal.plan().replacements().size());
  }

  /// They come after all files, and each is done at once.
  private List<Integer> ofDatabases() {
    return numbers(journal.plan().replacements().size(), replacers.size());
  }

  private static List<Integer> numbers(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  /// What each replacer said when it staged, by its number.
  private Map<Integer, Map<String, String>> stagedFacts() {
    Map<Integer, Map<String, String>> facts = new HashMap<>();
    journal
        .facts(Step.STAGE)
        .forEach((name, value) -> {
          int space = name.indexOf(' ');
          facts
              .computeIfAbsent(Integer.valueOf(name.substring(0, space)), _ -> new HashMap<>())
              .put(name.substring(space + 1), value);
        });
    return facts;
  }

  private static Map<String, String> facts(Map<Integer, Map<String, String>> all, int number) {
    return all.getOrDefault(number, Map.of());
  }

  private Map<String, String> verify() {
    for (int i = 0; i < replacers.size(); i++) {
      turn(Step.VERIFY, i);
      replacers.get(i).verify();
    }
    return Map.of();
  }

  private void turn(Step step, int number) {
    String subject = journal.plan().replaced().get(number).describe();
    observer.on(new RecoverEvent.Turned(step, subject, number + 1, replacers.size()));
  }

  private Map<String, String> quiesce() {
    stoppedAt = System.nanoTime();
    service.stop(before());
    awaitNoOccupants();
    replacers.forEach(Replacer::settle);
    return Map.of();
  }

  /// A service that has stopped may take a while until the last of its processes is gone, and a
  /// server a moment until it notices that somebody is: such as the sessions of this process that
  /// were closed just now.
  private void awaitNoOccupants() {
    Duration patience = ran() ? service.settings().stopLimit() : MOMENT;
    long deadline = System.nanoTime() + patience.toNanos();
    List<Occupant> occupants = occupants();
    while (!occupants.isEmpty() && System.nanoTime() - deadline < 0) {
      pause();
      occupants = occupants();
    }
    if (!occupants.isEmpty()) {
      Occupant first = occupants.getFirst();
      throw new HoldfastException.Locked(
          "%s is in use by %s".formatted(OsString.display(first.path()), first.describe()),
          service.settings().hasService()
              ? "stopping the service does not end it: stop it by hand"
              : "stop it, or say with --systemd, --docker or --stop-command how it is stopped");
    }
  }

  private List<Occupant> occupants() {
    OpenFiles open = OpenFiles.now();
    return replacers.stream().flatMap(replacer -> replacer.occupants(open).stream()).toList();
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      throw new HoldfastException.Cancelled("interrupted while waiting for the service to let go");
    }
  }

  private Map<String, String> swap() {
    if (resumed) {
      quiesceAgain(); // the machine may have been started, and the service with it
      rounds.sync(all()); // what a killed process changed may not be certain yet
    }
    Map<Integer, Map<String, String>> facts = stagedFacts();
    rounds.run(ofFiles(), number -> replacers.get(number).swap(facts(facts, number)));
    rounds.run(ofDatabases(), number -> replacers.get(number).swap(facts(facts, number)));
    return Map.of();
  }

  private void quiesceAgain() {
    service.stopAgain(before());
    awaitNoOccupants();
  }

  private Map<String, String> adapt() {
    service.adapt();
    return Map.of();
  }

  /// The state before is the state after: what did not run is not started.
  private Map<String, String> start() {
    if (ran()) {
      service.start(before());
      if (stoppedAt != 0) {
        observer.on(new RecoverEvent.Downtime(Duration.ofNanos(System.nanoTime() - stoppedAt)));
      }
    }
    service.awaitHealth();
    return Map.of();
  }

  private Map<String, String> commit() {
    try {
      if (resumed) {
        rounds.sync(all());
      }
      rounds.run(all(), this::tidy);
    } catch (HoldfastException e) {
      notice(String.valueOf(e.getMessage()));
    }
    return Map.of();
  }

  private boolean tidy(int number) {
    try {
      return replacers.get(number).tidy();
    } catch (HoldfastException e) {
      notice(String.valueOf(e.getMessage()));
      return false;
    }
  }

  /// Takes back every step that has begun, the last one first, whatever happens to the journal on
  /// the way: what there is to take back is found out from the files themselves.
  private Outcome goBack(Throwable cause) {
    boolean interrupted = Thread.interrupted();
    boolean touched = journal.hasBegun(Step.SWAP) || (journal.hasBegun(Step.QUIESCE) && ran());
    try {
      record(() -> journal.back(String.valueOf(cause.getMessage())));
      for (Step step : Arrays.asList(Step.values()).reversed()) {
        if (journal.hasBegun(step) && !journal.isUndone(step)) {
          undo(step);
          record(() -> journal.undone(step));
        }
      }
      Ending ending = touched ? Ending.ROLLED_BACK : Ending.UNCHANGED;
      record(() -> journal.end(ending, String.valueOf(cause.getMessage())));
      observe(new RecoverEvent.Ended(ending));
      return new Outcome(Optional.of(ending), Optional.of(cause), Optional.empty());
    } catch (RuntimeException e) {
      return new Outcome(Optional.empty(), Optional.of(cause), Optional.of(e));
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void undo(Step step) {
    switch (step) {
      case RESTORE_POINT, VERIFY, ADAPT, COMMIT -> {}
      case VALIDATE -> discard(); // it tries whether it may write
      case STAGE -> {
        observe(new RecoverEvent.TakingBack(step));
        discard();
      }
      case QUIESCE -> {
        if (ran() && !leavesStopped) {
          observe(new RecoverEvent.TakingBack(step));
          service.startAgain(before());
        }
      }
      case SWAP -> {
        observe(new RecoverEvent.TakingBack(step));
        quiesceAgain();
        rounds.sync(all());
        Map<Integer, Map<String, String>> facts = stagedFacts();
        rounds.run(
            ofDatabases().reversed(), number -> replacers.get(number).unswap(facts(facts, number)));
        rounds.run(
            ofFiles().reversed(), number -> replacers.get(number).unswap(facts(facts, number)));
      }
      case START -> {
        if (ran()) {
          observe(new RecoverEvent.TakingBack(step));
          service.stopAgain(before());
        }
      }
    }
  }

  /// What is not there any more may be there again after a power cut, until that is certain.
  private void discard() {
    rounds.sync(all());
    rounds.run(all(), number -> replacers.get(number).discard());
  }

  /// A journal that cannot be written does not keep anything from being put back.
  private void record(Runnable entry) {
    try {
      entry.run();
    } catch (HoldfastException.InputOutput e) {
      notice(String.valueOf(e.getMessage()));
    }
  }

  private void notice(String text) {
    observe(new RecoverEvent.Notice(text));
  }

  /// An observer that fails must not keep anything from being put back.
  private void observe(RecoverEvent event) {
    try {
      observer.on(event);
    } catch (RuntimeException e) {
      return; // nobody is left to be told
    }
  }
}
