package dev.holdfast.repository.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.error.HoldfastException.NotFound;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What [ObjectStore] guarantees, for every implementation and every decorator that disturbs
/// nothing.
public interface ObjectStoreContract {
  /// The store under test: empty, created, the same for all calls during one test.
  ObjectStore store();

  /// Another view of the same objects, as another process would open it.
  ObjectStore reopened();

  @ParameterizedTest
  @EnumSource
  default void whatWasPutIsReadBackInEveryWay(ObjectType type) {
    byte[] bytes = Stored.bytes(1, 100_000);
    ObjectKey key = type == ObjectType.CONFIG ? ObjectKey.CONFIG : Stored.key(type, bytes);
    store().put(key, ByteBuffer.wrap(bytes));

    assertThat(reopened().get(key)).isEqualTo(bytes);
    assertThat(reopened().length(key)).isEqualTo(bytes.length);
    assertThat(reopened().exists(key)).isTrue();
    assertThat(Stored.read(reopened(), key, 0, bytes.length)).isEqualTo(bytes);
    assertThat(Stored.list(reopened(), type)).containsExactly(new ObjectInfo(key, bytes.length));
  }

  @ParameterizedTest
  @EnumSource
  default void whatWasNeverPutIsNotFound(ObjectType type) {
    ObjectKey key =
        type == ObjectType.CONFIG ? ObjectKey.CONFIG : Stored.key(type, Stored.bytes(1, 10));

    assertThat(store().exists(key)).isFalse();
    assertThat(Stored.list(store(), type)).isEmpty();
    assertThatThrownBy(() -> store().get(key))
        .isInstanceOf(NotFound.class)
        .hasMessageContaining(key.path());
    assertThatThrownBy(() -> store().length(key)).isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> Stored.read(store(), key, 0, 1)).isInstanceOf(NotFound.class);
    assertThatThrownBy(() -> Stored.read(store(), key, 0, 0)).isInstanceOf(NotFound.class);
  }

  @Test
  default void creatingAgainKeepsTheObjects() {
    ObjectKey key = Stored.put(store(), ObjectType.PACK, Stored.bytes(1, 10));

    store().create();
    reopened().create();

    assertThat(store().exists(key)).isTrue();
  }

  @Test
  default void anEmptyObjectIsAnObject() {
    ObjectKey key = Stored.put(store(), ObjectType.LOCK, new byte[0]);

    assertThat(store().get(key)).isEmpty();
    assertThat(store().length(key)).isZero();
    assertThat(Stored.read(store(), key, 0, 0)).isEmpty();
    assertThat(Stored.list(store(), ObjectType.LOCK)).containsExactly(new ObjectInfo(key, 0));
  }

  @Test
  default void aRangeIsReadAtEveryEdge() {
    byte[] bytes = Stored.bytes(2, 70_001);
    ObjectKey key = Stored.put(store(), ObjectType.PACK, bytes);
    int end = bytes.length;

    for (int[] range :
        new int[][] {
          {0, 0}, {0, 1}, {1, 1}, {0, end}, {end - 1, 1}, {end, 0}, {65_535, 2}, {7, 0}
        }) {
      assertThat(Stored.read(store(), key, range[0], range[1]))
          .as("%d bytes at %d", range[1], range[0])
          .isEqualTo(Stored.slice(bytes, range[0], range[1]));
    }
  }

  @Test
  default void aRangeBeyondTheEndIsCorrupt() {
    ObjectKey key = Stored.put(store(), ObjectType.PACK, Stored.bytes(3, 100));

    for (long[] range :
        new long[][] {{0, 101}, {99, 2}, {100, 1}, {101, 0}, {101, 1}, {Long.MAX_VALUE - 5, 10}}) {
      assertThatThrownBy(() -> Stored.read(store(), key, range[0], Math.toIntExact(range[1])))
          .as("%d bytes at %d", range[1], range[0])
          .isInstanceOf(Corrupt.class)
          .hasMessageContaining(key.path());
    }
  }

  @Test
  default void aNegativeOffsetIsABug() {
    ObjectKey key = Stored.put(store(), ObjectType.PACK, Stored.bytes(3, 100));

    assertThatThrownBy(() -> Stored.read(store(), key, -1, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  default void readingFillsExactlyTheRemainingBytesOfAnyBuffer() {
    byte[] bytes = Stored.bytes(4, 1000);
    ObjectKey key = Stored.put(store(), ObjectType.PACK, bytes);

    for (ByteBuffer target : List.of(ByteBuffer.allocate(100), ByteBuffer.allocateDirect(100))) {
      target.position(10).limit(30);
      store().read(key, 500, target);

      assertThat(target.position()).isEqualTo(30);
      assertThat(target.limit()).isEqualTo(30);
      for (int i = 0; i < 100; i++) {
        assertThat(target.get(i)).isEqualTo(i >= 10 && i < 30 ? bytes[490 + i] : 0);
        target.limit(100);
      }
    }
  }

  @Test
  default void puttingTakesTheRemainingBytesAndLeavesTheBufferAlone() {
    byte[] bytes = Stored.bytes(5, 1000);
    byte[] part = Stored.slice(bytes, 100, 300);
    ObjectKey key = Stored.key(ObjectType.PACK, part);

    for (ByteBuffer content :
        List.of(
            ByteBuffer.wrap(bytes),
            ByteBuffer.wrap(bytes).asReadOnlyBuffer(),
            ByteBuffer.allocateDirect(1000).put(bytes))) {
      content.position(100).limit(400);
      store().put(key, content);

      assertThat(content.position()).isEqualTo(100);
      assertThat(content.limit()).isEqualTo(400);
      assertThat(reopened().get(key)).isEqualTo(part);
    }
  }

  @Test
  default void anObjectOfSeveralMegabytesIsStoredWhole() {
    byte[] bytes = Stored.bytes(6, (17 << 20) + 3);
    ObjectKey key = Stored.put(store(), ObjectType.PACK, bytes);

    assertThat(reopened().get(key)).isEqualTo(bytes);
    assertThat(Stored.read(reopened(), key, 5, bytes.length - 5))
        .isEqualTo(Stored.slice(bytes, 5, bytes.length - 5));
  }

  @Test
  default void puttingTheSameObjectAgainIsHarmless() {
    byte[] bytes = Stored.bytes(7, 1000);
    ObjectKey key = Stored.put(store(), ObjectType.PACK, bytes);
    Stored.put(store(), ObjectType.PACK, bytes);

    assertThat(store().get(key)).isEqualTo(bytes);
    assertThat(Stored.list(store(), ObjectType.PACK))
        .containsExactly(new ObjectInfo(key, bytes.length));
  }

  @Test
  default void puttingReplacesADamagedObjectOfTheSameName() {
    byte[] bytes = Stored.bytes(7, 1000);
    ObjectKey key = Stored.key(ObjectType.PACK, bytes);
    store().put(key, ByteBuffer.wrap(Stored.bytes(8, 1000)));
    store().put(key, ByteBuffer.wrap(bytes));

    assertThat(store().get(key)).isEqualTo(bytes);
  }

  @Test
  default void theConfigIsOverwritten() {
    store().put(ObjectKey.CONFIG, ByteBuffer.wrap(new byte[] {1, 2, 3}));
    store().put(ObjectKey.CONFIG, ByteBuffer.wrap(new byte[] {4}));

    assertThat(reopened().get(ObjectKey.CONFIG)).containsExactly(4);
  }

  @Test
  default void deletingRemovesOneObjectAndMayBeRepeated() {
    ObjectKey gone = Stored.put(store(), ObjectType.SNAPSHOT, Stored.bytes(1, 10));
    ObjectKey kept = Stored.put(store(), ObjectType.SNAPSHOT, Stored.bytes(2, 10));

    store().delete(gone);
    assertThatCode(() -> store().delete(gone)).doesNotThrowAnyException();

    assertThat(reopened().exists(gone)).isFalse();
    assertThatThrownBy(() -> store().get(gone)).isInstanceOf(NotFound.class);
    assertThat(Stored.list(reopened(), ObjectType.SNAPSHOT))
        .containsExactly(new ObjectInfo(kept, 10));
  }

  @Test
  default void aListingTellsTheKindsApart() {
    byte[] bytes = Stored.bytes(9, 20);
    for (ObjectType type : ObjectType.values()) {
      ObjectKey key = type == ObjectType.CONFIG ? ObjectKey.CONFIG : Stored.key(type, bytes);
      store().put(key, ByteBuffer.wrap(bytes));
    }
    for (ObjectType type : ObjectType.values()) {
      assertThat(Stored.list(store(), type))
          .singleElement()
          .satisfies(info -> assertThat(info.key().type()).isEqualTo(type));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PACK", "INDEX"})
  default void aListingShowsEachOfManyObjectsOnce(ObjectType type) {
    Set<ObjectInfo> expected = ConcurrentHashMap.newKeySet();
    for (int i = 0; i < 40; i++) {
      byte[] bytes = Stored.bytes(i, i);
      expected.add(new ObjectInfo(Stored.put(store(), type, bytes), i));
    }

    assertThat(Stored.list(reopened(), type))
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  default void deletingWhatAListingShowsWorksWhileItGoesOn() {
    for (int i = 0; i < 20; i++) {
      Stored.put(store(), ObjectType.LOCK, Stored.bytes(i, 10));
    }
    store().list(ObjectType.LOCK, info -> store().delete(info.key()));

    assertThat(Stored.list(store(), ObjectType.LOCK)).isEmpty();
  }

  @Test
  default void whatTheReceiverOfAListingThrowsComesThrough() {
    Stored.put(store(), ObjectType.LOCK, Stored.bytes(1, 10));

    assertThatThrownBy(() ->
            store()
                .list(
                    ObjectType.LOCK,
                    info -> {
                      throw new IllegalStateException("stop");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("stop");
  }

  @Test
  default void anInterruptedThreadIsToldAndLeavesNothing() {
    byte[] bytes = Stored.bytes(1, 1 << 20);
    ObjectKey there = Stored.put(store(), ObjectType.INDEX, bytes);
    byte[] others = Stored.bytes(2, 1 << 20);
    ObjectKey tried = Stored.key(ObjectType.INDEX, others);

    for (Runnable call :
        List.<Runnable>of(
            () -> store().put(tried, ByteBuffer.wrap(others)),
            () -> store().get(there),
            () -> Stored.read(store(), there, 1, 100))) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(call::run).isInstanceOf(Cancelled.class);
      assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    }
    assertThat(reopened().exists(tried)).isFalse();
    assertThat(Stored.list(reopened(), ObjectType.INDEX))
        .containsExactly(new ObjectInfo(there, bytes.length));
    assertThat(store().get(there)).isEqualTo(bytes);
  }

  @Test
  default void manyThreadsPutReadListAndDeleteAtOnce() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<Boolean>> work = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        int mine = i;
        work.add(() -> useAlone(mine));
      }
      for (Future<Boolean> done : threads.invokeAll(work)) {
        assertThat(done.get()).isTrue();
      }
    }
    assertThat(Stored.list(store(), ObjectType.PACK)).hasSize(8 * 4);
  }

  private boolean useAlone(int mine) {
    for (int i = 0; i < 8; i++) {
      byte[] bytes = Stored.bytes(mine * 1000L + i, 5000 + i);
      ObjectKey key = Stored.put(store(), ObjectType.PACK, bytes);
      assertThat(store().get(key)).isEqualTo(bytes);
      assertThat(Stored.list(store(), ObjectType.PACK)).contains(new ObjectInfo(key, 5000 + i));
      if (i % 2 == 0) {
        store().delete(key);
        assertThat(store().exists(key)).isFalse();
      }
    }
    return true;
  }

  @Test
  default void aReaderSeesAnObjectWholeOrNotAtAll() throws Exception {
    byte[] bytes = Stored.bytes(1, 3 << 20);
    ObjectKey key = Stored.key(ObjectType.PACK, bytes);
    AtomicBoolean done = new AtomicBoolean();
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      List<Future<Integer>> readers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        readers.add(threads.submit(() -> readUntil(done, key, bytes)));
      }
      for (int i = 0; i < 20; i++) {
        store().put(key, ByteBuffer.wrap(bytes));
        store().delete(key);
      }
      done.set(true);
      for (Future<Integer> reader : readers) {
        assertThat(reader.get()).isGreaterThanOrEqualTo(0);
      }
    }
  }

  private int readUntil(AtomicBoolean done, ObjectKey key, byte[] expected) {
    int seen = 0;
    while (!done.get()) {
      for (ObjectInfo info : Stored.list(store(), ObjectType.PACK)) {
        assertThat(info.lengthBytes()).isEqualTo(expected.length);
      }
      try {
        assertThat(store().get(key)).isEqualTo(expected);
        seen++;
      } catch (NotFound e) {
        Thread.onSpinWait(); // it is deleted now and then
      }
    }
    return seen;
  }

  @Test
  default void severalThreadsMayPutTheSameObject() throws Exception {
    byte[] bytes = Stored.bytes(1, 1 << 20);
    ObjectKey key = Stored.key(ObjectType.PACK, bytes);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Callable<Boolean>> work = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        work.add(() -> {
          store().put(key, ByteBuffer.wrap(bytes));
          return store().exists(key);
        });
      }
      for (Future<Boolean> done : threads.invokeAll(work)) {
        assertThat(done.get()).isTrue();
      }
    }
    assertThat(store().get(key)).isEqualTo(bytes);
    assertThat(Stored.list(store(), ObjectType.PACK))
        .containsExactly(new ObjectInfo(key, bytes.length));
  }

  @Test
  default void theLocationIsNamed() {
    assertThat(store().location()).isNotBlank();
  }
}
