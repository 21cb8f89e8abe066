package dev.holdfast.repository.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.SampleRepository;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.error.HoldfastException.Locked;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.SnapshotId;
import dev.holdfast.repository.index.BlobLocation;
import dev.holdfast.repository.lock.LockContext;
import dev.holdfast.repository.lock.LockMode;
import dev.holdfast.repository.lock.RepositoryLock;
import dev.holdfast.repository.maintenance.CheckReport;
import dev.holdfast.repository.pack.PackReader;
import dev.holdfast.repository.prune.PlannedPack.Reason;
import dev.holdfast.repository.store.MemoryStore;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PrunerTest {
  private static final int BLOBS = 300;
  private static final int BLOB_BYTES = 60_000;

  private final MemoryStore store = new MemoryStore();
  private PruneScene scene;
  private SnapshotId first;
  private SnapshotId second;

  @BeforeEach
  void backUpTwice() {
    SampleRepository.init(store, 2).close();
    scene = new PruneScene(store, 7, BLOBS, BLOB_BYTES);
    first = scene.backUp();
    second = scene.change(0.3, BLOB_BYTES).backUp();
  }

  @Test
  void nothingIsDoneWhereEverythingIsNeeded() {
    List<ObjectKey> before = scene.packs();

    assertThat(scene.plan(PruneOptions.TO_THE_LAST_BYTE).isEmpty()).isTrue();
    scene.prune(PruneOptions.TO_THE_LAST_BYTE);

    assertThat(scene.packs()).containsExactlyInAnyOrderElementsOf(before);
    scene.assertAllThere();
  }

  @Test
  void whatTheForgottenSnapshotNeededAloneIsGoneToTheLastBlob() {
    scene.forget(first);

    PruneResult result = scene.prune(PruneOptions.TO_THE_LAST_BYTE);

    assertThat(result.removedPacks()).isPositive();
    assertThat(result.keptAfterAll()).isZero();
    CheckReport report = scene.assertHealthy();
    assertThat(report.unusedBlobs()).isZero();
    assertThat(report.hints()).as("%s", report.findings()).isZero();
    scene.assertAllThere();
    assertThat(scene.plan(PruneOptions.TO_THE_LAST_BYTE).isEmpty()).isTrue();
  }

  @Test
  void theShareThatMayStayUnusedBoundsWhatIsRepacked() {
    scene.forget(first);

    assertThat(scene.plan(PruneOptions.DEFAULT.withMaxUnused(new MaxUnused.Unlimited())).repacked())
        .as("packs of data that are long enough")
        .allMatch(pack -> pack.reason() == Reason.PARTLY_USED)
        .hasSizeLessThan(scene.plan(PruneOptions.TO_THE_LAST_BYTE).repacked().size());
    assertThat(scene.plan(PruneOptions.DEFAULT.withMaxRepackBytes(0)).repacked()).isEmpty();
  }

  @Test
  void withoutSnapshotsNothingIsLeft() {
    scene.forget(first);
    scene.forget(second);

    scene.prune(PruneOptions.DEFAULT);

    assertThat(scene.packs()).isEmpty();
    scene.assertHealthy();
  }

  @Test
  void packsThatNoIndexNamesAreRemoved() {
    ObjectKey stray = new ObjectKey(ObjectType.PACK, first.hash());
    store.put(stray, ByteBuffer.wrap(new byte[1000]));

    assertThat(scene.plan(PruneOptions.DEFAULT).unreferenced())
        .extracting(PlannedPack::lengthBytes)
        .containsExactly(1000L);
    scene.prune(PruneOptions.DEFAULT);

    assertThat(store.exists(stray)).isFalse();
    scene.assertAllThere();
  }

  @Test
  void aMissingPackThatNothingNeedsIsForgotten() {
    scene.forget(second);
    PlannedPack unused = scene.plan(PruneOptions.DEFAULT).removed().getFirst();
    store.delete(PackReader.key(unused.id()));

    assertThat(scene.plan(PruneOptions.DEFAULT).forgotten())
        .extracting(PlannedPack::id)
        .containsExactly(unused.id());
    scene.prune(PruneOptions.DEFAULT);

    scene.assertHealthy();
    scene.assertAllThere();
  }

  @Test
  void aMissingPackThatIsNeededStopsEverything() {
    scene.forget(first);
    store.delete(packOf(BlobType.DATA));

    assertNothingIsRemoved("not in the store");
  }

  @Test
  void aTreeThatCannotBeReadStopsEverything() {
    scene.forget(first);
    ObjectKey pack = packOf(BlobType.TREE);
    byte[] bytes = store.get(pack);
    bytes[20] ^= 1;
    store.delete(pack);
    store.put(pack, ByteBuffer.wrap(bytes));

    assertNothingIsRemoved("cannot be read, so nobody knows what it needs");
  }

  @Test
  void aSnapshotThatCannotBeReadStopsEverything() {
    scene.forget(first);
    store.put(new ObjectKey(ObjectType.SNAPSHOT, first.hash()), ByteBuffer.wrap(new byte[100]));

    assertNothingIsRemoved("snapshot " + first.hash().toShortHex() + " cannot be read");
  }

  @Test
  void aBlobThatIsInNoIndexStopsEverything() {
    scene.forget(first);
    store.list(ObjectType.INDEX, each -> store.delete(each.key()));

    assertNothingIsRemoved("not in the index");
  }

  @Test
  void aPackOfAnotherLengthStopsEverything() {
    ObjectKey pack = packOf(BlobType.DATA);
    byte[] bytes = store.get(pack);
    store.delete(pack);
    store.put(pack, ByteBuffer.wrap(bytes, 0, bytes.length - 1));

    assertNothingIsRemoved("where the index says");
  }

  private void assertNothingIsRemoved(String reason) {
    List<ObjectKey> before = scene.packs();
    assertThatThrownBy(() -> scene.prune(PruneOptions.TO_THE_LAST_BYTE))
        .isInstanceOf(Corrupt.class)
        .hasMessageContaining(reason);
    assertThat(scene.packs()).containsExactlyInAnyOrderElementsOf(before);
  }

  private ObjectKey packOf(BlobType type) {
    try (Repository repository = scene.open()) {
      BlobHandle tree = new BlobHandle(BlobType.TREE, repository.loadSnapshot(second).tree());
      BlobLocation found =
          switch (type) {
            case TREE -> repository.index().find(tree);
            case DATA ->
                repository
                    .index()
                    .find(
                        new BlobHandle(
                            BlobType.DATA,
                            repository.loadTree(tree.id()).nodes().getFirst().content().get(0)));
          };
      return PackReader.key(found.pack());
    }
  }

  @Test
  void whatAPruneCopiedBeforeItWasBrokenOffIsNotCopiedAgain() {
    scene.forget(first);
    try (Repository repository = scene.open()) {
      Pruner pruner = PruneScene.pruner(repository, PruneOptions.TO_THE_LAST_BYTE);
      PrunePlan plan = pruner.plan(Set.of());
      assertThat(plan.repacked()).isNotEmpty();
      Repacking.run(
          repository,
          plan.repacked(),
          new Leaving(repository.index().view(), plan, entry -> true)
              .entriesToCopy(plan.repacked()),
          PruneOptions.TO_THE_LAST_BYTE,
          PruneScene.SMALL_PACKS,
          event -> {});
    }

    PruneResult result = scene.prune(PruneOptions.TO_THE_LAST_BYTE);

    assertThat(result.removedPacks()).isPositive();
    assertThat(scene.assertHealthy().unusedBlobs()).isZero();
    scene.assertAllThere();
  }

  @Test
  void aBackupThatEndsAfterThePlanKeepsWhatItNeeds() {
    scene.forget(second);
    try (Repository repository = scene.open()) {
      Pruner pruner = PruneScene.pruner(repository, PruneOptions.TO_THE_LAST_BYTE);
      assertThat(pruner.plan(Set.of()).removed()).isNotEmpty();
      scene.backUp();

      PruneResult result = pruner.execute();

      assertThat(result.keptAfterAll()).isPositive();
    }
    scene.assertAllThere();
    scene.assertHealthy();
  }

  @Test
  void othersMayBackUpUntilTheIndexIsExchangedAndWhileOldPacksAreDeleted() {
    scene.forget(first);
    try (Repository repository = scene.open();
        RepositoryLock own =
            RepositoryLock.acquire(context(repository), LockMode.EXCLUSIVE, Duration.ZERO)) {
      assertThatThrownBy(() -> share(repository)).isInstanceOf(Locked.class);
      Pruner pruner =
          new Pruner(
              repository,
              Optional.of(own),
              Duration.ZERO,
              PruneOptions.TO_THE_LAST_BYTE,
              PruneScene.SMALL_PACKS.withGate(own::assertValid),
              event -> {
                if (event instanceof PruneEvent.Began began) {
                  switch (began.stage()) {
                    case INDEX, TREES, PACKS, REPACK, DELETE -> share(repository);
                    case CONFIRM, REWRITE_INDEX ->
                        assertThatThrownBy(() -> share(repository)).isInstanceOf(Locked.class);
                  }
                }
              });
      pruner.plan(Set.of());
      assertThat(pruner.execute().removedPacks()).isPositive();
    }
    scene.assertAllThere();
  }

  private static void share(Repository repository) {
    RepositoryLock.acquireForReading(context(repository), false).close();
  }

  private static LockContext context(Repository repository) {
    return LockContext.ofThisProcess(repository.store(), repository.files(), event -> {});
  }

  @Test
  void manySmallPacksAndIndexFilesBecomeFew() {
    for (int i = 0; i < 20; i++) {
      scene.change(0.005, 100).backUp();
    }
    int before = scene.packs().size();

    scene.prune(PruneOptions.DEFAULT);

    assertThat(scene.packs()).hasSizeLessThan(before - 20);
    try (Repository repository = scene.open()) {
      assertThat(repository.keys(ObjectType.INDEX)).hasSize(1);
    }
    scene.assertHealthy();
    scene.assertAllThere();
    assertThat(scene.plan(PruneOptions.DEFAULT).isEmpty()).isTrue();
  }
}
