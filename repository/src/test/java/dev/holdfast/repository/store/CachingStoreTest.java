package dev.holdfast.repository.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.repository.store.FaultyStore.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CachingStoreTest {
  private static final byte[] BYTES = Stored.bytes(1, 100_000);

  @TempDir Path base;
  private final MemoryStore memory = new MemoryStore();
  private final FaultyStore counting = new FaultyStore(memory, FaultPlan.none());
  private CachingStore store;

  @BeforeEach
  void identify() {
    memory.put(ObjectKey.CONFIG, ByteBuffer.wrap(new byte[] {1}));
    store = opened();
  }

  private CachingStore opened() {
    CachingStore opened = new CachingStore(counting, base, Clock.systemUTC());
    opened.get(ObjectKey.CONFIG);
    return opened;
  }

  /// A cache changes nothing of what a store does.
  @Nested
  class Contract implements ObjectStoreContract {
    private final MemoryStore below = new MemoryStore();
    private final CachingStore cached = new CachingStore(below, base, Clock.systemUTC());

    @Override
    public ObjectStore store() {
      return cached;
    }

    @Override
    public ObjectStore reopened() {
      return below;
    }
  }

  private List<Path> copies() throws IOException {
    try (Stream<Path> files = Files.walk(base)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.getFileName().toString().length() == 64)
          .toList();
    }
  }

  private byte[] tree(CachingStore from, ObjectKey pack, int offset, int length) {
    byte[] bytes = new byte[length];
    from.readAndKeep(pack, offset, ByteBuffer.wrap(bytes));
    return bytes;
  }

  @Test
  void whatWasReadOnceIsNotFetchedAgain() {
    ObjectKey index = Stored.put(memory, ObjectType.INDEX, BYTES);
    ObjectKey pack = Stored.put(memory, ObjectType.PACK, BYTES);
    int before = counting.count(Operation.GET);
    for (CachingStore each : List.of(store, opened())) {
      assertThat(each.get(index)).isEqualTo(BYTES);
      assertThat(tree(each, pack, 50, 60)).isEqualTo(Stored.slice(BYTES, 50, 60));
      assertThat(tree(each, pack, 0, 10)).isEqualTo(Stored.slice(BYTES, 0, 10));
    }

    assertThat(counting.count(Operation.GET) - before).isEqualTo(3); // and the config of opened()
    assertThat(counting.count(Operation.READ)).isZero();
  }

  @Test
  void whatWasWrittenHereIsNotFetched() {
    ObjectKey snapshot = Stored.put(store, ObjectType.SNAPSHOT, BYTES);
    ObjectKey pack = Stored.key(ObjectType.PACK, BYTES);
    store.putAndKeep(pack, ByteBuffer.wrap(BYTES));
    int before = counting.count(Operation.GET);

    assertThat(store.get(snapshot)).isEqualTo(BYTES);
    assertThat(tree(store, pack, 7, 70)).isEqualTo(Stored.slice(BYTES, 7, 70));
    assertThat(counting.count(Operation.GET)).isEqualTo(before);
  }

  @Test
  void contentsOfFilesAreNotKept() throws Exception {
    ObjectKey pack = Stored.put(store, ObjectType.PACK, BYTES);

    assertThat(Stored.read(store, pack, 0, 10)).isEqualTo(Stored.slice(BYTES, 0, 10));
    assertThat(copies()).isEmpty();
  }

  @Test
  void aDamagedCopyIsFetchedAnew() throws Exception {
    ObjectKey index = Stored.put(memory, ObjectType.INDEX, BYTES);
    ObjectKey pack = Stored.put(memory, ObjectType.PACK, BYTES);
    store.get(index);
    tree(store, pack, 0, 10);
    for (Path copy : copies()) {
      byte[] wrong = Files.readAllBytes(copy);
      wrong[5] ^= 1;
      Files.write(copy, wrong);
    }
    CachingStore later = opened();

    assertThat(later.get(index)).isEqualTo(BYTES);
    assertThat(tree(later, pack, 0, 10)).isEqualTo(Stored.slice(BYTES, 0, 10));
    for (Path copy : copies()) {
      assertThat(Files.readAllBytes(copy)).isEqualTo(BYTES);
    }
  }

  @Test
  void aCacheThatIsDeletedMeanwhileIsMissedByNobody() throws Exception {
    ObjectKey index = Stored.put(memory, ObjectType.INDEX, BYTES);
    ObjectKey pack = Stored.put(memory, ObjectType.PACK, BYTES);
    store.get(index);
    tree(store, pack, 0, 10);
    try (Stream<Path> files = Files.walk(base)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }

    assertThat(store.get(index)).isEqualTo(BYTES);
    assertThat(tree(store, pack, 0, 10)).isEqualTo(Stored.slice(BYTES, 0, 10));
  }

  @Test
  void aCacheThatCannotBeWrittenIsReadAllTheSame() throws Exception {
    ObjectKey index = Stored.put(memory, ObjectType.INDEX, BYTES);
    ObjectKey pack = Stored.put(memory, ObjectType.PACK, BYTES);
    store.get(index);
    tree(store, pack, 0, 10);
    Path tidied = folder().resolve("tidied");
    Files.delete(tidied);
    Files.createDirectory(tidied); // nobody can write this, not even root
    Files.setLastModifiedTime(tidied, FileTime.from(Instant.EPOCH));
    int before = counting.count(Operation.GET);
    CachingStore later = opened();

    assertThat(later.get(index)).isEqualTo(BYTES);
    assertThat(tree(later, pack, 3, 10)).isEqualTo(Stored.slice(BYTES, 3, 10));
    assertThat(counting.count(Operation.GET) - before).isEqualTo(1); // the config of opened()
    assertThat(counting.count(Operation.READ)).isZero();
  }

  @Test
  void aCacheThatTakesNothingDoesNotMakeAWholePackBeFetchedForEachPart() throws Exception {
    ObjectKey pack = Stored.put(memory, ObjectType.PACK, BYTES);
    Files.writeString(folder().resolve("data"), "in the way");
    int before = counting.count(Operation.GET);

    for (int at = 0; at < 3; at++) {
      assertThat(tree(store, pack, at, 10)).isEqualTo(Stored.slice(BYTES, at, 10));
    }
    assertThat(counting.count(Operation.GET) - before).isEqualTo(1);
    assertThat(counting.count(Operation.READ)).isEqualTo(2);
  }

  @Test
  void aLinkInTheCacheIsNotFollowed() throws Exception {
    ObjectKey index = Stored.put(memory, ObjectType.INDEX, BYTES);
    store.get(index);
    Path copy = copies().getFirst();
    Path moved = Files.move(copy, base.resolve("elsewhere"));
    Files.createSymbolicLink(copy, moved);
    int before = counting.count(Operation.GET);

    assertThat(opened().get(index)).isEqualTo(BYTES);
    assertThat(counting.count(Operation.GET) - before).isEqualTo(2); // the config, and the index
    assertThat(copy).isRegularFile();
  }

  private Path folder() throws IOException {
    try (Stream<Path> below = Files.list(base)) {
      return below.filter(Files::isDirectory).findFirst().orElseThrow();
    }
  }

  @Test
  void whatTheStoreNoLongerListsIsForgotten() throws Exception {
    ObjectKey index = Stored.put(store, ObjectType.INDEX, BYTES);
    ObjectKey kept = Stored.put(store, ObjectType.INDEX, Stored.bytes(2, 10));
    memory.delete(index);
    Stored.list(store, ObjectType.INDEX);

    assertThat(copies())
        .singleElement()
        .satisfies(file -> assertThat(file.getFileName()).hasToString(kept.hash().toHex()));
  }

  @Test
  void anotherRepositoryHasCopiesOfItsOwn() {
    ObjectKey index = Stored.put(store, ObjectType.INDEX, BYTES);
    MemoryStore other = new MemoryStore();
    other.put(ObjectKey.CONFIG, ByteBuffer.wrap(new byte[] {2}));
    CachingStore cached = new CachingStore(other, base, Clock.systemUTC());
    cached.get(ObjectKey.CONFIG);

    assertThat(Stored.list(cached, ObjectType.INDEX)).isEmpty();
    assertThat(store.get(index)).isEqualTo(BYTES);
  }

  @Test
  void theOldestCopiesGoWhenTheBoundIsPassed() throws Exception {
    CachingStore small = new CachingStore(counting, base, 300_000, Clock.systemUTC());
    small.get(ObjectKey.CONFIG);
    for (int i = 0; i < 10; i++) {
      Stored.put(small, ObjectType.INDEX, Stored.bytes(i, 100_000));
    }
    long total = 0;
    for (Path copy : copies()) {
      total += Files.size(copy);
    }

    assertThat(total).isLessThanOrEqualTo(600_000);
  }

  @Test
  void repositoriesThatWereNotUsedForAMonthAreCleanedUp() throws Exception {
    Stored.put(store, ObjectType.INDEX, BYTES);
    assertThat(CachingStore.cleanUp(base, Clock.systemUTC())).isZero();
    try (Stream<Path> folders = Files.list(base)) {
      for (Path folder : folders.filter(Files::isDirectory).toList()) {
        Files.setLastModifiedTime(
            folder, FileTime.from(Clock.systemUTC().instant().minus(Duration.ofDays(31))));
      }
    }

    assertThat(CachingStore.cleanUp(base, Clock.systemUTC())).isEqualTo(1);
    assertThat(copies()).isEmpty();
  }

  @Test
  void aCacheThatCannotBeWrittenIsDoneWithout() throws Exception {
    Path file = Files.writeString(base.resolve("file"), "no folder");
    CachingStore none = new CachingStore(counting, file, Clock.systemUTC());
    none.get(ObjectKey.CONFIG);
    ObjectKey index = Stored.put(none, ObjectType.INDEX, BYTES);

    assertThat(none.get(index)).isEqualTo(BYTES);
  }
}
