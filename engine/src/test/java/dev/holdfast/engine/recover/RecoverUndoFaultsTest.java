package dev.holdfast.engine.recover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.recover.FaultsScene.Kind;
import dev.holdfast.engine.recover.plan.Plan;
import dev.holdfast.engine.recover.plan.Step;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.testkit.PostgresServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// An undo that fails leaves what was recovered, the safety copies where they were, and nothing
/// open: it can be tried again.
@Tag("slow")
final class RecoverUndoFaultsTest {
  private static PostgresServerProcess server;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    server = PostgresServerProcess.start(15);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"SQLITE", "MIXED"})
  void aFailureBeforeOrAfterAnyStepLeavesWhatWasRecovered(Kind kind) throws IOException {
    try (FaultsScene scene = new FaultsScene(kind, folder, server)) {
      Plan done = scene.preview().plan();
      assertThat(scene.recover(done, RecoverObserver.NONE).isRecovered()).isTrue();
      for (Step step : steps(kind)) {
        for (boolean before : List.of(true, false)) {
          String where = step + (before ? ", before" : ", after");
          Plan undo = scene.place().recoveries().planUndo(done.id());

          Outcome outcome = scene.place().recoveries().undo(undo, failing(step, before));

          assertThat(outcome.obstacle()).as(where).isEmpty();
          assertThat(outcome.cause().orElseThrow()).hasMessage("injected at " + step);
          scene.assertNew(where);
        }
      }
      Plan undo = scene.place().recoveries().planUndo(done.id());
      assertThat(scene.place().recoveries().undo(undo, RecoverObserver.NONE).isRecovered())
          .isTrue();
      assertThat(scene.count()).isEqualTo("2");
    }
  }

  /// Those from which on there is something to take back.
  private static Set<Step> steps(Kind kind) {
    return kind == Kind.MIXED
        ? EnumSet.of(Step.QUIESCE, Step.START)
        : EnumSet.range(Step.VALIDATE, Step.START);
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
}
