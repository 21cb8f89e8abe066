package dev.holdfast.repository.store;

import dev.holdfast.repository.error.HoldfastException.Cancelled;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// A token bucket: so many bytes a second, shared by all threads that move some. Nothing is saved
/// up while nobody moves any, so that no burst follows a pause. Thread-safe.
public final class TransferRate {
  /// More than any network carries; keeps sums of nanoseconds far from their end.
  public static final long MAX_BYTES_PER_SECOND = 1L << 40;

  private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final long bytesPerSecond;
  private final LongSupplier nanoTime;
  private final Sleeper sleeper;

  /// When all that was taken so far has come together, in nanoseconds since [#started].
  private long paidAtNanos;

  private final long started;

  /// @param nanoTime a clock that nobody sets, such as `System::nanoTime`
  public TransferRate(long bytesPerSecond, LongSupplier nanoTime, Sleeper sleeper) {
    if (bytesPerSecond < 1 || bytesPerSecond > MAX_BYTES_PER_SECOND) {
      throw new IllegalArgumentException("bytes per second: " + bytesPerSecond);
    }
    this.bytesPerSecond = bytesPerSecond;
    this.nanoTime = nanoTime;
    this.sleeper = sleeper;
    this.started = nanoTime.getAsLong();
  }

  public long bytesPerSecond() {
    return bytesPerSecond;
  }

  /// Returns when so many bytes may be moved.
  ///
  /// @param doing what is about to be done with them, for messages
  /// @throws Cancelled on an interrupt; the bytes count as not moved then
  public void await(String doing, long bytes) {
    long waitNanos = take(bytes);
    if (waitNanos <= 0) {
      return;
    }
    try {
      sleeper.sleep(Duration.ofNanos(waitNanos));
    } catch (InterruptedException e) {
      giveBack(bytes);
      Thread.currentThread().interrupt();
      throw new Cancelled("interrupted while waiting to " + doing);
    }
  }

  /// Counts bytes that were moved without waiting: whoever moves some next waits for them too.
  public void count(long bytes) {
    take(bytes);
  }

  /// Takes bytes off the bucket; says how long it is until they are in it.
  private synchronized long take(long bytes) {
    long now = nanoTime.getAsLong() - started;
    paidAtNanos = Math.max(paidAtNanos, now) + nanosOf(bytes);
    return paidAtNanos - now;
  }

  private synchronized void giveBack(long bytes) {
    paidAtNanos -= nanosOf(bytes);
  }

  private long nanosOf(long bytes) {
    return (long) (bytes * (NANOS_PER_SECOND / bytesPerSecond));
  }
}
