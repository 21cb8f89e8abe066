package dev.holdfast.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Feeds a parser first the committed corpus, every file under `/fuzz/<parser>/` of the test
/// resources, then mutations of it, and fails on whatever the parser may not do: throw anything
/// that is not allowed, allocate too much, take too long.
///
/// The same seed gives the same inputs. `-Dholdfast.fuzz.seed=N` replays one,
/// `-Dholdfast.fuzz.iterations=N` runs longer; an input that fails is stored under `target/fuzz/`,
/// from where it belongs into the corpus. Not thread-safe.
public final class Fuzzer {
  /// Enough to find what is easy to find, in about a second.
  private static final int ITERATIONS = 3_000;

  /// No input of a few kilobytes takes longer, on however slow a machine.
  private static final Duration MAX_TIME = Duration.ofSeconds(10);

  private static final int SHOWN_BYTES = 400;
  private static final long STEP = 0x9E3779B97F4A7C15L;

  /// A parser under test.
  @FunctionalInterface
  public interface Parser {
    void parse(byte[] input) throws Exception;
  }

  private final String name;
  private final List<byte[]> corpus;
  private final List<Class<?>> allowed;
  private final long maxAllocatedBytes;
  private final long seed;

  private Fuzzer(String name, List<byte[]> corpus, List<Class<?>> allowed, long maxAllocatedBytes) {
    this.name = name;
    this.corpus = corpus;
    this.allowed = allowed;
    this.maxAllocatedBytes = maxAllocatedBytes;
    this.seed = Long.getLong("holdfast.fuzz.seed", System.nanoTime());
  }

  /// A fuzzer for the parser with that name.
  ///
  /// @param near a class beside whose resources the corpus lies
  public static Fuzzer of(Class<?> near, String name) {
    return new Fuzzer(name, corpus(near, name), List.of(), 64L << 20);
  }

  /// Which exceptions say that an input is refused.
  public Fuzzer allowing(Class<?>... exceptions) {
    return new Fuzzer(name, corpus, List.of(exceptions), maxAllocatedBytes);
  }

  /// The most that one call may allocate.
  public Fuzzer withMaxAllocatedBytes(long bytes) {
    return new Fuzzer(name, corpus, allowed, bytes);
  }

  /// Runs the corpus and then as many mutations as are asked for.
  public void run(Parser parser) {
    for (int i = 0; i < corpus.size(); i++) {
      attempt(parser, corpus.get(i), "corpus input " + i);
    }
    int iterations = Integer.getInteger("holdfast.fuzz.iterations", ITERATIONS);
    for (int i = 0; i < iterations; i++) {
      attempt(parser, mutation(i), "seed " + seed + ", iteration " + i);
    }
  }

  private byte[] mutation(int iteration) {
    return new Mutation(new SplittableRandom(seed + iteration * STEP), corpus).next();
  }

  private void attempt(Parser parser, byte[] input, String which) {
    long started = System.nanoTime();
    long allocated = allocatedBytes();
    Throwable failure = failureOf(parser, input);
    Duration took = Duration.ofNanos(System.nanoTime() - started);
    long bytes = allocatedBytes() - allocated;
    if (failure != null && allowed.stream().noneMatch(each -> each.isInstance(failure))) {
      throw found(input, which, "threw " + failure, failure);
    }
    if (took.compareTo(MAX_TIME) > 0) {
      throw found(input, which, "took " + took, null);
    }
    if (bytes > maxAllocatedBytes) {
      throw found(input, which, "allocated " + bytes + " bytes", null);
    }
  }

  private static @Nullable Throwable failureOf(Parser parser, byte[] input) {
    try {
      parser.parse(input.clone());
      return null;
    } catch (Exception | Error e) {
      return e;
    }
  }

  private AssertionError found(byte[] input, String which, String what, @Nullable Throwable cause) {
    Path kept = Path.of("target", "fuzz", name, Long.toHexString(seed) + "-" + input.length);
    try {
      Files.createDirectories(kept.getParent());
      Files.write(kept, input);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    int shown = Math.min(input.length, SHOWN_BYTES);
    return new AssertionError(
        "%s %s on %s (kept as %s, replay with -Dholdfast.fuzz.seed=%d): %s"
            .formatted(name, what, which, kept, seed, HexFormat.of().formatHex(input, 0, shown)),
        cause);
  }

  private static long allocatedBytes() {
    return ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean threads
        ? threads.getCurrentThreadAllocatedBytes()
        : 0;
  }

  private static List<byte[]> corpus(Class<?> near, String name) {
    URL folder = near.getResource("/fuzz/" + name);
    if (folder == null) {
      throw new IllegalArgumentException("no corpus /fuzz/" + name);
    }
    try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
      List<byte[]> inputs = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        inputs.add(Files.readAllBytes(file));
      }
      return inputs;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
