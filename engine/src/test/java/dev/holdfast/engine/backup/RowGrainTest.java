package dev.holdfast.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.NodeType;
import org.junit.jupiter.api.Test;

final class RowGrainTest {
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;

  /// A dump that was cut into chunks of about `meanBytes`.
  private static Node dump(long sizeBytes, long meanBytes) {
    BlobIds.Builder ids = new BlobIds.Builder(16);
    for (long i = 0; i < sizeBytes / meanBytes; i++) {
      ids.add(new BlobId(new Hash(i, 0, 0, 0)));
    }
    return Node.builder("database.dump", NodeType.FILE)
        .sizeBytes(sizeBytes)
        .content(ids.build())
        .build();
  }

  private static int mean(long expectedBytes, Node previous) {
    return RowGrain.sizes(expectedBytes, previous).meanBytes();
  }

  @Test
  void chunksDoubleWhenTheDumpGrowsFourfold() {
    assertThat(mean(0, null)).isEqualTo(8 * 1024);
    assertThat(mean(512 * MIB, null)).isEqualTo(8 * 1024);
    assertThat(mean(GIB, null)).isEqualTo(16 * 1024);
    assertThat(mean(3 * GIB, null)).isEqualTo(32 * 1024);
    assertThat(mean(100 * GIB, null)).isEqualTo(128 * 1024);
    assertThat(mean(Long.MAX_VALUE, null)).isEqualTo(1024 * 1024);
  }

  @Test
  void dumpThatGrowsALittleBeyondALimitKeepsItsChunks() {
    assertThat(mean(600 * MIB, dump(600 * MIB, 8_000))).isEqualTo(8 * 1024);
    assertThat(mean(300 * MIB, dump(300 * MIB, 16_000))).isEqualTo(16 * 1024);
  }

  @Test
  void dumpFarBeyondALimitIsCutAnew() {
    assertThat(mean(1_100 * MIB, dump(1_100 * MIB, 8_000))).isEqualTo(16 * 1024);
    assertThat(mean(200 * MIB, dump(200 * MIB, 16_000))).isEqualTo(8 * 1024);
  }

  @Test
  void stepIsReadOffTheMeanEvenIfItIsNotMetExactly() {
    assertThat(mean(GIB, dump(GIB, 12_500))).isEqualTo(16 * 1024);
    assertThat(mean(GIB, dump(GIB, 23_500))).isEqualTo(16 * 1024);
  }

  @Test
  void dumpThatResticCutIsCutAnew() {
    assertThat(mean(GIB, dump(GIB, 1_600_000))).isEqualTo(16 * 1024);
  }
}
