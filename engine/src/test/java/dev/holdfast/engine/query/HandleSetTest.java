package dev.holdfast.engine.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.Hash;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HandleSetTest {
  private static final int MANY = 50_000;

  @Test
  void setHoldsWhatWasAddedAndNothingElse() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    HandleSet set = new HandleSet();
    Set<BlobHandle> expected = new HashSet<>();
    for (int i = 0; i < MANY; i++) {
      // Few different first words make for long chains.
      BlobId id = new BlobId(new Hash(random.nextInt(1000), random.nextInt(40), 0, 0));
      BlobHandle handle = new BlobHandle(random.nextBoolean() ? BlobType.DATA : BlobType.TREE, id);
      assertThat(set.add(handle)).as("seed %d", seed).isEqualTo(expected.add(handle));
    }
    assertThat(set.size()).isEqualTo(expected.size());
    Set<BlobHandle> found = new HashSet<>();
    set.forEach(found::add);
    assertThat(found).as("seed %d", seed).isEqualTo(expected);
    assertThat(set.contains(new BlobHandle(BlobType.DATA, new BlobId(new Hash(1, 1, 1, 1)))))
        .isFalse();
  }
}
