package dev.holdfast.engine.recover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.recover.ModelFiles.Fault;
import dev.holdfast.engine.recover.journal.Journal;
import dev.holdfast.engine.recover.journal.Journals;
import dev.holdfast.engine.recover.plan.Plan;
import dev.holdfast.engine.recover.plan.Replacement;
import dev.holdfast.engine.recover.plan.Replacement.Action;
import dev.holdfast.engine.recover.plan.Replacement.Kind;
import dev.holdfast.engine.recover.service.Outside;
import dev.holdfast.engine.recover.service.ServiceControl;
import dev.holdfast.engine.recover.service.ServiceSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The crash model of decision 013 for an undo, whose new state is a safety copy that is nowhere
/// else.
class SafetyStagerCrashTest {
  private static final String JOURNAL = "/state/1.jsonl";
  private static final String LIVE = "/data/app.db";
  private static final String COPY = "/data/app.db.pre-restore.1";
  private static final String STAGE = "/data/.holdfast-2-0";
  private static final int ROUNDS = 3;
  private static final int CALLS_MAX = 1_000;

  private final long seed = System.nanoTime();
  private final SplittableRandom random = new SplittableRandom(seed);

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void noPowerCutLosesTheSafetyCopy(boolean exchanges) {
    System.out.println("SafetyStagerCrashTest seed " + seed);
    boolean reached = true;
    for (int call = 0; reached; call++) {
      assertThat(call).isLessThan(CALLS_MAX);
      for (int round = 0; round < ROUNDS; round++) {
        ModelFiles files = new ModelFiles(random.split(), exchanges);
        files.make("/data");
        long live = files.make(LIVE);
        files.make(LIVE + "-wal");
        long copy = files.make(COPY);
        files.make(COPY + "-wal");
        Map<String, Long> before = files.names();
        Replacement it = replacement(live);
        files.planFault(call, Fault.CUT_AFTER);
        reached = isCut(() -> run(Journals.create(files, JOURNAL, plan(it)), files, it, false));
        if (reached) {
          files.restart();
          String where = "seed %d call %d".formatted(seed, call);
          assertThat(files.names()).as(where).containsValue(copy).containsValue(live);
          Optional<Journal> journal = Journals.open(files, JOURNAL);
          boolean back = random.nextBoolean();
          if (journal.isPresent() && journal.get().ending().isEmpty()) {
            boolean committed =
                journal.get().hasBegun(dev.holdfast.engine.recover.plan.Step.COMMIT);
            Outcome outcome = run(journal.get(), files, it, back && !committed);
            assertThat(outcome.ending()).as(where).isPresent();
            if (outcome.isRecovered()) {
              assertThat(files.names()).as(where).containsEntry(LIVE, copy);
            } else {
              assertThat(files.names()).as(where).isEqualTo(before);
            }
          }
        }
      }
    }
  }

  private static boolean isCut(java.util.function.Supplier<Outcome> work) {
    try {
      return work.get().ending().isEmpty();
    } catch (ModelFiles.PowerCut e) {
      return true;
    }
  }

  private static Outcome run(Journal journal, ModelFiles files, Replacement it, boolean back) {
    Replacer replacer =
        new FileReplacer(it, files, new SafetyStager(files), _ -> {}, Optional.empty());
    ServiceControl service =
        new ServiceControl(ServiceSettings.NONE, Outside.ofProcess(), (path, query) -> List.of());
    Recovery recovery =
        new Recovery(
            journal, files, List.of(replacer), service, Optional::empty, RecoverObserver.NONE);
    return back ? recovery.rollBack() : recovery.run();
  }

  private static Replacement replacement(long live) {
    return new Replacement(
        Kind.DATABASE,
        Action.REPLACE,
        Optional.empty(),
        COPY,
        LIVE,
        STAGE,
        STAGE + "/app.db",
        LIVE + ".pre-restore.2",
        List.of("-wal", "-shm", "-journal"),
        live,
        0,
        List.of(),
        false,
        Optional.empty());
  }

  private static Plan plan(Replacement it) {
    return new Plan(
        "2",
        Scene.NOW,
        "app",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of("1"),
        List.of(it),
        List.of(),
        ServiceSettings.NONE,
        false);
  }
}
