package dev.holdfast.repository.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.SampleRepository;
import dev.holdfast.repository.crypto.Hasher;
import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.error.HoldfastException.InputOutput;
import dev.holdfast.repository.error.HoldfastException.Locked;
import dev.holdfast.repository.error.HoldfastException.Unsupported;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.PackedBlob;
import dev.holdfast.repository.format.SnapshotId;
import dev.holdfast.repository.index.BlobLocation;
import dev.holdfast.repository.store.Fault;
import dev.holdfast.repository.store.FaultPlan;
import dev.holdfast.repository.store.FaultyStore;
import dev.holdfast.repository.store.MemoryStore;
import dev.holdfast.repository.store.ObjectInfo;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.ObjectType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RepositoryWriterTest {
  private static final WriterOptions SMALL_PACKS =
      WriterOptions.DEFAULT.withPackSizeBytes(WriterOptions.MIN_PACK_BYTES);

  private final MemoryStore store = new MemoryStore();
  private final FaultyStore faulty = new FaultyStore(store, FaultPlan.none());
  private final Repository repository = SampleRepository.init(faulty, 2);

  @AfterEach
  void closeRepository() {
    repository.close();
  }

  @Test
  void aBlobThatIsSavedTwiceIsStoredOnce() {
    byte[] blob = noise(1, 5000);
    try (RepositoryWriter writer = repository.writer(WriterOptions.DEFAULT)) {
      SavedBlob first = writer.save(BlobType.DATA, blob, 0, blob.length);
      SavedBlob second = writer.save(BlobType.DATA, blob, 0, blob.length);
      writer.flush();
      SavedBlob third = writer.save(BlobType.DATA, blob, 0, blob.length);

      assertThat(first.isNew()).isTrue();
      assertThat(second).isEqualTo(new SavedBlob(first.id(), false, 0));
      assertThat(third).isEqualTo(second);
      assertThat(writer.statistics().newDataBlobs()).isOne();
      assertThat(writer.statistics().knownBlobs()).isEqualTo(2);
      assertThat(writer.statistics().addedPlainBytes()).isEqualTo(blob.length);
    }
    assertThat(repository.index().blobCount()).isOne();
  }

  @Test
  void onlyTheRangeThatWasGivenIsStored() {
    byte[] blob = noise(2, 100);
    try (RepositoryWriter writer = repository.writer(WriterOptions.DEFAULT)) {
      SavedBlob saved = writer.save(BlobType.DATA, blob, 10, 50);
      writer.flush();

      assertThat(repository.loadBlob(new BlobHandle(BlobType.DATA, saved.id())))
          .isEqualTo(Arrays.copyOfRange(blob, 10, 60));
    }
  }

  @Test
  void noiseIsStoredUncompressedAndTextCompressed() {
    byte[] text = "holdfast ".repeat(1000).getBytes(StandardCharsets.UTF_8);
    PackedBlob storedNoise = stored(BlobType.DATA, noise(3, 9000));
    PackedBlob storedText = stored(BlobType.DATA, text);

    assertThat(storedNoise.isCompressed()).isFalse();
    assertThat(storedText.uncompressedLengthBytes()).isEqualTo(text.length);
    assertThat(storedText.lengthBytes()).isLessThan(200);
  }

  @Test
  void aTreeIsCompressedEvenWhereThatMakesItLonger() {
    assertThat(stored(BlobType.TREE, noise(4, 40)).isCompressed()).isTrue();
  }

  @Test
  void anEmptyBlobIsRefused() {
    try (RepositoryWriter writer = repository.writer(WriterOptions.DEFAULT)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> writer.save(BlobType.DATA, new byte[5], 5, 0));
    }
  }

  @Test
  void aTreeThatCouldNotBeReadAgainIsRefused() {
    byte[] tree = new byte[Math.toIntExact(Runtime.getRuntime().maxMemory() / 4) + 1];
    try (RepositoryWriter writer = repository.writer(WriterOptions.DEFAULT)) {
      assertThatExceptionOfType(Unsupported.class)
          .isThrownBy(() -> writer.save(BlobType.TREE, tree, 0, tree.length))
          .withMessageContaining(tree.length + " bytes is too large");
    }
  }

  @Test
  void aBlobLargerThanAPackGetsAPackOfItsOwn() {
    byte[] large = noise(5, WriterOptions.MIN_PACK_BYTES + 1000);
    List<byte[]> blobs = List.of(noise(6, 1000), large, noise(7, 1000));

    SnapshotId snapshot = SampleRepository.backUp(repository, blobs, SMALL_PACKS);

    assertThat(SampleRepository.readBack(repository, snapshot))
        .isEqualTo(SampleRepository.join(blobs));
    BlobLocation location = repository.index().find(new BlobHandle(BlobType.DATA, idOf(large)));
    assertThat(repository.index().blobsOf(location.pack())).hasSize(1);
  }

  @Test
  void packsAreNotLongerThanAskedAndNearlyFull() {
    SampleRepository.backUp(repository, SampleRepository.blobs(8, 2000, 20_000), SMALL_PACKS);

    List<Long> lengths = new ArrayList<>();
    store.list(ObjectType.PACK, (ObjectInfo each) -> lengths.add(each.lengthBytes()));
    assertThat(lengths).allMatch(length -> length <= WriterOptions.MIN_PACK_BYTES);
    assertThat(lengths.stream().filter(length -> length < WriterOptions.MIN_PACK_BYTES * 9 / 10))
        .as("two leftovers of data and one of trees")
        .hasSizeLessThanOrEqualTo(3);
  }

  @Test
  void packsThatAreAlmostEmptyAtTheEndAreMerged() {
    SampleRepository.backUp(repository, SampleRepository.blobs(9, 50, 1000), SMALL_PACKS);

    assertThat(faulty.count(FaultyStore.Operation.PUT))
        .as("key, config, data pack, tree pack, index, snapshot")
        .isEqualTo(6);
  }

  @Test
  void anIndexIsWrittenOnTheWayWhenThereAreManyBlobs() {
    byte[] blob = new byte[16];
    int blobs = IndexWriter.MAX_BLOBS + 40_000;
    try (RepositoryWriter writer = repository.writer(SMALL_PACKS)) {
      for (int i = 0; i < blobs; i++) {
        ByteBuffer.wrap(blob).putInt(i);
        writer.save(BlobType.DATA, blob, 0, blob.length);
      }
      writer.flush();
    }

    assertThat(count(store, ObjectType.INDEX)).isEqualTo(2);
    try (Repository again = SampleRepository.open(store)) {
      assertThat(again.index().blobCount()).isEqualTo(blobs);
    }
  }

  @Test
  void threadsThatSaveTheSameBlobsStoreOneCopyOfEach() throws Exception {
    List<byte[]> blobs = SampleRepository.blobs(10, 500, 30_000);
    AtomicInteger added = new AtomicInteger();
    try (RepositoryWriter writer = repository.writer(SMALL_PACKS);
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        running.add(
            threads.submit(() -> {
              for (byte[] blob : blobs) {
                if (writer.save(BlobType.DATA, blob, 0, blob.length).isNew()) {
                  added.incrementAndGet();
                }
              }
            }));
      }
      for (Future<?> one : running) {
        one.get();
      }
      writer.flush();
    }

    assertThat(added).hasValue(blobs.size());
    assertThat(repository.index().blobCount()).isEqualTo(blobs.size());
    for (byte[] blob : blobs) {
      assertThat(repository.loadBlob(new BlobHandle(BlobType.DATA, idOf(blob)))).isEqualTo(blob);
    }
  }

  @Test
  void aFailureInTheBackgroundFailsTheFlushWithTheFirstCause() {
    faulty.follow(FaultPlan.every(FaultyStore.Operation.PUT, Fault.ioErrorBefore()));
    try (RepositoryWriter writer = repository.writer(SMALL_PACKS)) {
      byte[] blob = noise(11, 100);
      writer.save(BlobType.DATA, blob, 0, blob.length);

      assertThatExceptionOfType(InputOutput.class)
          .isThrownBy(writer::flush)
          .withMessage("injected error");
      assertThatExceptionOfType(InputOutput.class)
          .isThrownBy(() -> writer.save(BlobType.DATA, blob, 0, blob.length));
    }
    assertThat(count(store, ObjectType.INDEX)).isZero();
    assertThat(repository.index().blobCount()).isZero();
  }

  @Test
  void afterAFailureANewWriterStoresWhatTheFirstHadClaimed() {
    byte[] blob = noise(12, 100);
    faulty.follow(FaultPlan.every(FaultyStore.Operation.PUT, Fault.ioErrorBefore()));
    try (RepositoryWriter writer = repository.writer(SMALL_PACKS)) {
      writer.save(BlobType.DATA, blob, 0, blob.length);
      assertThatExceptionOfType(InputOutput.class).isThrownBy(writer::flush);
    }
    faulty.follow(FaultPlan.none());

    try (RepositoryWriter writer = repository.writer(SMALL_PACKS)) {
      assertThat(writer.save(BlobType.DATA, blob, 0, blob.length).isNew()).isTrue();
      writer.flush();
    }
    assertThat(repository.loadBlob(new BlobHandle(BlobType.DATA, idOf(blob)))).isEqualTo(blob);
  }

  @Test
  void nothingIsWrittenOnceTheGateIsShut() {
    AtomicBoolean isLost = new AtomicBoolean();
    WriteGate gate =
        () -> {
          if (isLost.get()) {
            throw new Locked("lock was lost", "");
          }
        };
    int putsBefore = faulty.count(FaultyStore.Operation.PUT);
    try (RepositoryWriter writer = repository.writer(SMALL_PACKS.withGate(gate))) {
      byte[] blob = noise(13, 100);
      writer.save(BlobType.DATA, blob, 0, blob.length);
      isLost.set(true);

      assertThatExceptionOfType(Locked.class).isThrownBy(writer::flush);
    }
    assertThat(faulty.count(FaultyStore.Operation.PUT)).isEqualTo(putsBefore);
  }

  @Test
  void packsOnTheirWayAreBoundedWhenTheStoreIsSlow() throws Exception {
    CountDownLatch mayGoOn = new CountDownLatch(1);
    AtomicInteger saved = new AtomicInteger();
    faulty.follow(
        FaultPlan.every(FaultyStore.Operation.PUT, new Fault.Meanwhile(() -> await(mayGoOn))));
    int blobBytes = 1 << 20;
    int bound = (OpenPacks.OPEN + WriterOptions.DEFAULT_PUBLISHES) * SMALL_PACKS.packSizeBytes();
    try (RepositoryWriter writer = repository.writer(SMALL_PACKS)) {
      Thread saver =
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < 40; i++) {
                  writer.save(BlobType.DATA, noise(100 + i, blobBytes), 0, blobBytes);
                  saved.incrementAndGet();
                }
              });
      while (saver.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      assertThat((long) saved.get() * blobBytes).isLessThanOrEqualTo(bound);
      mayGoOn.countDown();
      saver.join();
      writer.flush();
    }
    assertThat(repository.index().blobCount()).isEqualTo(40);
  }

  @Test
  void anInterruptCancelsTheSaveAndLeavesNothingHalfWritten() {
    try (RepositoryWriter writer = repository.writer(SMALL_PACKS)) {
      byte[] blob = noise(14, 100);
      writer.save(BlobType.DATA, blob, 0, blob.length);
      Thread.currentThread().interrupt();

      assertThatExceptionOfType(Cancelled.class)
          .isThrownBy(() -> writer.save(BlobType.DATA, noise(15, 100), 0, 100));
      assertThat(Thread.interrupted()).isTrue();
      assertThatExceptionOfType(Cancelled.class).isThrownBy(writer::flush);
    }
    assertThat(count(store, ObjectType.INDEX)).isZero();
  }

  @Test
  void anInterruptWhileTheFlushWaitsEndsItAndTheBackground() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch reached = new CountDownLatch(1);
    faulty.follow(
        FaultPlan.every(
            FaultyStore.Operation.PUT,
            new Fault.Meanwhile(() -> {
              reached.countDown();
              await(never);
            })));
    AtomicBoolean cancelled = new AtomicBoolean();
    Thread flusher =
        Thread.ofPlatform()
            .start(() -> {
              try (RepositoryWriter writer = repository.writer(SMALL_PACKS)) {
                writer.save(BlobType.DATA, noise(16, 100), 0, 100);
                writer.flush();
              } catch (Cancelled e) {
                cancelled.set(true);
              }
            });
    reached.await();
    flusher.interrupt();
    flusher.join();

    assertThat(cancelled).isTrue();
    assertThat(count(store, ObjectType.PACK)).isZero();
    assertThat(count(store, ObjectType.INDEX)).isZero();
  }

  private PackedBlob stored(BlobType type, byte[] blob) {
    try (RepositoryWriter writer = repository.writer(WriterOptions.DEFAULT)) {
      SavedBlob saved = writer.save(type, blob, 0, blob.length);
      writer.flush();
      BlobHandle handle = new BlobHandle(type, saved.id());
      assertThat(repository.loadBlob(handle)).isEqualTo(blob);
      PackedBlob found = repository.index().find(handle).blob();
      assertThat(saved.storedBytes()).isEqualTo(found.lengthBytes());
      return found;
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int count(ObjectStore store, ObjectType type) {
    AtomicInteger count = new AtomicInteger();
    store.list(type, each -> count.incrementAndGet());
    return count.get();
  }

  private static BlobId idOf(byte[] blob) {
    return new BlobId(Hasher.of(blob));
  }

  private static byte[] noise(long seed, int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }
}
