package dev.holdfast.engine.recover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.config.recovery.HealthCheck;
import dev.holdfast.engine.recover.FaultsScene.Kind;
import dev.holdfast.engine.recover.files.PosixFiles;
import dev.holdfast.engine.recover.journal.Ending;
import dev.holdfast.engine.recover.plan.Plan;
import dev.holdfast.engine.recover.plan.Step;
import dev.holdfast.engine.recover.service.ServiceSettings;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.store.Fault;
import dev.holdfast.repository.store.FaultPlan;
import dev.holdfast.testkit.PostgresServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The same faults for every kind of data: the end is the old state or the new one, the service
/// runs, the journal is closed, and the message says what it was. `docs/recover-faults.md` is the
/// table of all.
@Tag("slow")
class RecoverFaultsTest {
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofSeconds(60);

  /// Calls that fail, of those that a recovery makes: spread over all of them, others each time.
  private static final int FAULTS = 6;

  private static final int FAULTS_OF_SERVERS = 3;

  private static final List<FaultyFiles.Fault> FAULTS_OF_FILES =
      List.of(FaultyFiles.Fault.values());

  private static PostgresServerProcess server;

  private final long seed = System.nanoTime();
  private final SplittableRandom random = new SplittableRandom(seed);

  @TempDir Path folder;
  private FaultsScene scene;

