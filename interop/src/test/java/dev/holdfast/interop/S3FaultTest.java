package dev.holdfast.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.interop.FaultyNetwork.Fault;
import dev.holdfast.repository.crypto.Hasher;
import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.error.HoldfastException.Transient;
import dev.holdfast.repository.store.Connecting;
import dev.holdfast.repository.store.ObjectInfo;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.ObjectType;
import dev.holdfast.repository.store.RetryPolicy;
import dev.holdfast.repository.store.RetryingStore;
import dev.holdfast.repository.store.S3Address;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Bad days between us and a real S3 server: every call gets over them, or says what happened, and
/// never takes one thing for another.
@Tag("slow")
class S3FaultTest {
  private static final AtomicInteger BUCKETS = new AtomicInteger();
  private static final byte[] BYTES = bytes(1, 300_000);

  @TempDir static Path folder;
  private static S3Server server;

  private final List<RetryingStore.Retry> retries = new ArrayList<>();
  private FaultyNetwork network;
  private ObjectStore direct;
  private ObjectStore raw;
  private ObjectStore store;
  private ObjectKey there;

  @BeforeAll
  static void start() throws Exception {
    server = S3Server.in(folder);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void open() throws Exception {
    network = new FaultyNetwork(server.port());
    String bucket = "faults-" + BUCKETS.incrementAndGet();
    direct = server.store(bucket, "");
    direct.create();
    there = key(ObjectType.PACK, BYTES);
    direct.put(there, ByteBuffer.wrap(BYTES));
    Connecting impatient =
        new Connecting(
            List.of(),
            Optional.empty(),
            false,
            Optional.empty(),
            Duration.ofMillis(500),
            S3Server.credentials());
    raw = S3Server.store(new S3Address("127.0.0.1:" + network.port(), true, bucket, ""), impatient);
    store =
        new RetryingStore(
            raw,
            new RetryPolicy(4, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMinutes(5)),
            retries::add,
            Clock.systemUTC(),
            wait -> {},
            new SplittableRandom(1));
  }

  @AfterEach
  void close() throws Exception {
    raw.close();
    direct.close();
    network.close();
  }

  private static byte[] bytes(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static ObjectKey key(ObjectType type, byte[] bytes) {
    return new ObjectKey(type, Hasher.of(bytes));
  }

  private void disturbNext(int times, Fault fault) {
    AtomicInteger left = new AtomicInteger(times);
    network.follow(request -> left.getAndDecrement() > 0 ? fault : Fault.NONE);
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "INTERNAL_ERROR",
        "SLOW_DOWN",
        "RESET_BEFORE",
        "RESET_AFTER",
        "TRUNCATED",
        "STALLED",
        "TWICE",
        "WRONG_REQUEST"
      })
  void everyCallGetsOverWhatPasses(Fault fault) {
    for (int times = 1; times <= 3; times++) {
      byte[] fresh = bytes(fault.name().hashCode() + times, 200_000);
      ObjectKey written = key(ObjectType.INDEX, fresh);
      disturbNext(times, fault);
      store.put(written, ByteBuffer.wrap(fresh));
      assertThat(direct.get(written)).isEqualTo(fresh);
      disturbNext(times, fault);
      assertThat(store.get(written)).isEqualTo(fresh);
      disturbNext(times, fault);
      ByteBuffer range = ByteBuffer.allocate(1000);
      store.read(there, 7, range);
      assertThat(range.array()).isEqualTo(Arrays.copyOfRange(BYTES, 7, 1007));
      disturbNext(times, fault);
      assertThat(store.length(there)).isEqualTo(BYTES.length);
      disturbNext(times, fault);
      List<ObjectInfo> listed = new ArrayList<>();
      store.list(ObjectType.INDEX, listed::add);
      assertThat(listed).containsExactly(new ObjectInfo(written, fresh.length));
      disturbNext(times, fault);
      store.delete(written);
      assertThat(direct.exists(written)).isFalse();
      disturbNext(times, fault);
      assertThat(store.exists(written)).isFalse();
    }
    if (fault != Fault.TWICE) {
      assertThat(retries).isNotEmpty();
    }
  }

  @Test
  void whatDoesNotPassIsSaidInTheEnd() {
    network.follow(request -> Fault.SLOW_DOWN);
    assertThatThrownBy(() -> store.get(there))
        .isInstanceOf(Transient.class)
        .hasMessageContaining("SlowDown");
    assertThat(retries).hasSize(3);
  }

  @Test
  void bytesThatChangedOnTheirWayToTheServerAreNeverBelieved() {
    network.follow(request -> Fault.WRONG_REQUEST);
    byte[] fresh = bytes(5, 50_000);
    ObjectKey written = key(ObjectType.SNAPSHOT, fresh);

    assertThatThrownBy(() -> store.put(written, ByteBuffer.wrap(fresh)))
        .isInstanceOf(Transient.class)
        .hasMessageContaining("garbled");

    assertThat(direct.exists(written)).isFalse();
  }

  @Test
  void anAnswerThatConfirmsOtherBytesIsNotBelieved() {
    network.answer(request ->
        request.method().equals("PUT")
            ? Optional.of(HttpMessage.answer("200 OK", "", "ETag: \"" + "0".repeat(32) + "\""))
            : Optional.empty());
    ObjectKey written = key(ObjectType.SNAPSHOT, new byte[] {1, 2, 3});

    assertThatThrownBy(() -> raw.put(written, ByteBuffer.wrap(new byte[] {1, 2, 3})))
        .hasMessageContaining(written.toString());
  }

  @Test
  void anInterruptEndsACallThatStands() throws Exception {
    CountDownLatch standing = new CountDownLatch(1);
    network.follow(request -> {
      standing.countDown();
      return Fault.STALLED;
    });
    AtomicReference<Throwable> outcome = new AtomicReference<>();
    Thread caller =
        Thread.ofPlatform()
            .start(() -> {
              try {
                raw.get(there);
              } catch (RuntimeException e) {
                outcome.set(e);
              }
            });
    standing.await();
    caller.interrupt();
    caller.join();

    assertThat(outcome.get()).isInstanceOfAny(Cancelled.class, Transient.class);
  }
}
