package dev.holdfast.repository.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.error.HoldfastException.InputOutput;
import dev.holdfast.repository.error.HoldfastException.NotFound;
import dev.holdfast.repository.error.HoldfastException.Transient;
import dev.holdfast.repository.store.FaultyStore.Operation;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RetryingStoreTest {
  private static final byte[] BYTES = Stored.bytes(1, 1000);
  private static final RetryPolicy POLICY =
      new RetryPolicy(5, Duration.ofSeconds(1), Duration.ofSeconds(4), Duration.ofMinutes(1));

  private final MemoryStore memory = new MemoryStore();
  private final FaultyStore faulty = new FaultyStore(memory, FaultPlan.none());
  private final ManualTime time = new ManualTime();
  private final List<RetryingStore.Retry> retries = new ArrayList<>();
  private final ObjectKey there = Stored.put(memory, ObjectType.PACK, BYTES);

  private RetryingStore store(RetryPolicy policy) {
    return new RetryingStore(faulty, policy, retries::add, time, time, new SplittableRandom(1));
  }

  @ParameterizedTest
  @EnumSource
  void everyOperationGetsOverOutagesBeforeAndAfterItsEffect(Operation operation) {
    for (Fault outage : List.of(Fault.outageBefore(), Fault.outageAfter())) {
      int next = faulty.count(operation) + 1;
      faulty.follow(call ->
          call.operation() == operation && call.nth() < next + 3 ? outage : new Fault.None());
      run(store(POLICY), operation);
      assertThat(faulty.count(operation)).isEqualTo(next + 3);
    }
    assertThat(retries).hasSize(6);
  }

  private void run(ObjectStore store, Operation operation) {
    switch (operation) {
      case CREATE -> store.create();
      case PUT -> store.put(there, ByteBuffer.wrap(BYTES));
      case GET -> assertThat(store.get(there)).isEqualTo(BYTES);
      case READ ->
          assertThat(Stored.read(store, there, 7, 70)).isEqualTo(Stored.slice(BYTES, 7, 70));
      case LENGTH -> assertThat(store.length(there)).isEqualTo(1000);
      case EXISTS -> assertThat(store.exists(there)).isTrue();
      case LIST -> assertThat(Stored.list(store, ObjectType.PACK)).hasSize(1);
      case DELETE -> {
        store.delete(there);
        assertThat(memory.exists(there)).isFalse();
        memory.put(there, ByteBuffer.wrap(BYTES));
      }
    }
  }

  @Test
  void theWaitsDoubleUpToTheLongestWithinTheirJitter() {
    faulty.follow(FaultPlan.every(Operation.GET, Fault.outageBefore()));

    assertThatThrownBy(() -> store(POLICY).get(there)).isInstanceOf(Transient.class);

    assertThat(faulty.count(Operation.GET)).isEqualTo(5);
    List<Duration> full = List.of(1, 2, 4, 4).stream().map(Duration::ofSeconds).toList();
    assertThat(time.slept()).hasSize(4);
    for (int i = 0; i < 4; i++) {
      assertThat(time.slept().get(i)).isBetween(full.get(i).dividedBy(2), full.get(i));
    }
    assertThat(retries.getFirst().doing()).isEqualTo("read " + there);
    assertThat(retries).extracting(RetryingStore.Retry::attempt).containsExactly(1, 2, 3, 4);
  }

  @Test
  void noAttemptStartsAfterTheTotalTime() {
    faulty.follow(FaultPlan.every(Operation.GET, Fault.outageBefore()));
    RetryPolicy longDelays =
        new RetryPolicy(
            1000, Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(35));

    assertThatThrownBy(() -> store(longDelays).get(there)).isInstanceOf(Transient.class);

    assertThat(time.slept().stream().reduce(Duration.ZERO, Duration::plus))
        .isLessThanOrEqualTo(Duration.ofSeconds(35));
    assertThat(faulty.count(Operation.GET)).isBetween(4, 8);
  }

  @Test
  void whatIsNotTransientIsNotTriedAgain() {
    faulty.follow(FaultPlan.every(Operation.GET, Fault.ioErrorBefore()));
    assertThatThrownBy(() -> store(POLICY).get(there)).isInstanceOf(InputOutput.class);
    faulty.follow(FaultPlan.none());
    assertThatThrownBy(() -> store(POLICY).get(ObjectKey.CONFIG)).isInstanceOf(NotFound.class);

    assertThat(faulty.count(Operation.GET)).isEqualTo(2);
    assertThat(time.slept()).isEmpty();
  }

  @Test
  void aFailureOfTheReceiverOfAListingIsNotTriedAgain() {
    assertThatThrownBy(() ->
            store(POLICY)
                .list(
                    ObjectType.PACK,
                    info -> {
                      throw new Transient("from elsewhere", null);
                    }))
        .isInstanceOf(Transient.class);

    assertThat(faulty.count(Operation.LIST)).isEqualTo(1);
  }

  @Test
  void anInterruptEndsTheWaiting() {
    faulty.follow(FaultPlan.every(Operation.GET, Fault.outageBefore()));
    RetryingStore store =
        new RetryingStore(
            faulty,
            POLICY,
            retries::add,
            time,
            duration -> {
              throw new InterruptedException();
            },
            new SplittableRandom(1));

    assertThatThrownBy(() -> store.get(there)).isInstanceOf(Cancelled.class);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(faulty.count(Operation.GET)).isEqualTo(1);
  }
}