  @BeforeAll
  static void start() {
    server = PostgresServerProcess.start(15);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private void prepare(Kind kind) throws IOException {
    scene = new FaultsScene(kind, folder, server);
  }

  @AfterEach
  void close() throws IOException {
    scene.close();
  }

  private static RecoverObserver failing(Step step, boolean before) {
    return event -> {
      boolean here =
          before
              ? event instanceof RecoverEvent.Started started && started.step() == step
              : event instanceof RecoverEvent.Done done && done.step() == step;
      if (here) {
        throw new HoldfastException.InputOutput("injected at " + step, "", null);
      }
    };
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"FILES", "MIXED"})
  void aFailureBeforeOrAfterAnyStepLeavesTheOldState(Kind kind) throws IOException {
    prepare(kind);
    for (Step step : Step.values()) {
      for (boolean before : List.of(true, false)) {
        String where = step + (before ? ", before" : ", after");

        Outcome outcome = scene.recover(failing(step, before));

        if (step == Step.COMMIT && !before) {
          scene.assertNew(where);
        } else {
          assertThat(outcome.cause().orElseThrow()).hasMessage("injected at " + step);
          boolean untouched = step.compareTo(before ? Step.QUIESCE : Step.VERIFY) <= 0;
          assertThat(outcome.ending())
              .as(where)
              .contains(untouched ? Ending.UNCHANGED : Ending.ROLLED_BACK);
          scene.assertOld(outcome, where);
          scene.spoil();
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aServiceThatDoesNotStopIsStartedAgainAndNothingIsTouched(Kind kind) throws IOException {
    prepare(kind);
    scene.with(scene.commands("exec sleep 60").withLimits(SHORT, LONG, LONG));

    Outcome outcome = scene.recover(RecoverObserver.NONE);

    assertThat(outcome.ending()).contains(Ending.ROLLED_BACK);
    assertThat(outcome.cause().orElseThrow()).hasMessageContaining("did not end within 1 s");
    assertThat(scene.place().events())
        .noneMatch(
            event -> event instanceof RecoverEvent.Started begun && begun.step() == Step.SWAP);
    scene.assertOld(outcome, "");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aHealthCheckThatFailsBringsTheOldStateAndTheServiceBack(Kind kind) throws IOException {
    prepare(kind);
    HealthCheck never = HealthCheck.of(new HealthCheck.Command(List.of("false")));
    ServiceSettings settings = scene.commands("true");
    scene.with(settings.withHealth(List.of(never)).withLimits(LONG, LONG, SHORT));

    Outcome outcome = scene.recover(RecoverObserver.NONE);

    assertThat(outcome.ending()).contains(Ending.ROLLED_BACK);
    assertThat(outcome.cause().orElseThrow())
        .hasMessageContaining("not well with the recovered data");
    assertThat(scene.asked()).containsExactly("stop", "start", "stop", "start");
    scene.assertOld(outcome, "");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void anErrorOfTheRepositoryAtAnyCallLeavesTheOldState(Kind kind) throws IOException {
    System.out.println("RecoverFaultsTest seed " + seed);
    prepare(kind);
    Plan first = scene.preview().plan();
    int from = scene.place().store().calls().size();
    scene.recover(first, failing(Step.QUIESCE, true));
    int calls = scene.place().store().calls().size() - from;
    scene.spoil();
    for (int call : some(calls, faults(kind))) {
      String where = "seed %d, call %d of %d".formatted(seed, call, calls);
      Plan plan = scene.preview().plan();
      int number = scene.place().store().calls().size() + call;
      Fault fault = random.nextBoolean() ? Fault.ioErrorBefore() : Fault.ioErrorAfter();
      scene.place().store().follow(FaultPlan.at(number, fault));

      Outcome outcome = scene.recover(plan, failing(Step.QUIESCE, true));

      scene.place().store().follow(FaultPlan.none());
      assertThat(outcome.cause().orElseThrow()).as(where).isInstanceOf(HoldfastException.class);
      assertThat(outcome.ending()).as(where).contains(Ending.UNCHANGED);
      scene.assertOld(outcome, where);
    }
  }

  private static int faults(Kind kind) {
    return kind.has(FaultsScene.Part.POSTGRES) ? FAULTS_OF_SERVERS : FAULTS;
  }

  /// Some of the numbers from 1 on, in order, with the first and the last.
  private List<Integer> some(int all, int wanted) {
    List<Integer> numbers = new java.util.ArrayList<>(List.of(1, all));
    for (int i = 0; i < wanted - 2; i++) {
      numbers.add(1 + random.nextInt(all));
    }
    return numbers.stream().distinct().sorted().toList();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aFullDiskOrAMissingRightAtAnyCallEndsInTheOldStateOrTheNewOne(Kind kind) throws IOException {
    System.out.println("RecoverFaultsTest seed " + seed);
    prepare(kind);
    FaultyFiles counting = new FaultyFiles(0, FaultyFiles.Fault.FULL);
    scene.place().with(counting);
    assertThat(scene.recover(RecoverObserver.NONE).isRecovered()).isTrue();
    int calls = counting.calls();
    for (int call : some(calls, faults(kind))) {
      FaultyFiles.Fault fault = FAULTS_OF_FILES.get(random.nextInt(FAULTS_OF_FILES.size()));
      String where = "seed %d, call %d of %d: %s".formatted(seed, call, calls, fault);
      scene.removeAside();
      scene.spoil();
      failAt(call, fault, where);
    }
  }

  private void failAt(int call, FaultyFiles.Fault fault, String where) {
    String said =
        switch (fault) {
          case FULL -> "No space left on device";
          case FORBIDDEN -> "Permission denied";
          case DONE -> "Input/output error";
        };
    scene.place().with(new FaultyFiles(call, fault));
    try {
      Outcome outcome = scene.recover(RecoverObserver.NONE);
      scene.place().with(new PosixFiles());
      if (outcome.isRecovered()) {
        scene.assertNew(where);
        return;
      }
      assertThat(outcome.cause().orElseThrow()).as(where).hasMessageContaining(said);
      scene.rollBackIfOpen();
      scene.assertOld(outcome, where);
    } catch (HoldfastException e) {
      // The journal could not be begun, or not be ended.
      assertThat(e).as(where).hasMessageContaining(said);
      scene.place().with(new PosixFiles());
      boolean isOpen = !scene.place().open().isEmpty();
      if (scene.count().equals("2")) {
        scene.rollBackIfOpen();
        assertThat(scene.count()).as(where).isEqualTo("2");
      } else {
        assertThat(isOpen).as(where + ": " + e.getMessage()).isTrue();
        scene.resume();
        scene.assertNew(where);
      }
    }
  }
}
