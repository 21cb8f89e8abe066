package dev.holdfast.repository.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.format.PackedBlob;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlobIndexTest {
  private static final int BLOBS_PER_PACK = 1000;
  private static final int SEALED_BYTES = 8192;
  private static final int PLAIN_BYTES = 16_384;

  private final BlobIndex index = new BlobIndex();

  @Test
  void anAddedBlobIsFoundWithEverythingThatWasSaidOfIt() {
    PackedBlob data = new PackedBlob(handle(BlobType.DATA, 1), 0, 133, 0);
    PackedBlob tree = new PackedBlob(handle(BlobType.TREE, 2), 0xffff_0000L, 77, 1234);

    index.addPack(pack(1), List.of(data, tree));

    assertThat(index.find(data.handle())).isEqualTo(new BlobLocation(pack(1), data));
    assertThat(index.find(tree.handle())).isEqualTo(new BlobLocation(pack(1), tree));
    assertThat(index.blobsOf(pack(1))).containsExactly(data, tree);
  }

  @Test
  void aBlobOfTheOtherTypeIsAnotherBlob() {
    index.addPack(pack(1), List.of(new PackedBlob(handle(BlobType.DATA, 1), 0, 100, 0)));

    assertThat(index.contains(handle(BlobType.DATA, 1))).isTrue();
    assertThat(index.contains(handle(BlobType.TREE, 1))).isFalse();
    assertThat(index.find(handle(BlobType.TREE, 1))).isNull();
    assertThat(index.findAll(handle(BlobType.TREE, 1))).isEmpty();
  }

  @Test
  void copiesInSeveralPacksAreAllFound() {
    PackedBlob first = new PackedBlob(handle(BlobType.DATA, 1), 0, 100, 0);
    PackedBlob second = new PackedBlob(handle(BlobType.DATA, 1), 500, 90, 300);

    index.addPack(pack(1), List.of(first));
    index.addPack(pack(2), List.of(second));

    assertThat(index.findAll(first.handle()))
        .containsExactlyInAnyOrder(
            new BlobLocation(pack(1), first), new BlobLocation(pack(2), second));
  }

  @Test
  void aPackThatTwoIndexFilesListIsEnteredOnce() {
    List<PackedBlob> blobs = blobsOfPack(1);
    index.addPack(pack(1), blobs);
    index.addPack(pack(2), blobsOfPack(2));

    index.addPack(pack(1), blobs);

    assertThat(index.blobCount()).isEqualTo(2 * BLOBS_PER_PACK);
    assertThat(index.packCount()).isEqualTo(2);
    assertThat(index.blobsOf(pack(1))).isEqualTo(blobs);
  }

  @Test
  void aPackThatIsSplitOverIndexFilesIsPutTogether() {
    List<PackedBlob> blobs = blobsOfPack(1);
    index.addPack(pack(1), blobs.subList(600, 1000));
    index.addPack(pack(2), blobsOfPack(2));
    index.addPack(pack(1), blobs.subList(0, 100));
    index.addPack(pack(1), blobs.subList(50, 600));

    assertThat(index.blobsOf(pack(1))).isEqualTo(blobs);
    List<PackId> packs = new ArrayList<>();
    index.forEachPack(packs::add);
    assertThat(packs).containsExactlyInAnyOrder(pack(1), pack(2));
  }

  @Test
  void aClaimIsGivenOnceUntilItIsReleased() {
    BlobHandle handle = handle(BlobType.DATA, 1);

    assertThat(index.claim(handle)).isTrue();
    assertThat(index.claim(handle)).isFalse();
    assertThat(index.contains(handle)).isFalse();
    index.release(handle);
    assertThat(index.claim(handle)).isTrue();
    index.addPack(pack(1), List.of(new PackedBlob(handle, 0, 100, 0)));
    assertThat(index.claim(handle)).isFalse();
    index.releaseAll();
    assertThat(index.claim(handle)).isFalse();
  }

  @Test
  void everyBlobIsClaimedByOneOfManyThreadsWhilePacksAreAdded() throws Exception {
    AtomicInteger claimed = new AtomicInteger();
    int packs = 20;
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        running.add(
            threads.submit(() -> {
              for (int pack = 0; pack < packs; pack++) {
                List<PackedBlob> won = new ArrayList<>();
                for (PackedBlob blob : blobsOfPack(pack)) {
                  if (index.claim(blob.handle())) {
                    won.add(blob);
                  }
                }
                claimed.addAndGet(won.size());
                index.addPack(pack(pack), won);
              }
            }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }

    assertThat(claimed).hasValue(packs * BLOBS_PER_PACK);
    assertThat(index.blobCount()).isEqualTo(packs * BLOBS_PER_PACK);
  }

  @ParameterizedTest
  @ValueSource(ints = {786, 787, 1_000_000, 3_150_000})
  void aBlobTakesAtMost64BytesOfMemoryWithWhatIsReserved(int blobs) {
    for (int i = 0; i < blobs / BLOBS_PER_PACK + 1; i++) {
      int count = Math.min(BLOBS_PER_PACK, blobs - i * BLOBS_PER_PACK);
      index.addPack(pack(i), blobsOfPack(i).subList(0, count));
    }

    assertThat(index.blobCount()).isEqualTo(blobs);
    // The first segment and the tables of a small index are not worth a rule.
    long fixedBytes = 50_000;
    assertThat(index.memoryBytes()).isLessThanOrEqualTo(64L * blobs + fixedBytes);
  }

  @Test
  void blobsTakeNothingOfJavasHeap() {
    long before = heapInUse();

    for (int i = 0; i < 1_000_000 / BLOBS_PER_PACK; i++) {
      index.addPack(pack(i), blobsOfPack(i));
    }

    assertThat(index.memoryBytes()).isGreaterThan(50_000_000);
    assertThat(heapInUse() - before).isLessThan(5_000_000);
  }

  private static long heapInUse() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static List<PackedBlob> blobsOfPack(int pack) {
    List<PackedBlob> blobs = new ArrayList<>(BLOBS_PER_PACK);
    for (int i = 0; i < BLOBS_PER_PACK; i++) {
      blobs.add(
          new PackedBlob(
              handle(BlobType.DATA, pack * BLOBS_PER_PACK + i),
              (long) i * SEALED_BYTES,
              SEALED_BYTES,
              PLAIN_BYTES));
    }
    return blobs;
  }

  private static BlobHandle handle(BlobType type, int number) {
    return new BlobHandle(type, new BlobId(hash(number)));
  }

  private static PackId pack(int number) {
    return new PackId(hash(~number));
  }

  private static Hash hash(int number) {
    SplittableRandom random = new SplittableRandom(number);
    return new Hash(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }
}
