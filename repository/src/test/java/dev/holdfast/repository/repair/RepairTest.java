package dev.holdfast.repository.repair;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.SampleRepository;
import dev.holdfast.repository.StoredSnapshot;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.format.SnapshotId;
import dev.holdfast.repository.maintenance.CheckOptions;
import dev.holdfast.repository.maintenance.CheckReport;
import dev.holdfast.repository.maintenance.Checker;
import dev.holdfast.repository.maintenance.ReadData;
import dev.holdfast.repository.maintenance.RepairAdvice;
import dev.holdfast.repository.pack.PackReader;
import dev.holdfast.repository.store.LocalStore;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import dev.holdfast.repository.write.WriteGate;
import dev.holdfast.repository.write.WriterOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepairTest {
  private static final List<byte[]> FIRST = SampleRepository.blobs(1, 20, 30_000);
  private static final List<byte[]> SECOND = SampleRepository.blobs(2, 20, 30_000);

  @TempDir Path folder;
  private LocalStore store;
  private Keepsake keepsake;
  private SnapshotId first;
  private SnapshotId second;

  @BeforeEach
  void backUpTwice() {
    store = new LocalStore(folder.resolve("repository"));
    keepsake = new Keepsake(folder.resolve("kept"));
    try (Repository repository = SampleRepository.init(store, 2)) {
      first = SampleRepository.backUp(repository, FIRST, WriterOptions.DEFAULT);
      second = SampleRepository.backUp(repository, SECOND, WriterOptions.DEFAULT);
    }
  }

  @Test
  void aSoundRepositoryNeedsNoRepair() {
    assertThat(repairIndex(true).isEmpty()).isTrue();
    try (Repository repository = SampleRepository.open(store)) {
      assertThat(new SnapshotRepair(repository, WriterOptions.DEFAULT).plan(all(repository)))
          .noneMatch(SnapshotRepair.Plan::isDamaged);
    }
    assertThat(RepairAdvice.of(check())).isEmpty();
  }

  @Test
  void aLostIndexComesBackFromThePacks() throws IOException {
    deleteAll(ObjectType.INDEX);

    IndexPlan plan = repairIndex(false);

    assertThat(plan.added()).hasSize(4);
    assertSound(first, second);
  }

  @Test
  void aDamagedIndexFileIsReplacedAndKept() throws IOException {
    Path file = files(ObjectType.INDEX).getFirst();
    damage(file, 40);
    assertThat(RepairAdvice.of(check()))
        .extracting(RepairAdvice.Step::command)
        .contains("repair index");

    IndexPlan plan = repairIndex(false);

    assertThat(plan.damagedFiles()).containsExactly("index/" + file.getFileName());
    assertThat(keepsake.folder().resolve("index").resolve(file.getFileName())).exists();
    assertSound(first, second);
  }

  @Test
  void aPackThatIsGoneLeavesTheIndex() throws IOException {
    PackId pack = packOf(first, BlobType.DATA);
    store.delete(PackReader.key(pack));

    assertThat(repairIndex(false).forgotten()).containsExactly(pack);

    try (Repository repository = SampleRepository.open(store)) {
      assertThat(repository.index().blobsOf(pack)).isEmpty();
      assertThat(SampleRepository.readBack(repository, second))
          .isEqualTo(SampleRepository.join(SECOND));
    }
  }

  @Test
  void adviceNamesASnapshotFileThatCannotBeRead() throws IOException {
    Path file = folder.resolve("repository").resolve("snapshots").resolve(first.hash().toHex());
    damage(file, 40);

    assertThat(RepairAdvice.of(check()))
        .extracting(RepairAdvice.Step::command)
        .containsExactly("repair snapshots --forget " + first);
  }

  @Test
  void whatTheIndexSaysOfAPackWithoutAHeaderIsKeptToSaveItsBlobsBy() throws IOException {
    PackId pack = packOf(first, BlobType.DATA);
    cut(pack, 200);

    IndexPlan plan = repairIndex(false);

    assertThat(plan.unreadable()).containsExactly(pack);
    assertThat(plan.isEmpty()).isTrue();
    List<PackRepair.Salvage> salvaged = repairPacks(pack);
    assertThat(salvaged.getFirst().lost()).isEmpty();
    assertSound(first, second);
    assertThat(keepsake.folder().resolve(PackReader.key(pack).path())).exists();
  }

  @Test
  void theGoodBlobsOfADamagedPackAreSavedAndTheLostOneLeavesItsFile() throws IOException {
    PackId pack = packOf(first, BlobType.DATA);
    damage(folder.resolve("repository").resolve(PackReader.key(pack).path()), 100);
    assertThat(RepairAdvice.of(check()))
        .extracting(RepairAdvice.Step::command)
        .containsExactly("repair packs " + pack, "backup", "repair snapshots --forget");

    List<PackRepair.Salvage> salvaged = repairPacks(pack);

    assertThat(salvaged.getFirst().lost()).hasSize(1);
    assertThat(salvaged.getFirst().readable()).isEqualTo(FIRST.size() - 1);
    assertThat(repairSnapshots(true)).isEqualTo(1);
    assertThat(check().errors()).isZero();
    try (Repository repository = SampleRepository.open(store)) {
      assertThat(SampleRepository.readBack(repository, second))
          .isEqualTo(SampleRepository.join(SECOND));
      StoredSnapshot successor =
          all(repository).stream().filter(each -> !each.id().equals(second)).findFirst().get();
      assertThat(successor.snapshot().original()).isEqualTo(first);
      assertThat(SampleRepository.join(FIRST).length)
          .isGreaterThan(SampleRepository.readBack(repository, successor.id()).length);
    }
    assertThat(keepsake.folder().resolve("snapshots").resolve(first.toString())).exists();
  }

  @Test
  void withoutForgetTheDamagedSnapshotStaysBesideItsSuccessor() throws IOException {
    store.delete(PackReader.key(packOf(first, BlobType.DATA)));
    repairIndex(false);

    assertThat(repairSnapshots(false)).isEqualTo(1);

    try (Repository repository = SampleRepository.open(store)) {
      assertThat(all(repository)).hasSize(3);
      assertThat(all(repository).stream().map(each -> each.snapshot().tags()).toList())
          .contains(List.of(SnapshotRepair.TAG));
    }
  }

  @Test
  void aSnapshotWithoutARootIsOnlyGivenUpWhenThatIsAskedFor() throws IOException {
    store.delete(PackReader.key(packOf(first, BlobType.TREE)));
    repairIndex(false);

    assertThat(repairSnapshots(false)).isZero();
    assertThat(repairSnapshots(true)).isEqualTo(1);

    try (Repository repository = SampleRepository.open(store)) {
      assertThat(all(repository)).extracting(StoredSnapshot::id).containsExactly(second);
    }
    assertThat(check().errors()).isZero();
  }

  @Test
  void whatWasTakenAwayComesBackByCopyingItBack() throws IOException {
    Path file = files(ObjectType.INDEX).getFirst();
    byte[] before = Files.readAllBytes(file);
    PackId pack = packOf(first, BlobType.DATA);
    byte[] packBefore = store.get(PackReader.key(pack));
    repairPacks(pack);

    assertThat(Files.readAllBytes(keepsake.folder().resolve("index").resolve(file.getFileName())))
        .isEqualTo(before);
    assertThat(Files.readAllBytes(keepsake.folder().resolve(PackReader.key(pack).path())))
        .isEqualTo(packBefore);
    assertSound(first, second);
  }

  @Test
  void anUpgradeReplacesTheConfigAndKeepsTheOldOne() throws IOException {
    LocalStore old = new LocalStore(folder.resolve("old"));
    SnapshotId snapshot;
    try (Repository repository = SampleRepository.init(old, 1)) {
      snapshot = SampleRepository.backUp(repository, FIRST, WriterOptions.DEFAULT);
    }
    byte[] before = old.get(ObjectKey.CONFIG);
    try (Repository repository = SampleRepository.open(old)) {
      FormatUpgrade upgrade = new FormatUpgrade(repository, WriteGate.OPEN);
      assertThat(upgrade.objection()).isEmpty();
      upgrade.apply(keepsake);
    }
    assertThat(Files.readAllBytes(keepsake.folder().resolve("config"))).isEqualTo(before);
    try (Repository repository = SampleRepository.open(old)) {
      assertThat(repository.config().version()).isEqualTo(2);
      assertThat(SampleRepository.readBack(repository, snapshot))
          .isEqualTo(SampleRepository.join(FIRST));
      assertThat(new FormatUpgrade(repository, WriteGate.OPEN).objection()).isPresent();
    }
  }

  private IndexPlan repairIndex(boolean readAllPacks) {
    try (Repository repository = SampleRepository.open(store)) {
      IndexRepair repair = new IndexRepair(repository, WriteGate.OPEN);
      IndexPlan plan = repair.plan(readAllPacks);
      repair.execute(keepsake);
      return plan;
    }
  }

  private List<PackRepair.Salvage> repairPacks(PackId... packs) {
    try (Repository repository = SampleRepository.open(store)) {
      PackRepair repair = new PackRepair(repository, WriterOptions.DEFAULT);
      List<PackRepair.Salvage> plan = repair.plan(List.of(packs));
      repair.execute(keepsake);
      return plan;
    }
  }

  private int repairSnapshots(boolean forget) {
    try (Repository repository = SampleRepository.open(store)) {
      SnapshotRepair repair = new SnapshotRepair(repository, WriterOptions.DEFAULT);
      return repair.execute(repair.plan(all(repository)), forget, keepsake);
    }
  }

  private static List<StoredSnapshot> all(Repository repository) {
    return repository.snapshots();
  }

  private void assertSound(SnapshotId... snapshots) {
    assertThat(check().errors()).as("%s", check().findings()).isZero();
    try (Repository repository = SampleRepository.open(store)) {
      for (SnapshotId snapshot : snapshots) {
        assertThat(SampleRepository.readBack(repository, snapshot))
            .isEqualTo(SampleRepository.join(snapshot.equals(first) ? FIRST : SECOND));
      }
    }
  }

  private CheckReport check() {
    try (Repository repository = SampleRepository.open(store)) {
      return new Checker(repository, new SecureRandom())
          .check(CheckOptions.DEFAULT.withReadData(new ReadData.All()), event -> {});
    }
  }

  private PackId packOf(SnapshotId snapshot, BlobType type) {
    try (Repository repository = SampleRepository.open(store)) {
      BlobId tree = repository.loadSnapshot(snapshot).tree();
      BlobId id =
          switch (type) {
            case TREE -> tree;
            case DATA -> repository.loadTree(tree).nodes().getFirst().content().get(0);
          };
      return repository.index().find(new BlobHandle(type, id)).pack();
    }
  }

  private List<Path> files(ObjectType type) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("repository").resolve(type.folder()))) {
      return files.toList();
    }
  }

  private void deleteAll(ObjectType type) throws IOException {
    for (Path file : files(type)) {
      Files.delete(file);
    }
  }

  private void cut(PackId pack, int bytes) throws IOException {
    Path file = folder.resolve("repository").resolve(PackReader.key(pack).path());
    byte[] content = Files.readAllBytes(file);
    Files.delete(file);
    Files.write(file, Arrays.copyOf(content, content.length - bytes));
  }

  private static void damage(Path file, int at) throws IOException {
    byte[] content = Files.readAllBytes(file);
    content[at] ^= 1;
    Files.delete(file);
    Files.write(file, content);
  }
}
