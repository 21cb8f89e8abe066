package dev.holdfast.repository.lock;

import static dev.holdfast.repository.lock.LockScene.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.error.HoldfastException.InputOutput;
import dev.holdfast.repository.error.HoldfastException.Locked;
import dev.holdfast.repository.format.LockId;
import dev.holdfast.repository.store.Fault;
import dev.holdfast.repository.store.FaultPlan;
import dev.holdfast.repository.store.FaultyStore.Operation;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import java.time.Duration;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LockRefreshTest {
  private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

  private final LockScene scene = new LockScene();
  private final RepositoryLock lock =
      RepositoryLock.acquire(scene.of(ALICE), LockMode.SHARED, Duration.ZERO);

  @AfterEach
  void close() {
    scene.store.follow(FaultPlan.none());
    lock.close();
    scene.close();
  }

  @Test
  void aHeldLockIsRenewedEveryFiveMinutes() throws Exception {
    for (int i = 0; i < 4; i++) {
      LockId before = lock.id();
      OffsetDateTime taken = scene.read(before).time();

      scene.refreshAfter(FIVE_MINUTES);

      assertThat(lock.id()).isNotEqualTo(before);
      assertThat(scene.locks()).containsExactly(lock.id());
      assertThat(scene.read(lock.id()).time())
          .isBetween(taken.plusSeconds(299), taken.plusSeconds(301));
      lock.assertValid();
    }
    lock.close();
    scene.assertNoLocks();
  }

  @Test
  void aFailedRefreshIsToldAndTriedAgain() throws Exception {
    LockId before = lock.id();
    scene.store.follow(FaultPlan.every(Operation.PUT, Fault.ioErrorBefore()));
    scene.refreshAfter(FIVE_MINUTES);
    assertThat(scene.events)
        .singleElement()
        .isInstanceOfSatisfying(
            LockEvent.RefreshFailed.class, event -> assertThat(event.lock()).isEqualTo(before));
    lock.assertValid();

    scene.store.follow(FaultPlan.none());
    scene.refreshAfter(Duration.ofMinutes(1));

    assertThat(lock.id()).isNotEqualTo(before);
    assertThat(scene.locks()).containsExactly(lock.id());
  }

  @Test
  void anOldLockFileThatCannotBeDeletedDoesNotEndTheNewOne() throws Exception {
    scene.store.follow(FaultPlan.nth(Operation.DELETE, 1, Fault.ioErrorBefore()));
    scene.refreshAfter(FIVE_MINUTES);

    assertThat(scene.events).singleElement().isInstanceOf(LockEvent.RefreshFailed.class);
    assertThat(scene.locks()).hasSize(2).contains(lock.id());

    scene.refreshAfter(Duration.ofMinutes(1));
    assertThat(scene.locks()).as("the old file is deleted after all").containsExactly(lock.id());
  }

  @Test
  void whatCouldNotBeRefreshedInTimeIsNoLongerValid() {
    scene.store.follow(FaultPlan.every(Operation.PUT, Fault.ioErrorBefore()));
    scene.time.advance(Duration.ofMinutes(22));
    lock.assertValid();

    scene.time.advance(Duration.ofSeconds(31));
    assertThatThrownBy(lock::assertValid).isInstanceOf(InputOutput.class);
  }

  @Test
  void afterALongSleepOfTheMachineALockThatIsStillThereIsRenewed() {
    LockId before = lock.id();
    scene.time.advance(Duration.ofHours(9));

    assertThatCode(lock::assertValid).doesNotThrowAnyException();

    assertThat(lock.id()).isNotEqualTo(before);
    assertThat(scene.locks()).containsExactly(lock.id());
  }

  @Test
  void afterALongSleepALockThatSomebodyRemovedIsLostForGood() {
    scene.time.advance(Duration.ofHours(9));
    scene.memory.delete(new ObjectKey(ObjectType.LOCK, lock.id().hash()));

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(lock::assertValid).isInstanceOf(Locked.class).hasMessageContaining("lost");
    }
    scene.assertNoLocks();
  }

  @Test
  void aLockRemovedWhileItIsRenewedIsLost() {
    ObjectKey old = new ObjectKey(ObjectType.LOCK, lock.id().hash());
    scene.time.advance(Duration.ofHours(9));
    Runnable removal = () -> scene.memory.delete(old);
    scene.store.follow(call ->
        call.operation() == Operation.PUT ? new Fault.Meanwhile(removal) : new Fault.None());

    assertThatThrownBy(lock::assertValid).isInstanceOf(Locked.class);
    scene.assertNoLocks();
  }
}
