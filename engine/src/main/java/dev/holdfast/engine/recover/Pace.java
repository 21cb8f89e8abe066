package dev.holdfast.engine.recover;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// How fast a step gets on, measured over its last seconds: what it did before it was slowed down
/// says nothing of when it will be done. Not thread-safe.
public final class Pace {
  /// Twenty of them, half a second apart, are the last ten seconds.
  private static final int SAMPLES_MAX = 20;

  private static final long SAMPLE_NANOS = 500_000_000;
  private static final double NANOS_PER_SECOND = 1e9;

  private final Deque<Sample> samples = new ArrayDeque<>();
  private long doneBytes;
  private long totalBytes;

  private record Sample(long nanos, long bytes) {}

  /// Begins a step.
  ///
  /// @param nanos of a clock such as [System#nanoTime]
  public void begin(long nanos) {
    samples.clear();
    doneBytes = 0;
    totalBytes = 0;
    samples.add(new Sample(nanos, 0));
  }

  /// The step has come this far.
  ///
  /// @param total zero if it is not known
  public void reached(long nanos, long done, long total) {
    doneBytes = done;
    totalBytes = total;
    if (samples.isEmpty() || nanos - samples.getLast().nanos() >= SAMPLE_NANOS) {
      samples.add(new Sample(nanos, done));
      if (samples.size() > SAMPLES_MAX) {
        samples.removeFirst();
      }
    }
  }

  public long doneBytes() {
    return doneBytes;
  }

  /// Zero if it is not known.
  public long totalBytes() {
    return totalBytes;
  }

  /// Zero if nothing was done yet.
  public long bytesPerSecond(long nanos) {
    if (samples.isEmpty() || nanos <= samples.getFirst().nanos()) {
      return 0;
    }
    Sample first = samples.getFirst();
    double seconds = (nanos - first.nanos()) / NANOS_PER_SECOND;
    return Math.round((doneBytes - first.bytes()) / seconds);
  }

  /// Until the step is done; empty if that cannot be told.
  public Optional<Duration> left(long nanos) {
    long rate = bytesPerSecond(nanos);
    return rate == 0 || totalBytes == 0
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds(Math.max(0, totalBytes - doneBytes) / rate));
  }
}
