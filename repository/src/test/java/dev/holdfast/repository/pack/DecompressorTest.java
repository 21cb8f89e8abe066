package dev.holdfast.repository.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DecompressorTest {
  private static final int MAX_PLAIN_BYTES = 1 << 20;
  private static final int SIZE_OFFSET = 5;

  private final Decompressor decompressor = new Decompressor();

  @Test
  void contentThatShrinksToAlmostNothingIsOpened() {
    byte[] plain = new byte[MAX_PLAIN_BYTES];
    Arrays.fill(plain, (byte) 'x');
    byte[] frame = Zstd.compress(plain);
    assertThat(frame.length).isLessThan(plain.length / 1000);
    assertThat(decompressor.decompress(frame, 0, frame.length, MAX_PLAIN_BYTES)).isEqualTo(plain);
    assertThatThrownBy(() -> decompressor.decompress(frame, 0, frame.length, MAX_PLAIN_BYTES - 1))
        .isInstanceOf(Corrupt.class)
        .hasMessageContaining("more than");
  }

  @Test
  void contentOfAnotherSizeThanAnnouncedIsRefused() {
    byte[] frame = Zstd.compress(new byte[100_000]);
    assertThat(Zstd.getFrameContentSize(frame)).isEqualTo(100_000);
    for (int announced : new int[] {99_999, 100_001, 1_000_000}) {
      byte[] lying = frame.clone();
      for (int i = 0; i < Integer.BYTES; i++) {
        lying[SIZE_OFFSET + i] = (byte) (announced >>> (Byte.SIZE * i));
      }
      assertThat(Zstd.getFrameContentSize(lying)).isEqualTo(announced);
      assertThatThrownBy(() -> decompressor.decompress(lying, 0, lying.length, MAX_PLAIN_BYTES))
          .isInstanceOf(Corrupt.class);
    }
  }
}
