package dev.holdfast.engine.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.engine.recover.FaultsScene.Kind;
import dev.holdfast.engine.recover.files.PosixFiles;
import dev.holdfast.engine.recover.journal.JournalFolder;
import dev.holdfast.engine.recover.plan.Step;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.testkit.PostgresServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A recovery that was killed goes on without its repository if everything it needs of that is
/// there, and else waits as it is until the repository can be opened or somebody takes it back.
@Tag("slow")
final class RecoverWithoutRepositoryTest {
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

  /// Killed where a step would begin.
  private static String killedBefore(FaultsScene scene, Step step) {
    FaultyFiles files = new FaultyFiles(0, FaultyFiles.Fault.FULL);
    scene.place().with(files);
    assertThatThrownBy(() ->
            scene.recover(event -> {
              if (event instanceof RecoverEvent.Started started && started.step() == step) {
                files.die();
              }
            }))
        .hasMessage("the process has ended");
    scene.place().with(new PosixFiles());
    JournalFolder.Listed open = scene.place().open().getFirst();
    assertThat(open.isInterrupted()).isTrue();
    return open.journal().plan().id();
  }

  private static Recoveries.Means noRepository() {
    return new Recoveries.Means(
        () -> {
          throw refusal();
        },
        () -> {
          throw refusal();
        },
        (_, _) ->
            () -> {
              throw refusal();
            },
        RecoverObserver.NONE);
  }

  private static HoldfastException refusal() {
    return new HoldfastException.WrongKey("wrong password or no key found", "");
  }

  private static byte[] journal(FaultsScene scene) throws IOException {
    return Files.readAllBytes(Path.of(scene.place().open().getFirst().journal().path()));
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"SQLITE", "MIXED"})
  void whatNeedsTheRepositoryWaitsForItAndIsTakenBackWithoutIt(Kind kind) throws IOException {
    Set<Step> steps = EnumSet.of(Step.RESTORE_POINT, Step.STAGE, Step.VERIFY);
    for (Step step : kind == Kind.MIXED ? EnumSet.of(Step.VERIFY) : steps) {
      for (boolean forward : new boolean[] {false, true}) {
        String where = step + (forward ? ", resumed" : ", rolled back");
        Path own = Files.createDirectory(folder.resolve(step + (forward ? "-on" : "-back")));
        try (FaultsScene scene = new FaultsScene(kind, own, server)) {
          String id = killedBefore(scene, step);
          byte[] before = journal(scene);

          assertThatThrownBy(() -> scene.place().recoveries().resume(id, noRepository()))
              .as(where)
              .isInstanceOf(HoldfastException.WrongKey.class);

          assertThat(journal(scene)).as(where).isEqualTo(before);
          assertThat(scene.asked()).as(where).isEmpty();
          if (forward) {
            scene.resume();
            scene.assertNew(where);
          } else {
            Outcome outcome = scene.place().recoveries().rollBack(id, noRepository());
            assertThat(outcome.ending()).as(where).isPresent();
            scene.assertOld(outcome, where);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"SQLITE", "MIXED"})
  void whatIsStagedAndVerifiedGoesLiveWithoutTheRepository(Kind kind) throws IOException {
    Set<Step> steps = EnumSet.range(Step.QUIESCE, Step.COMMIT);
    for (Step step : kind == Kind.MIXED ? EnumSet.of(Step.QUIESCE) : steps) {
      Path own = Files.createDirectory(folder.resolve(step.toString()));
      try (FaultsScene scene = new FaultsScene(kind, own, server)) {
        String id = killedBefore(scene, step);

        Outcome outcome = scene.place().recoveries().resume(id, noRepository());

        assertThat(outcome.isRecovered()).as(step + ": " + outcome.cause()).isTrue();
        scene.assertNew(step.toString());
      }
    }
  }

  @Test
  void aRepositoryThatIsNotTheOneOfThePlanChangesNothing() throws IOException {
    Path first = Files.createDirectory(folder.resolve("first"));
    Path second = Files.createDirectory(folder.resolve("second"));
    try (FaultsScene scene = new FaultsScene(Kind.FILES, first, server);
        Place other = Place.in(second)) {
      String id = killedBefore(scene, Step.STAGE);
      byte[] before = journal(scene);

      assertThatThrownBy(
              () -> scene.place().recoveries().resume(id, other.means(RecoverObserver.NONE)))
          .hasMessageContaining("the recovery is from another repository");

      assertThat(journal(scene)).isEqualTo(before);
      scene.resume();
      scene.assertNew("");
    }
  }
}
