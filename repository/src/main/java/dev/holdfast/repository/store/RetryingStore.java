package dev.holdfast.repository.store;

import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.error.HoldfastException.Transient;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Tries again what failed with [Transient], and nothing else: waits grow exponentially, with
/// jitter, within the bounds of a [RetryPolicy]. When they are used up, the last failure is thrown.
///
/// An interrupt ends the waiting at once with [Cancelled]. As thread-safe as the store below, which
/// it closes.
public final class RetryingStore implements ObjectStore {
  /// Tells that a call failed and when it is tried again.
  ///
  /// @param doing what was tried, such as `write data/ab/ab12…`
  /// @param attempt which attempt failed, from 1
  /// @param delay the wait that now begins
  /// @param failure what happened
  public record Retry(String doing, int attempt, Duration delay, Transient failure) {}

  private final ObjectStore store;
  private final RetryPolicy policy;
  private final Consumer<Retry> onRetry;
  private final Clock clock;
  private final Sleeper sleeper;
  private final RandomGenerator random;

  /// @param onRetry told before each wait, in the thread that waits
  public RetryingStore(
      ObjectStore store,
      RetryPolicy policy,
      Consumer<Retry> onRetry,
      Clock clock,
      Sleeper sleeper,
      RandomGenerator random) {
    this.store = store;
    this.policy = policy;
    this.onRetry = onRetry;
    this.clock = clock;
    this.sleeper = sleeper;
    this.random = random;
  }

  @Override
  public String location() {
    return store.location();
  }

  @Override
  public void create() {
    retry("create the folders of the repository", store::create);
  }

  @Override
  public void put(ObjectKey key, ByteBuffer content) {
    retry("write " + key, () -> store.put(key, content));
  }

  @Override
  public byte[] get(ObjectKey key) {
    return retry("read " + key, () -> store.get(key));
  }

  @Override
  public void read(ObjectKey key, long offset, ByteBuffer target) {
    int position = target.position();
    retry(
        "read " + key,
        () -> {
          target.position(position);
          store.read(key, offset, target);
        });
  }

  @Override
  public long length(ObjectKey key) {
    return retry("look up " + key, () -> store.length(key));
  }

  @Override
  public boolean exists(ObjectKey key) {
    return retry("look up " + key, () -> store.exists(key));
  }

  /// Lists into memory first: a second attempt must not show objects twice, and a failure of `each`
  /// is none of the listing.
  @Override
  public void list(ObjectType type, Consumer<ObjectInfo> each) {
    List<ObjectInfo> found =
        retry(
            "list " + type.folder(),
            () -> {
              List<ObjectInfo> infos = new ArrayList<>();
              store.list(type, infos::add);
              return infos;
            });
    found.forEach(each);
  }

  @Override
  public void delete(ObjectKey key) {
    retry("delete " + key, () -> store.delete(key));
  }

  @Override
  public int connections() {
    return store.connections();
  }

  @Override
  public void extendRetention(ObjectKey key) {
    retry("protect " + key, () -> store.extendRetention(key));
  }

  @Override
  public boolean hasRetention() {
    return store.hasRetention();
  }

  @Override
  public ErasedVersions eraseOldVersions() {
    return retry("remove older versions", store::eraseOldVersions);
  }

  @Override
  public void close() {
    store.close();
  }

  private void retry(String doing, Runnable call) {
    Supplier<Boolean> counted =
        () -> {
          call.run();
          return true;
        };
    retry(doing, counted);
  }

  private <T> T retry(String doing, Supplier<T> call) {
    Instant last = clock.instant().plus(policy.maxTotal());
    for (int attempt = 1; ; attempt++) {
      try {
        return call.get();
      } catch (Transient failure) {
        Duration delay = jittered(policy.delayAfter(attempt));
        if (attempt >= policy.maxAttempts() || clock.instant().plus(delay).isAfter(last)) {
          throw failure;
        }
        onRetry.accept(new Retry(doing, attempt, delay, failure));
        await(doing, delay);
      }
    }
  }

  /// Between half of `delay` and all of it, so that clients that failed together do not return
  /// together.
  private Duration jittered(Duration delay) {
    long nanos = delay.toNanos();
    return Duration.ofNanos(nanos - random.nextLong(nanos / 2 + 1));
  }

  private void await(String doing, Duration delay) {
    try {
      sleeper.sleep(delay);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancelled("interrupted while waiting to " + doing + " once more");
    }
  }
}
