package dev.holdfast.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.repository.OpenOptions;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.key.Keyring;
import dev.holdfast.repository.restore.RestoreResult;
import dev.holdfast.repository.store.Fault;
import dev.holdfast.repository.store.FaultPlan;
import dev.holdfast.repository.store.FaultyStore;
import dev.holdfast.repository.store.MemoryStore;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.RetryPolicy;
import dev.holdfast.repository.store.RetryingStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A fault at each call that an operation makes to the store: the operation ends, in success or
/// with an error for people; what was stored before stays; no thread is left at work.
@Tag("slow")
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FaultAtEveryCallTest {
  enum Kind {
    ERROR_BEFORE,
    ERROR_AFTER,
    OUTAGE,
    SHORT_READ,
    FLIPPED_BIT;

    private Fault fault() {
      return switch (this) {
        case ERROR_BEFORE -> Fault.ioErrorBefore();
        case ERROR_AFTER -> Fault.ioErrorAfter();
        case OUTAGE -> Fault.outageBefore();
        case SHORT_READ -> new Fault.Shorten(7);
        case FLIPPED_BIT -> new Fault.FlipBit(1234);
      };
    }

    /// What is stored wrongly is damage; here only what is read is changed.
    FaultPlan at(int number) {
      return call ->
          call.number() == number
                  && !(this == FLIPPED_BIT && call.operation() == FaultyStore.Operation.PUT)
              ? fault()
              : new Fault.None();
    }
  }

  /// Something done to a repository.
  @FunctionalInterface
  interface Work {
    void run(ObjectStore store) throws IOException;
  }

  private static final byte[] NEXT_PASSWORD = "next".getBytes(StandardCharsets.UTF_8);

  @TempDir static Path folder;
  private static FaultScene scene;

  @BeforeAll
  static void makeScene() throws IOException, SQLException {
    scene = new FaultScene(folder);
  }

  /// Runs `work` once for each call that it makes, each time with a fault there.
  private static void atEveryCall(Kind kind, Work work, Work after)
      throws IOException, InterruptedException {
    FaultyStore undisturbed = new FaultyStore(scene.copy(), FaultPlan.none());
    work.run(undisturbed);
    // Which calls are made is a matter of threads too: a few more may come.
    assertThat(undisturbed.calls()).as("config, keys and more").hasSizeGreaterThan(5);
    int calls = undisturbed.calls().size() + 2;
    Set<Thread> threads = Thread.getAllStackTraces().keySet();
    for (int number = 1; number <= calls; number++) {
      MemoryStore store = scene.copy();
      try {
        work.run(new FaultyStore(store, kind.at(number)));
      } catch (HoldfastException expected) {
        assertThat(expected.getMessage()).as("call %d", number).isNotBlank();
      }
      for (Thread thread : Thread.getAllStackTraces().keySet()) {
        if (!threads.contains(thread) && !thread.getName().startsWith("process reaper")) {
          thread.join(TimeUnit.MINUTES.toMillis(1));
          assertThat(thread.isAlive()).as("call %d left %s", number, thread).isFalse();
        }
      }
      after.run(store);
    }
  }

  @ParameterizedTest
  @EnumSource
  void backupEndsAndLeavesTheRepositorySound(Kind kind) throws Exception {
    atEveryCall(
        kind,
        store -> {
          try (Repository repository = FaultScene.open(store)) {
            scene.backUp(repository);
          }
        },
        scene::assertSound);
  }

  @ParameterizedTest
  @EnumSource
  void checkEndsAndChangesNothing(Kind kind) throws Exception {
    atEveryCall(
        kind,
        store -> {
          try (Repository repository = FaultScene.open(store)) {
            FaultScene.check(repository);
          }
        },
        store -> FaultScene.open(store).close());
  }

  @ParameterizedTest
  @EnumSource
  void restoreGivesTheRightBytesOrSaysThatItDidNot(Kind kind) throws Exception {
    int[] runs = new int[1];
    atEveryCall(
        kind,
        store -> {
          Path target = folder.resolve(kind + "-" + runs[0]++);
          try (Repository repository = FaultScene.open(store)) {
            RestoreResult result = scene.restore(repository, target);
            assertThat(result.errors() > 0 || scene.isRestored(target)).isTrue();
          }
        },
        store -> {});
  }

  @ParameterizedTest
  @EnumSource
  void changeOfPasswordLeavesOneThatOpens(Kind kind) throws Exception {
    atEveryCall(
        kind,
        store -> {
          try (Repository repository = FaultScene.open(store)) {
            new Keyring(store, FaultScene.KEYS, Clock.systemUTC(), new SecureRandom())
                .changePassword(repository.key(), NEXT_PASSWORD);
          }
        },
        store -> {
          try {
            FaultScene.open(store).close();
          } catch (HoldfastException.WrongKey changed) {
            Repository.open(store, NEXT_PASSWORD, OpenOptions.DEFAULT).close();
          }
        });
  }

  @ParameterizedTest
  @EnumSource(names = "OUTAGE")
  void outageOfOneCallIsPassedOver(Kind kind) throws Exception {
    FaultyStore undisturbed = new FaultyStore(scene.copy(), FaultPlan.none());
    try (Repository repository = FaultScene.open(undisturbed)) {
      scene.backUp(repository);
    }
    for (int number = 1; number <= undisturbed.calls().size(); number++) {
      ObjectStore patient =
          new RetryingStore(
              new FaultyStore(scene.copy(), kind.at(number)),
              RetryPolicy.DEFAULT,
              retry -> {},
              Clock.systemUTC(),
              duration -> {},
              new Random(number));
      try (Repository repository = FaultScene.open(patient)) {
        assertThat(scene.backUp(repository).problems()).isZero();
      }
    }
  }
}
