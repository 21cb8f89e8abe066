package dev.holdfast.repository.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.repair.Keepsake;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an interrupt cuts off between the reading of an object and the writing of its copy.
class InterruptedCopyTest {
  @TempDir Path folder;

  @Test
  void interruptIsToldAsSuchAndNotAsAFullDisk() {
    MemoryStore memory = new MemoryStore();
    memory.put(ObjectKey.CONFIG, ByteBuffer.wrap(new byte[] {1}));
    ObjectStore interrupting =
        new ForwardingStore(memory) {
          @Override
          public void read(ObjectKey key, long offset, ByteBuffer target) {
            super.read(key, offset, target);
            Thread.currentThread().interrupt();
          }
        };
    Keepsake keepsake = new Keepsake(folder.resolve("kept"));
    assertThatThrownBy(() -> keepsake.keep(interrupting, ObjectKey.CONFIG))
        .isInstanceOf(HoldfastException.Cancelled.class)
        .hasMessageContaining("it is still there");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(keepsake.keep(memory, ObjectKey.CONFIG)).isTrue();
  }
}
