package dev.holdfast.engine.recover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.recover.ModelFiles.Fault;
import dev.holdfast.engine.recover.journal.Ending;
import dev.holdfast.engine.recover.journal.Journal;
import dev.holdfast.engine.recover.journal.Journals;
import dev.holdfast.engine.recover.service.Outside;
import dev.holdfast.engine.recover.service.ServiceControl;
import dev.holdfast.engine.recover.service.ServiceSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The crash model of decision 013: a fault at every call of the file layer, then a machine that
/// starts again without what was not synced, then another process that goes on or goes back, which
/// is itself cut off several times. The end is the old state or the new one, and nothing else lies
/// about.
class CrashModelTest {
  private static final String JOURNAL = "/state/1.jsonl";
  private static final int ROUNDS = 6;
  private static final int SECOND_CUTS_MAX = 4;
  private static final int CALLS_MAX = 1_000;

  private final long seed = System.nanoTime();
  private final SplittableRandom random = new SplittableRandom(seed);

  private static Outcome run(ModelFiles files, Scene scene) {
    Journal journal = Journals.create(files, JOURNAL, scene.plan());
    return recovery(files, journal, scene).run();
  }

  private static Recovery recovery(ModelFiles files, Journal journal, Scene scene) {
    ServiceControl service =
        new ServiceControl(ServiceSettings.NONE, Outside.ofProcess(), (path, query) -> List.of());
    return new Recovery(
        journal, files, scene.replacers(), service, Optional::empty, RecoverObserver.NONE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void withoutAFaultTheNewStateIsLive(boolean exchanges) {
    ModelFiles files = new ModelFiles(random, exchanges);
    Scene scene = new Scene(files);
    Map<String, Long> before = files.names();

    Outcome outcome = run(files, scene);

    assertThat(outcome.isRecovered()).isTrue();
    assertThat(files.names()).isEqualTo(scene.after(before));
    files.restart();
    assertThat(files.names()).as("everything is durable").isEqualTo(scene.after(before));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void afterAPowerCutAtAnyCallOldOrNewIsLiveAndNothingElse(boolean exchanges) {
    System.out.println("CrashModelTest seed " + seed);
    boolean reached = true;
    int cuts = 0;
    for (int call = 0; reached; call++) {
      assertThat(call).isLessThan(CALLS_MAX);
      for (int round = 0; round < ROUNDS; round++) {
        Fault fault = random.nextBoolean() ? Fault.CUT_BEFORE : Fault.CUT_AFTER;
        ModelFiles files = new ModelFiles(random.split(), exchanges);
        Scene scene = new Scene(files);
        Map<String, Long> before = files.names();
        files.planFault(call, fault);
        reached = isCut(() -> run(files, scene));
        if (reached) {
          cuts++;
          checkRestart(files, scene, before, exchanges, "seed %d call %d".formatted(seed, call));
        }
      }
    }
    assertThat(cuts).isGreaterThan(200);
  }

  private static boolean isCut(java.util.function.Supplier<Outcome> work) {
    try {
      return work.get().ending().isEmpty();
    } catch (ModelFiles.PowerCut e) {
      return true;
    }
  }

  private void checkRestart(
      ModelFiles files, Scene scene, Map<String, Long> before, boolean exchanges, String where) {
    for (int i = random.nextInt(SECOND_CUTS_MAX); i >= 0; i--) {
      files.restart();
      if (exchanges) {
        assertThat(files.names()).as(where).containsKey("/data/app.db");
      }
      if (i > 0) {
        files.planFault(
            random.nextInt(100), random.nextBoolean() ? Fault.CUT_BEFORE : Fault.CUT_AFTER);
      }
      boolean cut = isCut(() -> finish(files, scene, before, where));
      if (!cut) {
        return;
      }
    }
    throw new AssertionError(where + ": a run that was not cut off did not end");
  }

  /// Goes on or goes back, as another process would.
  private Outcome finish(ModelFiles files, Scene scene, Map<String, Long> before, String where) {
    Optional<Journal> journal = Journals.open(files, JOURNAL);
    if (journal.isEmpty()) {
      assertThat(files.names()).as(where + ": nothing was done").isEqualTo(before);
      return Outcome.recovered();
    }
    if (journal.get().ending().isPresent()) {
      assertThat(files.names())
          .as(where)
          .isEqualTo(
              journal.get().ending().get() == Ending.RECOVERED ? scene.after(before) : before);
      return Outcome.recovered();
    }
    boolean back =
        random.nextBoolean()
            && !journal.get().hasBegun(dev.holdfast.engine.recover.plan.Step.COMMIT);
    Recovery recovery = recovery(files, journal.get(), scene);
    Outcome outcome = back ? recovery.rollBack() : recovery.run();
    if (outcome.ending().isPresent()) {
      assertThat(files.names())
          .as("%s: %s %s", where, outcome, back)
          .isEqualTo(outcome.isRecovered() ? scene.after(before) : before);
    }
    return outcome;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anErrorAtAnyCallEndsInTheOldStateOrTheNewOne(boolean exchanges) {
    System.out.println("CrashModelTest seed " + seed);
    boolean reached = true;
    for (int call = 0; reached; call++) {
      assertThat(call).isLessThan(CALLS_MAX);
      for (Fault fault : List.of(Fault.ERROR_BEFORE, Fault.ERROR_AFTER)) {
        ModelFiles files = new ModelFiles(random.split(), exchanges);
        Scene scene = new Scene(files);
        Map<String, Long> before = files.names();
        files.planFault(call, fault);
        String where = "seed %d call %d %s".formatted(seed, call, fault);
        try {
          Outcome outcome = run(files, scene);
          reached = files.calls() > call;
          if (outcome.ending().isEmpty()) {
            finish(files, scene, before, where);
          } else {
            Map<String, Long> names = files.names();
            // An empty stage folder that cannot be removed is no reason to give the new state up.
            names.keySet().removeIf(name -> outcome.isRecovered() && name.contains("/.holdfast-"));
            assertThat(names)
                .as(where)
                .isEqualTo(outcome.isRecovered() ? scene.after(before) : before);
          }
        } catch (dev.holdfast.repository.error.HoldfastException e) {
          assertThat(files.names())
              .as(where + ": the journal itself")
              .isIn(before, scene.after(before));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void hundredsOfDatabasesTakeAsManySyncsAsTen(boolean exchanges) {
    assertThat(syncs(200, exchanges)).isEqualTo(syncs(10, exchanges)).isLessThan(20);
  }

  private int syncs(int tenants, boolean exchanges) {
    ModelFiles files = new ModelFiles(random, exchanges);
    Scene scene = Scene.ofTenants(files, tenants);
    Map<String, Long> before = files.names();

    assertThat(run(files, scene).isRecovered()).isTrue();

    files.restart();
    assertThat(files.names()).isEqualTo(scene.after(before));
    return files.syncs();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aPowerCutAfterTheProcessWasKilledEndsInTheOldStateOrTheNewOne(boolean exchanges) {
    System.out.println("CrashModelTest seed " + seed);
    boolean reached = true;
    for (int call = 0; reached; call++) {
      assertThat(call).isLessThan(CALLS_MAX);
      for (int round = 0; round < ROUNDS; round++) {
        ModelFiles files = new ModelFiles(random.split(), exchanges);
        Scene scene = new Scene(files);
        Map<String, Long> before = files.names();
        files.planFault(call, Fault.CUT_AFTER);
        reached = isCut(() -> run(files, scene));
        if (reached) {
          String where = "seed %d call %d".formatted(seed, call);
          files.goOn();
          files.planFault(random.nextInt(100), Fault.CUT_AFTER);
          if (isCut(() -> finish(files, scene, before, where))) {
            checkRestart(files, scene, before, exchanges, where);
          }
        }
      }
    }
  }
}
