package dev.holdfast.repository.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.error.HoldfastException.Cancelled;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LimitedStoreTest {
  private static final int RATE = 100_000;
  private static final int OBJECT = 250_000;

  private final ManualTime time = new ManualTime();
  private final Instant start = time.instant();
  private final MemoryStore memory = new MemoryStore();
  private final byte[] bytes = Stored.bytes(1, OBJECT);
  private final ObjectKey key = Stored.key(ObjectType.PACK, bytes);

  private Optional<TransferRate> rate() {
    return Optional.of(
        new TransferRate(RATE, () -> Duration.between(start, time.instant()).toNanos(), time));
  }

  private Duration passed() {
    return Duration.between(start, time.instant());
  }

  @Test
  void writingWaitsUntilTheBytesMayGoAndReadingIsNotHeldUp() {
    LimitedStore store = new LimitedStore(memory, rate(), Optional.empty());

    store.put(key, ByteBuffer.wrap(bytes));
    assertThat(passed()).isEqualTo(Duration.ofMillis(2_500));
    store.put(key, ByteBuffer.wrap(bytes));
    assertThat(passed()).isEqualTo(Duration.ofSeconds(5));

    assertThat(store.get(key)).isEqualTo(bytes);
    assertThat(Stored.read(store, key, 1, OBJECT - 1)).hasSize(OBJECT - 1);
    assertThat(passed()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void readingComesInPiecesOfASecondAndWritingIsNotHeldUp() {
    LimitedStore store = new LimitedStore(memory, Optional.empty(), rate());
    store.put(key, ByteBuffer.wrap(bytes));
    assertThat(passed()).isZero();

    assertThat(Stored.read(store, key, 0, OBJECT)).isEqualTo(bytes);

    assertThat(time.slept())
        .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofMillis(500));
    assertThat(store.get(key)).isEqualTo(bytes);
    assertThat(passed()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void aPauseIsNotMadeUpFor() {
    LimitedStore store = new LimitedStore(memory, rate(), Optional.empty());
    time.advance(Duration.ofHours(1));

    store.put(key, ByteBuffer.wrap(bytes));

    assertThat(time.slept()).containsExactly(Duration.ofMillis(2_500));
  }

  @Test
  void smallObjectsGoAtOnceAndWhatFollowsWaitsForThem() {
    LimitedStore store = new LimitedStore(memory, rate(), rate());
    byte[] lock = Stored.bytes(2, 10_000);
    ObjectKey lockKey = Stored.key(ObjectType.LOCK, lock);

    store.put(lockKey, ByteBuffer.wrap(lock));
    assertThat(store.get(lockKey)).isEqualTo(lock);
    assertThat(time.slept()).isEmpty();

    store.put(key, ByteBuffer.wrap(bytes));
    assertThat(time.slept()).containsExactly(Duration.ofMillis(2_600));
  }

  @Test
  void manyThreadsShareOneRate() throws Exception {
    Object turn = new Object();
    long[] now = {0};
    List<Long> due = new ArrayList<>();
    // Nobody sleeps: what is recorded is when each would have gone on.
    TransferRate rate =
        new TransferRate(
            RATE,
            () -> now[0],
            duration -> {
              synchronized (turn) {
                due.add(duration.toMillis());
              }
            });
    LimitedStore store = new LimitedStore(memory, Optional.of(rate), Optional.empty());
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        running.add(threads.submit(() -> store.put(key, ByteBuffer.wrap(bytes))));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
    List<Long> expected = new ArrayList<>();
    for (long i = 1; i <= 40; i++) {
      expected.add(i * 2_500);
    }
    assertThat(due).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void anInterruptEndsTheWaitingNothingIsSentAndTheBytesAreGivenBack() {
    LimitedStore store = new LimitedStore(memory, rate(), Optional.empty());
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> store.put(key, ByteBuffer.wrap(bytes)))
        .isInstanceOf(Cancelled.class)
        .hasMessageContaining("write " + key);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(memory.exists(key)).isFalse();
    store.put(key, ByteBuffer.wrap(bytes));
    assertThat(passed()).isEqualTo(Duration.ofMillis(2_500));
  }

  /// Coarse, on the real clock: never faster than was asked for, however slow the machine is.
  @Test
  void realTimePasses() {
    TransferRate rate = new TransferRate(1_000_000, System::nanoTime, Sleeper.REAL);
    LimitedStore store = new LimitedStore(memory, Optional.of(rate), Optional.empty());
    long begin = System.nanoTime();

    store.put(key, ByteBuffer.wrap(bytes));
    store.put(key, ByteBuffer.wrap(bytes));

    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isGreaterThanOrEqualTo(Duration.ofMillis(490));
  }

  @Nested
  class Contract implements ObjectStoreContract {
    private final MemoryStore objects = new MemoryStore();
    private final LimitedStore store = new LimitedStore(objects, fast(), fast());

    private static Optional<TransferRate> fast() {
      return Optional.of(new TransferRate(1L << 35, System::nanoTime, Sleeper.REAL));
    }

    @Override
    public ObjectStore store() {
      return store;
    }

    @Override
    public ObjectStore reopened() {
      return objects;
    }
  }
}
