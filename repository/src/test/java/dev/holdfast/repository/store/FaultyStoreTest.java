package dev.holdfast.repository.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.error.HoldfastException.InputOutput;
import dev.holdfast.repository.store.FaultyStore.Call;
import dev.holdfast.repository.store.FaultyStore.Operation;
import java.nio.ByteBuffer;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

class FaultyStoreTest {
  private static final byte[] BYTES = Stored.bytes(1, 100);

  private final MemoryStore memory = new MemoryStore();
  private final ObjectKey key = Stored.put(memory, ObjectType.PACK, BYTES);
  private final FaultyStore store = new FaultyStore(memory, FaultPlan.none());

  @Test
  void callsAreRecordedInOrderAndCountedPerOperation() {
    store.create();
    store.get(key);
    store.get(key);
    store.delete(key);

    assertThat(store.calls())
        .containsExactly(
            new Call(1, Operation.CREATE, 1, null),
            new Call(2, Operation.GET, 1, key),
            new Call(3, Operation.GET, 2, key),
            new Call(4, Operation.DELETE, 1, key));
  }

  @Test
  void aFaultBeforeLeavesNothingAndAFaultAfterLeavesTheEffect() {
    ByteBuffer content = ByteBuffer.wrap(BYTES);
    store.follow(FaultPlan.at(1, Fault.ioErrorBefore()));
    assertThatThrownBy(() -> store.put(ObjectKey.CONFIG, content)).isInstanceOf(InputOutput.class);
    assertThat(memory.exists(ObjectKey.CONFIG)).isFalse();

    store.follow(FaultPlan.at(2, Fault.ioErrorAfter()));
    assertThatThrownBy(() -> store.put(ObjectKey.CONFIG, content)).isInstanceOf(InputOutput.class);
    assertThat(memory.get(ObjectKey.CONFIG)).isEqualTo(BYTES);
  }

  @Test
  void aDiskThatIsGoneStaysGone() {
    store.follow(FaultPlan.from(2, Fault.ioErrorBefore()));

    store.get(key);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> store.exists(key)).isInstanceOf(HoldfastException.class);
    }
  }

  @Test
  void oneBitIsTurnedInWhatIsRead() {
    store.follow(FaultPlan.every(Operation.GET, new Fault.FlipBit(805)));
    assertThat(differingBits(store.get(key), BYTES)).containsExactly(5);

    store.follow(FaultPlan.every(Operation.READ, new Fault.FlipBit(3)));
    assertThat(differingBits(Stored.read(store, key, 20, 10), Stored.slice(BYTES, 20, 10)))
        .containsExactly(3);
    assertThat(memory.get(key)).isEqualTo(BYTES);
  }

  @Test
  void oneBitIsTurnedInWhatIsStoredAndTheCallerKeepsItsBytes() {
    byte[] mine = BYTES.clone();
    store.follow(FaultPlan.nth(Operation.PUT, 1, new Fault.FlipBit(-1)));
    store.put(ObjectKey.CONFIG, ByteBuffer.wrap(mine));

    assertThat(mine).isEqualTo(BYTES);
    assertThat(differingBits(memory.get(ObjectKey.CONFIG), BYTES)).hasSize(1);
  }

  @Test
  void aShortObjectIsShortInEveryWay() {
    store.follow(call -> new Fault.Shorten(30));

    assertThat(store.get(key)).isEqualTo(Stored.slice(BYTES, 0, 70));
    assertThat(store.length(key)).isEqualTo(70);
    assertThatThrownBy(() -> Stored.read(store, key, 0, 100)).isInstanceOf(Corrupt.class);
  }

  @Test
  void somethingElseCanHappenMeanwhile() {
    store.follow(FaultPlan.nth(Operation.GET, 1, new Fault.Meanwhile(() -> memory.delete(key))));

    assertThatThrownBy(() -> store.get(key)).isInstanceOf(HoldfastException.NotFound.class);
  }

  private static int[] differingBits(byte[] a, byte[] b) {
    BitSet difference = BitSet.valueOf(a);
    difference.xor(BitSet.valueOf(b));
    return difference.stream().toArray();
  }
}
