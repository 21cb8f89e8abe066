package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Command;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class HeapWatchTest {
  private static final long MIB = 1 << 20;

  /// A process that keeps 40 MB alive while it makes 6 GB that live long enough to become old, and
  /// prints how large its heap became.
  static final class Churning {
    private static final int PIECES = 4_000;
    private static final int PIECE_BYTES = 10_000;
    private static final int TURNS = 150;

    private Churning() {}

    public static void main(String[] arguments) {
      HeapWatch.start();
      byte[][] alive = new byte[PIECES][];
      long most = 0;
      for (int i = 0; i < PIECES * TURNS; i++) {
        alive[i % PIECES] = new byte[PIECE_BYTES];
        most = Math.max(most, Runtime.getRuntime().totalMemory());
      }
      System.out.println(most);
    }
  }

  @Test
  void theHeapStaysSmallAlthoughItMayGrow() {
    String most =
        Command.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xms32m",
                "-Xmx2g",
                "-XX:MaxNewSize=90m",
                "-cp",
                System.getProperty("java.class.path"),
                Churning.class.getName())
            .run()
            .succeeded()
            .output()
            .strip();

    // Without the watch it is all of the 2 GiB.
    assertThat(Long.parseLong(most)).isLessThan(1_200 * MIB);
  }

  @Test
  void whatIsAliveMayGrowByHalfBeforeAllOfItIsCollectedAgain() {
    assertThat(HeapWatch.boundAfter(10 * MIB)).isEqualTo(HeapWatch.USUAL_BYTES);
    assertThat(HeapWatch.boundAfter(400 * MIB)).isEqualTo(600 * MIB);
  }
}
