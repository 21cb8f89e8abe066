package dev.holdfast.repository.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RabinCutterTest {
  private static final long POLYNOMIAL = 0x3DA3358B4DC173L;

  @Test
  void zerosAreCutAtTheLeastLength() {
    assertThat(cuts(new byte[4 * RabinCutter.MIN_BYTES]))
        .containsExactly(
            RabinCutter.MIN_BYTES,
            2 * RabinCutter.MIN_BYTES,
            3 * RabinCutter.MIN_BYTES,
            4 * RabinCutter.MIN_BYTES);
  }

  @Test
  void bytesWithoutAnEndAreCutAtTheGreatestLength() {
    byte[] bytes = new byte[RabinCutter.MAX_BYTES + RabinCutter.MIN_BYTES];
    Arrays.fill(bytes, (byte) 1);
    assertThat(cuts(bytes)).containsExactly(RabinCutter.MAX_BYTES);
  }

  @Test
  void randomBytesAreCutWhereTheDefinitionCuts() {
    long seed = System.nanoTime();
    byte[] bytes = random(seed, 12 << 20);
    assertThat(cuts(bytes)).as("seed %d", seed).isEqualTo(byDefinition(bytes));
  }

  @Test
  void cutsDoNotDependOnThePiecesTheBytesComeIn() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    byte[] bytes = random(seed, 10 << 20);
    RabinCutter cutter = new RabinCutter(POLYNOMIAL);
    List<Integer> cuts = new ArrayList<>();
    int at = 0;
    while (at < bytes.length) {
      int most = random.nextInt(3) == 0 ? 100 : 300_000;
      int length = Math.min(bytes.length - at, 1 + random.nextInt(most));
      byte[] piece = new byte[length + 7];
      System.arraycopy(bytes, at, piece, 5, length);
      int end = cutter.next(piece, 5, length);
      at += end == RabinCutter.NO_END ? length : end - 5;
      if (end != RabinCutter.NO_END) {
        cuts.add(at);
      }
    }
    assertThat(cuts).as("seed %d", seed).isEqualTo(cuts(bytes));
  }

  private static List<Integer> cuts(byte[] bytes) {
    RabinCutter cutter = new RabinCutter(POLYNOMIAL);
    List<Integer> cuts = new ArrayList<>();
    int at = 0;
    while (at < bytes.length) {
      at = cutter.next(bytes, at, bytes.length - at);
      if (at == RabinCutter.NO_END) {
        return cuts;
      }
      cuts.add(at);
    }
    return cuts;
  }

  /// The algorithm of restic's chunker, byte by byte with polynomial arithmetic only.
  private static List<Integer> byDefinition(byte[] bytes) {
    Polynomial polynomial = new Polynomial(POLYNOMIAL);
    long[] leaving = RabinTables.of(polynomial).leaving();
    List<Integer> cuts = new ArrayList<>();
    byte[] window = new byte[RabinCutter.WINDOW_BYTES];
    long digest = 0;
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      int slot = i % window.length;
      digest = new Polynomial(digest << 8 | (bytes[i] & 0xff)).mod(polynomial).bits();
      digest ^= leaving[window[slot] & 0xff];
      window[slot] = bytes[i];
      int length = i + 1 - start;
      if (length >= RabinCutter.MIN_BYTES
          && ((digest & 0xfffff) == 0 || length >= RabinCutter.MAX_BYTES)) {
        cuts.add(i + 1);
        start = i + 1;
      }
    }
    return cuts;
  }

  private static byte[] random(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
