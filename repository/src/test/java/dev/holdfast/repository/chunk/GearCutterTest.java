package dev.holdfast.repository.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class GearCutterTest {
  private static final long POLYNOMIAL = 0x3DA3358B4DC173L;
  private static final ChunkSizes SIZES = new ChunkSizes(8 * 1024, 13, 64 * 1024);
  private static final int LENGTH = 4_000_000;

  private static byte[] random(long seed) {
    byte[] bytes = new byte[LENGTH];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static List<Integer> lengths(byte[] bytes, long polynomial, Random pieces) {
    GearCutter cutter = new GearCutter(polynomial, SIZES);
    List<Integer> lengths = new ArrayList<>();
    int start = 0;
    int at = 0;
    while (at < bytes.length) {
      int piece = pieces == null ? bytes.length : 1 + pieces.nextInt(40_000);
      int to = Math.min(bytes.length, at + piece);
      while (at < to) {
        int end = cutter.next(bytes, at, to - at);
        if (end == GearCutter.NO_END) {
          at = to;
        } else {
          lengths.add(end - start);
          start = end;
          at = end;
        }
      }
    }
    lengths.add(bytes.length - start);
    return lengths;
  }

  @Test
  void endsDoNotDependOnHowTheBytesArrive() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    byte[] bytes = random(seed);
    assertThat(lengths(bytes, POLYNOMIAL, new Random(seed)))
        .isEqualTo(lengths(bytes, POLYNOMIAL, null));
  }

  @Test
  void chunksHaveTheLengthsThatWereAskedFor() {
    List<Integer> lengths = lengths(random(1), POLYNOMIAL, null);
    assertThat(lengths.subList(0, lengths.size() - 1))
        .allSatisfy(length -> assertThat(length).isBetween(SIZES.minBytes(), SIZES.maxBytes()));
    assertThat(LENGTH / lengths.size()).isBetween(14_000, 19_000);
  }

  @Test
  void bytesThatAllAreEqualAreCutAtTheLongest() {
    assertThat(lengths(new byte[LENGTH], POLYNOMIAL, null).getFirst()).isEqualTo(SIZES.maxBytes());
  }

  @Test
  void insertedBytesChangeTheChunksAroundThemAlone() {
    byte[] bytes = random(2);
    byte[] changed = new byte[LENGTH + 10];
    System.arraycopy(bytes, 0, changed, 0, LENGTH / 2);
    System.arraycopy(bytes, LENGTH / 2, changed, LENGTH / 2 + 10, LENGTH / 2);
    Set<Integer> before = new HashSet<>(fromTheEnd(lengths(bytes, POLYNOMIAL, null)));
    List<Integer> after = fromTheEnd(lengths(changed, POLYNOMIAL, null));
    long moved = after.stream().filter(end -> end < LENGTH / 2 && !before.contains(end)).count();
    assertThat(moved).isLessThan(4);
  }

  private static List<Integer> fromTheEnd(List<Integer> lengths) {
    List<Integer> distances = new ArrayList<>();
    int total = lengths.stream().mapToInt(Integer::intValue).sum();
    int end = 0;
    for (int length : lengths) {
      end += length;
      distances.add(total - end);
    }
    return distances;
  }

  @Test
  void anotherRepositoryCutsElsewhere() {
    byte[] bytes = random(3);
    assertThat(lengths(bytes, POLYNOMIAL + 2, null)).isNotEqualTo(lengths(bytes, POLYNOMIAL, null));
  }

  @Test
  void sizesThatContradictEachOtherAreRejected() {
    assertThatThrownBy(() -> new ChunkSizes(8 * 1024, 16, 64 * 1024))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ChunkSizes(1, 13, 64 * 1024))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
