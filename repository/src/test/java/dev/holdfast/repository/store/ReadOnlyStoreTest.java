package dev.holdfast.repository.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.error.HoldfastException.Rejected;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ReadOnlyStoreTest {
  private static final byte[] BYTES = Stored.bytes(1, 100);

  private final MemoryStore memory = new MemoryStore();
  private final ObjectKey key = Stored.put(memory, ObjectType.PACK, BYTES);
  private final ReadOnlyStore store = new ReadOnlyStore(memory);

  @Test
  void whatIsThereIsRead() {
    assertThat(store.get(key)).isEqualTo(BYTES);
    assertThat(Stored.read(store, key, 10, 20)).isEqualTo(Stored.slice(BYTES, 10, 20));
    assertThat(store.length(key)).isEqualTo(100);
    assertThat(store.exists(key)).isTrue();
    assertThat(Stored.list(store, ObjectType.PACK)).hasSize(1);
  }

  @Test
  void everyChangeIsRefused() {
    ByteBuffer other = ByteBuffer.wrap(Stored.bytes(2, 100));

    assertThatThrownBy(() -> store.put(ObjectKey.CONFIG, other)).isInstanceOf(Rejected.class);
    assertThatThrownBy(() -> store.delete(key))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining(key.path());
    assertThatThrownBy(store::create).isInstanceOf(Rejected.class);
    assertThat(memory.exists(key)).isTrue();
    assertThat(memory.exists(ObjectKey.CONFIG)).isFalse();
  }
}
