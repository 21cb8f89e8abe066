package dev.holdfast.repository.store;

import dev.holdfast.repository.error.HoldfastException.Transient;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// Tries again what failed for a time, as [Retries] says. As thread-safe as the store below, which
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
  private final Retries retries;

  /// @param onRetry told before each wait, in the thread that waits
  public RetryingStore(
      ObjectStore store,
      RetryPolicy policy,
      Consumer<Retry> onRetry,
      Clock clock,
      Sleeper sleeper,
      RandomGenerator random) {
    this(store, new Retries(policy, onRetry, clock, sleeper, random));
  }

  public RetryingStore(ObjectStore store, Retries retries) {
    this.store = store;
    this.retries = retries;
  }

  @Override
  public String location() {
    return store.location();
  }

  @Override
  public void create() {
    retries.run("create the folders of the repository", store::create);
  }

  @Override
  public void put(ObjectKey key, ByteBuffer content) {
    retries.run("write " + key, () -> store.put(key, content));
  }

  @Override
  public byte[] get(ObjectKey key) {
    return retries.get("read " + key, () -> store.get(key));
  }

  @Override
  public void read(ObjectKey key, long offset, ByteBuffer target) {
    int position = target.position();
    retries.run(
        "read " + key,
        () -> {
          target.position(position);
          store.read(key, offset, target);
        });
  }

  @Override
  public long length(ObjectKey key) {
    return retries.get("look up " + key, () -> store.length(key));
  }

  @Override
  public boolean exists(ObjectKey key) {
    return retries.get("look up " + key, () -> store.exists(key));
  }

  /// Lists into memory first: a second attempt must not show objects twice, and a failure of `each`
  /// is none of the listing.
  @Override
  public void list(ObjectType type, Consumer<ObjectInfo> each) {
    List<ObjectInfo> found =
        retries.get(
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
    retries.run("delete " + key, () -> store.delete(key));
  }

  @Override
  public int connections() {
    return store.connections();
  }

  @Override
  public void extendRetention(ObjectKey key) {
    retries.run("protect " + key, () -> store.extendRetention(key));
  }

  @Override
  public boolean hasRetention() {
    return store.hasRetention();
  }

  @Override
  public Optional<Instant> protectedUntil(ObjectKey key) {
    return retries.get("look up " + key, () -> store.protectedUntil(key));
  }

  @Override
  public ErasedVersions eraseOldVersions() {
    return retries.get("remove older versions", store::eraseOldVersions);
  }

  @Override
  public void close() {
    store.close();
  }
}
