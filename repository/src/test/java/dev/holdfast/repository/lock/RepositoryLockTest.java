package dev.holdfast.repository.lock;

import static dev.holdfast.repository.lock.LockScene.ALICE;
import static dev.holdfast.repository.lock.LockScene.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.crypto.Hasher;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.error.HoldfastException.InputOutput;
import dev.holdfast.repository.error.HoldfastException.Locked;
import dev.holdfast.repository.format.LockFile;
import dev.holdfast.repository.format.LockId;
import dev.holdfast.repository.store.Fault;
import dev.holdfast.repository.store.FaultPlan;
import dev.holdfast.repository.store.FaultyStore.Operation;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepositoryLockTest {
  private final LockScene scene = new LockScene();

  @AfterEach
  void close() {
    scene.close();
  }

  private RepositoryLock acquire(Holder holder, LockMode mode) {
    return RepositoryLock.acquire(scene.of(holder), mode, Duration.ZERO);
  }

  @Test
  void aLockSaysWhoHoldsItAndIsGoneWhenItIsClosed() {
    RepositoryLock lock = acquire(ALICE, LockMode.EXCLUSIVE);

    LockFile file = scene.read(lock.id());
    assertThat(file.exclusive()).isTrue();
    assertThat(file.hostname()).isEqualTo("db1");
    assertThat(file.username()).isEqualTo("alice");
    assertThat(file.pid()).isEqualTo(100);
    assertThat(file.uid()).isEqualTo(1000);
    assertThat(file.gid()).isEqualTo(1000);
    assertThat(Duration.between(file.time().toInstant(), scene.time.instant()).abs())
        .isLessThan(Duration.ofMinutes(1));
    assertThat(scene.processes.ignoresHangup()).isTrue();
    lock.assertValid();

    lock.close();
    lock.close();
    scene.assertNoLocks();
    assertThatThrownBy(lock::assertValid).isInstanceOf(Locked.class);
  }

  @Test
  void sharedLocksGetAlong() {
    try (RepositoryLock first = acquire(ALICE, LockMode.SHARED);
        RepositoryLock second = acquire(BOB, LockMode.SHARED);
        RepositoryLock third = acquire(BOB, LockMode.SHARED)) {
      assertThat(scene.locks()).containsExactlyInAnyOrder(first.id(), second.id(), third.id());
    }
    scene.assertNoLocks();
  }

  @ParameterizedTest
  @CsvSource({"SHARED,EXCLUSIVE", "EXCLUSIVE,SHARED", "EXCLUSIVE,EXCLUSIVE"})
  void anExclusiveLockExcludesAndIsExcluded(LockMode held, LockMode wanted) {
    try (RepositoryLock lock = acquire(ALICE, held)) {
      scene.time.advance(Duration.ofSeconds(4 * 60 + 2));

      assertThatThrownBy(() -> acquire(BOB, wanted))
          .isInstanceOf(Locked.class)
          .hasMessageContaining(held == LockMode.EXCLUSIVE ? "exclusively" : "for shared use")
          .hasMessageContaining("process 100")
          .hasMessageContaining("user alice")
          .hasMessageContaining("host db1")
          .hasMessageContaining("4 minutes ago")
          .hasMessageContaining(lock.id().hash().toShortHex())
          .satisfies(e -> assertThat(((Locked) e).hint()).contains("--retry-lock"));
      assertThat(scene.locks()).containsExactly(lock.id());
    }
    acquire(BOB, wanted).close();
  }

  @Test
  void aLockOfTheFutureIsToldAsOne() {
    scene.write(new Holder("web", "eve", 7, 0, 0), true, scene.now().plus(Duration.ofHours(10)));

    assertThatThrownBy(() -> acquire(BOB, LockMode.SHARED))
        .isInstanceOf(Locked.class)
        .hasMessageContaining("host web, dated 10 hours from now")
        .satisfies(e -> assertThat(((Locked) e).hint()).contains("clocks", "--remove-all"));
  }

  @Test
  void aLockThatAppearsAtTheSameMomentIsSeenAfterTheWait() {
    LockContext context =
        scene.of(
            ALICE,
            scene.processes,
            duration -> {
              assertThat(duration).isEqualTo(Duration.ofMillis(200));
              scene.write(new Holder("web", "eve", 7, 0, 0), true, scene.now());
            });

    assertThatThrownBy(() -> RepositoryLock.acquire(context, LockMode.SHARED, Duration.ZERO))
        .isInstanceOf(Locked.class)
        .hasMessageContaining("host web");
    assertThat(scene.locks()).hasSize(1);
  }

  @Test
  void aReaderIsToldOfALockOfTheSameMomentBeforeItWritesAnything() {
    CountDownLatch mayLook = new CountDownLatch(1);
    LockContext context = scene.of(ALICE, scene.processes, duration -> mayLook.await());

    try (RepositoryLock lock = RepositoryLock.acquireForReading(context, false)) {
      scene.write(new Holder("web", "eve", 7, 0, 0), true, scene.now());
      mayLook.countDown();

      assertThatThrownBy(lock::assertValid)
          .isInstanceOf(Locked.class)
          .hasMessageContaining("host web");
    }
    assertThat(scene.locks()).hasSize(1);
  }

  @Test
  void aReaderThatFoundNoLocksBeforeIsToldOfOneThatWasWrittenSince() {
    assertThat(RepositoryLock.isFree(scene.store)).isTrue();
    scene.write(new Holder("web", "eve", 7, 0, 0), true, scene.now());
    CountDownLatch mayLook = new CountDownLatch(1);
    LockContext context = scene.of(ALICE, scene.processes, duration -> mayLook.await());

    try (RepositoryLock lock = RepositoryLock.acquireForReading(context, true)) {
      lock.assertHeld();
      mayLook.countDown();

      assertThatThrownBy(lock::assertValid)
          .isInstanceOf(Locked.class)
          .hasMessageContaining("host web");
    }
    assertThat(RepositoryLock.isFree(scene.store)).isFalse();
  }

  @Test
  void aReaderMayWriteOnceItsLockHasSettledAndNeedNotWaitForThatToClose() {
    try (RepositoryLock lock = RepositoryLock.acquireForReading(scene.of(ALICE), false)) {
      lock.assertValid();
      assertThat(scene.time.slept()).containsExactly(RepositoryLock.SETTLE);
    }
    CountDownLatch never = new CountDownLatch(1);
    LockContext context = scene.of(BOB, scene.processes, duration -> never.await());
    RepositoryLock.acquireForReading(context, false).close();
    scene.assertNoLocks();
  }

  @Test
  void waitingTriesAgainWithGrowingPausesUntilTheHolderIsDone() {
    RepositoryLock held = acquire(ALICE, LockMode.EXCLUSIVE);
    LockContext waiting =
        scene.of(
            BOB,
            scene.processes,
            duration -> {
              scene.time.sleep(duration);
              if (scene.time.slept().size() == 5) {
                held.close();
              }
            });

    RepositoryLock.acquire(waiting, LockMode.SHARED, Duration.ofMinutes(10)).close();

    assertThat(scene.time.slept().stream().map(Duration::toSeconds))
        .containsExactly(0L, 5L, 10L, 20L, 40L, 0L);
    assertThat(scene.events)
        .singleElement()
        .isInstanceOfSatisfying(
            LockEvent.Waiting.class,
            event -> assertThat(event.upTo()).isEqualTo(Duration.ofMinutes(10)));
  }

  @Test
  void waitingEndsWithALastAttemptAtTheGivenTime() {
    try (RepositoryLock held = acquire(ALICE, LockMode.EXCLUSIVE)) {
      assertThatThrownBy(
              () -> RepositoryLock.acquire(scene.of(BOB), LockMode.SHARED, Duration.ofMinutes(3)))
          .isInstanceOf(Locked.class);

      assertThat(scene.time.slept().stream().map(Duration::toSeconds))
          .containsExactly(0L, 5L, 10L, 20L, 40L, 60L, 45L);
      assertThat(scene.locks()).containsExactly(held.id());
    }
  }

  @Test
  void anInterruptWhileItIsTakenLeavesNoLock() {
    LockContext context =
        scene.of(
            ALICE,
            scene.processes,
            duration -> {
              throw new InterruptedException();
            });

    assertThatThrownBy(() -> RepositoryLock.acquire(context, LockMode.SHARED, Duration.ZERO))
        .isInstanceOf(Cancelled.class);
    assertThat(Thread.interrupted()).isTrue();
    scene.assertNoLocks();
  }

  @Test
  void anInterruptedThreadReleasesItsLockAndStaysInterrupted() {
    RepositoryLock lock = acquire(ALICE, LockMode.SHARED);

    Thread.currentThread().interrupt();
    lock.close();

    assertThat(Thread.interrupted()).isTrue();
    scene.assertNoLocks();
  }

  @Test
  void anInterruptedThreadDoesNotTryForLongToDeleteALock() {
    LockContext context = scene.of(ALICE);
    LockId left = new LockFolder(context).save(LockMode.SHARED);
    scene.store.follow(
        FaultPlan.every(
            Operation.DELETE, new Fault.Meanwhile(RepositoryLockTest::blockUntilInterrupted)));

    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> new LockFolder(context, Duration.ofMillis(1)).delete(left))
        .isInstanceOf(Cancelled.class);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(scene.locks()).containsExactly(left);
  }

  private static void blockUntilInterrupted() {
    try {
      assertThat(new CountDownLatch(1).await(5, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new Cancelled("interrupted");
    }
  }

  @Test
  void aLockThatCannotBeDeletedIsToldAndDoesNotFailTheWork() {
    RepositoryLock lock = acquire(ALICE, LockMode.SHARED);
    scene.store.follow(FaultPlan.every(Operation.DELETE, Fault.ioErrorBefore()));

    lock.close();

    assertThat(scene.events).singleElement().isInstanceOf(LockEvent.ReleaseFailed.class);
  }

  @Test
  void unreadableLocksAreReadAgainAndThenBlock() {
    byte[] damaged = {2, 3, 4};
    scene.memory.put(
        new ObjectKey(ObjectType.LOCK, ObjectKey.CONFIG.hash()), ByteBuffer.wrap(damaged));

    assertThatThrownBy(() -> acquire(ALICE, LockMode.SHARED))
        .isInstanceOf(Locked.class)
        .hasMessageContaining("cannot be read")
        .satisfies(e -> assertThat(((Locked) e).hint()).contains("unlock --remove-all"));

    assertThat(scene.time.slept().stream().map(Duration::toSeconds)).containsExactly(5L, 10L, 20L);
    assertThat(scene.events)
        .singleElement()
        .isInstanceOfSatisfying(
            LockEvent.ReadingAgain.class,
            told -> assertThat(told.upTo()).isEqualTo(Duration.ofSeconds(35)));
    assertThat(scene.locks()).hasSize(1);
  }

  @Test
  void aLockThatIsWholeAndNoneIsNotWaitedFor() {
    byte[] garbage = {2, 3, 4};
    scene.memory.put(new ObjectKey(ObjectType.LOCK, Hasher.of(garbage)), ByteBuffer.wrap(garbage));

    assertThatThrownBy(() -> acquire(ALICE, LockMode.EXCLUSIVE))
        .isInstanceOf(Locked.class)
        .hasMessageContaining("cannot be read")
        .satisfies(e -> assertThat(((Locked) e).hint()).contains("unlock --remove-all"));

    assertThat(scene.time.slept()).isEmpty();
    assertThat(scene.events).isEmpty();
    assertThat(scene.locks()).hasSize(1);
  }

  @Test
  void aLockThatBecomesReadableIsObeyed() {
    scene.write(BOB, false, scene.now());
    scene.store.follow(FaultPlan.nth(Operation.GET, 1, Fault.ioErrorBefore()));

    acquire(ALICE, LockMode.SHARED).close();

    assertThat(scene.time.slept().stream().map(Duration::toMillis)).containsExactly(5000L, 200L);
  }

  @Test
  void aStoreThatFailsIsNotALock() {
    scene.write(BOB, false, scene.now());
    scene.store.follow(FaultPlan.every(Operation.GET, Fault.ioErrorBefore()));

    assertThatThrownBy(() -> acquire(ALICE, LockMode.SHARED)).isInstanceOf(InputOutput.class);
  }

  @Test
  void emptyLockFilesAreIgnored() {
    scene.memory.put(
        new ObjectKey(ObjectType.LOCK, ObjectKey.CONFIG.hash()), ByteBuffer.allocate(0));

    acquire(ALICE, LockMode.EXCLUSIVE).close();

    assertThat(scene.locks()).hasSize(1);
  }

  @Test
  void aLockThatVanishesWhileItIsReadIsLookedForUnderItsNewName() {
    ObjectKey old = new ObjectKey(ObjectType.LOCK, scene.write(BOB, true, scene.now()).hash());
    Runnable refreshed =
        () -> {
          scene.write(BOB, true, scene.now());
          scene.memory.delete(old);
        };
    scene.store.follow(FaultPlan.nth(Operation.GET, 1, new Fault.Meanwhile(refreshed)));

    assertThatThrownBy(() -> acquire(ALICE, LockMode.SHARED))
        .isInstanceOf(Locked.class)
        .hasMessageContaining("user bob");
    assertThat(scene.time.slept()).isEmpty();
  }

  @Test
  void aFaultAtAnyCallLeavesALockOrNone() {
    acquire(ALICE, LockMode.SHARED).close();
    int calls = scene.store.calls().size();
    assertThat(calls).isGreaterThan(3);
    for (int number = 1; number <= calls; number++) {
      for (Fault fault : List.of(Fault.ioErrorBefore(), Fault.ioErrorAfter())) {
        assertTakenOrRefused(scene.store.calls().size() + number, fault);
      }
    }
  }

  private void assertTakenOrRefused(int number, Fault fault) {
    scene.store.follow(FaultPlan.at(number, fault));
    try (RepositoryLock lock = acquire(ALICE, LockMode.SHARED)) {
      lock.assertValid();
    } catch (HoldfastException e) {
      assertThat(e).isInstanceOf(InputOutput.class);
    }
    Operation operation = scene.store.calls().get(number - 1).operation();
    if (operation != Operation.DELETE && operation != Operation.PUT) {
      scene.assertNoLocks();
    }
    // What could not be deleted, or was stored without our learning of it, ends with the process.
    scene.processes.end(ALICE.pid());
    acquire(BOB, LockMode.EXCLUSIVE).close();
    scene.assertNoLocks();
    scene.processes.start(ALICE.pid(), "10");
  }
}
