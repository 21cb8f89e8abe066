package dev.holdfast.repository.lock;

import static dev.holdfast.repository.lock.LockScene.ALICE;
import static dev.holdfast.repository.lock.LockScene.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.error.HoldfastException.Locked;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.LockId;
import dev.holdfast.repository.store.Fault;
import dev.holdfast.repository.store.FaultPlan;
import dev.holdfast.repository.store.FaultyStore.Operation;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What is proven dead is removed; everything else is left and reported.
class DeadLockTest {
  private final LockScene scene = new LockScene();

  @AfterEach
  void close() {
    scene.close();
  }

  /// Leaves a lock of Alice behind as a killed process does.
  private LockId abandoned() {
    return new LockFolder(scene.of(ALICE)).save(LockMode.EXCLUSIVE);
  }

  private void assertRemovedFor(LockContext other) {
    RepositoryLock.acquire(other, LockMode.EXCLUSIVE, Duration.ZERO).close();
    assertThat(scene.events).singleElement().isInstanceOf(LockEvent.DeadLockRemoved.class);
    scene.assertNoLocks();
  }

  private void assertLeftBy(LockContext other, String hint) {
    assertThatThrownBy(() -> RepositoryLock.acquire(other, LockMode.SHARED, Duration.ZERO))
        .isInstanceOf(Locked.class)
        .satisfies(e -> assertThat(((Locked) e).hint()).contains(hint));
    assertThat(scene.locks()).hasSize(1);
    assertThat(scene.events).isEmpty();
  }

  @Test
  void aLockWhoseProcessIsGoneIsRemovedAndTold() {
    LockId id = abandoned();
    scene.processes.end(ALICE.pid());

    assertRemovedFor(scene.of(BOB));
    assertThat(((LockEvent.DeadLockRemoved) scene.events.getFirst()).lock().id()).isEqualTo(id);
  }

  @Test
  void aLockWhoseProcessIdBelongsToAnotherProcessNowIsRemoved() {
    abandoned();
    scene.processes.start(ALICE.pid(), "another start");

    assertRemovedFor(scene.of(BOB));
  }

  @Test
  void ofTheProcessItselfALockOfAnEarlierLifeWithTheSameIdIsRemoved() {
    abandoned();
    scene.processes.start(ALICE.pid(), "another start");

    assertRemovedFor(scene.of(ALICE));
  }

  @Test
  void aLockWhoseProcessLivesIsLeft() {
    abandoned();

    assertLeftBy(scene.of(BOB), "--retry-lock");
    scene.time.advance(Duration.ofHours(1));
    assertLeftBy(scene.of(BOB), "holdfast unlock");
  }

  @Test
  void aLockOfAnotherNamespaceOrBootOrMachineOfTheSameNameIsLeft() {
    abandoned();
    FakeProcesses elsewhere = new FakeProcesses("boot 2").start(BOB.pid(), "20");

    assertLeftBy(scene.of(BOB, elsewhere, scene.time), "holdfast unlock");
  }

  @Test
  void aLockOfAnotherHostIsLeft() {
    abandoned();
    scene.processes.end(ALICE.pid());
    Holder other = new Holder("db2", "bob", 200, 0, 0);

    assertLeftBy(scene.of(other), "--retry-lock");
  }

  @Test
  void aLockOfResticIsLeftEvenIfItsProcessSeemsGone() {
    scene.write(ALICE, true, scene.now());
    scene.processes.end(ALICE.pid());

    assertLeftBy(scene.of(BOB), "holdfast unlock");
  }

  @Test
  void whereThePlaceIsUnknownNothingIsProven() {
    FakeProcesses blind = new FakeProcesses("").start(ALICE.pid(), "10");
    new LockFolder(scene.of(ALICE, blind, scene.time)).save(LockMode.EXCLUSIVE);
    blind.end(ALICE.pid());

    assertLeftBy(scene.of(BOB, blind, scene.time), "holdfast unlock");
  }

  @Test
  void aDeadLockThatCannotBeDeletedCountsAsAnyOther() {
    abandoned();
    scene.processes.end(ALICE.pid());
    scene.store.follow(FaultPlan.every(Operation.DELETE, Fault.ioErrorBefore()));

    assertLeftBy(scene.of(BOB), "holdfast unlock");
  }

  @Test
  void aHostileNameCannotWriteToTheTerminal() {
    scene.write(new Holder("web\u001b[2J\n", "eve\u0007", 1, 0, 0), true, scene.now());

    assertThatThrownBy(() -> RepositoryLock.acquire(scene.of(BOB), LockMode.SHARED, Duration.ZERO))
        .isInstanceOf(Locked.class)
        .message()
        .doesNotContainPattern("\\p{Cntrl}");
  }

  @Test
  void unlockRemovesWhatResticCallsStale() {
    LockId old = scene.write(new Holder("web", "eve", 1, 0, 0), true, scene.now().minusMinutes(31));
    LockId gone = scene.write(new Holder("db1", "eve", 999, 0, 0), false, scene.now());
    LockId young = scene.write(new Holder("web", "eve", 2, 0, 0), false, scene.now());
    LockId alive = scene.write(BOB, false, scene.now());

    assertThat(new Unlock(scene.of(ALICE)).removeStale())
        .extracting(Unlock.Removed::id)
        .containsExactlyInAnyOrder(old, gone);
    assertThat(scene.locks()).containsExactlyInAnyOrder(young, alive);
  }

  @Test
  void unlockRemovesDamagedAndEmptyLocksOnlyWhenAllAreToGo() {
    scene.write(BOB, true, scene.now());
    scene.memory.put(key(1), ByteBuffer.wrap(new byte[] {1, 2, 3}));
    scene.memory.put(key(2), ByteBuffer.allocate(0));
    Unlock unlock = new Unlock(scene.of(ALICE));

    assertThat(unlock.removeStale()).isEmpty();
    List<Unlock.Removed> removed = unlock.removeAll();

    assertThat(removed).hasSize(3);
    assertThat(removed.stream().filter(lock -> lock.file().isPresent())).hasSize(1);
    scene.assertNoLocks();
  }

  private static ObjectKey key(int n) {
    return new ObjectKey(ObjectType.LOCK, new Hash(n, n, n, n));
  }
}
