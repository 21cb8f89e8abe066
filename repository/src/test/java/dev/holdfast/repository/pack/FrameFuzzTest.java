package dev.holdfast.repository.pack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.repository.crypto.Hasher;
import dev.holdfast.repository.crypto.MasterKey;
import dev.holdfast.repository.crypto.Sealer;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.store.MemoryStore;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import dev.holdfast.testkit.Fuzzer;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

/// Whatever compressed bytes come, they are opened within the bound or refused.
class FrameFuzzTest {
  private static final int MAX_PLAIN_BYTES = 1 << 20;

  @Test
  void framesOfUnknownSizeAreOpenedOrRefused() {
    try (Decompressor decompressor = new Decompressor()) {
      Fuzzer.of(FrameFuzzTest.class, "frame")
          .allowing(Corrupt.class)
          .withMaxAllocatedBytes(4 * MAX_PLAIN_BYTES)
          .run(input ->
              assertThat(decompressor.decompress(input, 0, input.length, MAX_PLAIN_BYTES))
                  .hasSizeLessThanOrEqualTo(MAX_PLAIN_BYTES));
    }
  }

  @Test
  void framesOfKnownSizeAreOpenedOrRefused() {
    byte[] out = new byte[1 + 360 + 1];
    try (Decompressor decompressor = new Decompressor()) {
      Fuzzer.of(FrameFuzzTest.class, "frame")
          .allowing(Corrupt.class)
          .run(input -> {
            decompressor.decompress(input, 0, input.length, out, 1, 360);
            assertThat(out[0]).isZero();
            assertThat(out[361]).isZero();
          });
    }
  }

  @Test
  void sealedFilesAreOpenedOrRefused() {
    SecureRandom random = new SecureRandom();
    MemoryStore store = new MemoryStore();
    try (MasterKey key = MasterKey.generate(random);
        Sealer sealer = new Sealer(key, random);
        UnpackedFiles files = new UnpackedFiles(store, key, random, true)) {
      Fuzzer.of(FrameFuzzTest.class, "unpacked")
          .allowing(Corrupt.class)
          .run(input -> {
            byte[] sealed = sealer.seal(input);
            ObjectKey file = new ObjectKey(ObjectType.SNAPSHOT, Hasher.of(sealed));
            store.put(file, ByteBuffer.wrap(sealed));
            try {
              files.load(file);
            } finally {
              store.delete(file);
            }
          });
    }
  }
}
