package dev.holdfast.repository.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kills processes that are publishing, and looks at what they leave.
class LocalStoreCrashTest {
  private static final int KILLS = 12;
  private static final int OBJECT_BYTES = 3 << 20;

  @TempDir Path root;

  /// Puts objects in a loop and says the name of each when it is durable.
  static final class Putting {
    private Putting() {}

    public static void main(String[] arguments) {
      LocalStore store = new LocalStore(Path.of(arguments[0]));
      long seed = Long.parseLong(arguments[1]);
      for (long i = 0; ; i++) {
        byte[] bytes = Stored.bytes(seed + i, OBJECT_BYTES);
        Stored.put(store, ObjectType.PACK, bytes);
        System.out.println(i);
      }
    }
  }

  @Test
  @Tag("slow")
  void aKilledWriterLeavesWholeObjectsOnly() throws Exception {
    long seed = System.nanoTime();
    System.out.println("LocalStoreCrashTest seed " + seed);
    Random random = new Random(seed);
    LocalStore store = new LocalStore(root);
    store.create();
    for (int kill = 0; kill < KILLS; kill++) {
      long first = seed + kill * 1_000_000L;
      long published = killWhilePutting(first, 1 + random.nextInt(4), random.nextInt(40));
      for (long i = 0; i <= published; i++) {
        ObjectKey key = Stored.key(ObjectType.PACK, Stored.bytes(first + i, OBJECT_BYTES));
        assertThat(store.exists(key)).as("object %d was said to be published", i).isTrue();
      }
      for (ObjectInfo info : Stored.list(store, ObjectType.PACK)) {
        assertThat(info.lengthBytes()).isEqualTo(OBJECT_BYTES);
        assertThat(Stored.key(ObjectType.PACK, store.get(info.key()))).isEqualTo(info.key());
        store.delete(info.key());
      }
    }
  }

  /// Kills the child some time after it has published `after` objects, so that moments all over the
  /// publishing of one object are hit.
  private long killWhilePutting(long seed, int after, int thenMillis) throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Putting.class.getName(),
                root.toString(),
                Long.toString(seed))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
      for (int i = 0; i < after; i++) {
        assertThat(out.readLine()).isEqualTo(Integer.toString(i));
      }
      boolean ended = child.waitFor(Duration.ofMillis(thenMillis));
      assertThat(ended).as("the child died by itself").isFalse();
      // By its handle: the process itself would close the stream that tells what it published.
      child.toHandle().destroyForcibly();
      child.waitFor();
      return after - 1L + out.lines().count();
    }
  }
}
