package dev.holdfast.repository.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.SampleRepository;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.FileMode;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.NodeBuilder;
import dev.holdfast.repository.format.NodeType;
import dev.holdfast.repository.format.Snapshot;
import dev.holdfast.repository.format.SnapshotId;
import dev.holdfast.repository.format.Tree;
import dev.holdfast.repository.format.TreeCodec;
import dev.holdfast.repository.store.MemoryStore;
import dev.holdfast.repository.store.ObjectInfo;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.ObjectType;
import dev.holdfast.repository.write.RepositoryWriter;
import dev.holdfast.repository.write.WriterOptions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CheckerTest {
  private static final OffsetDateTime TIME = OffsetDateTime.parse("2024-05-06T07:08:09Z");

  private final ObjectStore store = new MemoryStore();
  private SnapshotId first;
  private SnapshotId second;

  /// Two snapshots share `/shared/s`; only the second has `/own`.
  @BeforeEach
  void makeRepository() {
    store.create();
    try (Repository repository = SampleRepository.init(store, 2);
        RepositoryWriter writer = repository.writer(WriterOptions.DEFAULT)) {
      Node shared = directory(writer, "shared", file(writer, "s", "shared content"));
      BlobId one = tree(writer, shared);
      writer.flush();
      first = save(repository, one);
      BlobId two = tree(writer, file(writer, "own", "own content"), shared);
      writer.flush();
      second = save(repository, two);
    }
  }

  private static SnapshotId save(Repository repository, BlobId tree) {
    return repository.saveSnapshot(
        new Snapshot(
            TIME,
            null,
            tree,
            List.of("/"),
            "host",
            "user",
            0,
            0,
            List.of(),
            List.of(),
            null,
            "",
            null));
  }

  private static BlobId tree(RepositoryWriter writer, Node... nodes) {
    byte[] json = TreeCodec.encode(new Tree(List.of(nodes)));
    return writer.save(BlobType.TREE, json, 0, json.length).id();
  }

  private static NodeBuilder node(String name, NodeType type) {
    return Node.builder(name, type).mode(FileMode.of(type, 0700)).modificationTime(TIME);
  }

  private static Node directory(RepositoryWriter writer, String name, Node... nodes) {
    return node(name, NodeType.DIR).subtree(tree(writer, nodes)).build();
  }

  private static Node file(RepositoryWriter writer, String name, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    BlobId blob = writer.save(BlobType.DATA, bytes, 0, bytes.length).id();
    return node(name, NodeType.FILE).content(BlobIds.of(blob)).sizeBytes(bytes.length).build();
  }

  private CheckReport check(CheckOptions options) {
    try (Repository repository = SampleRepository.open(store)) {
      return new Checker(repository, new SecureRandom()).check(options, event -> {});
    }
  }

  private CheckReport check() {
    return check(CheckOptions.DEFAULT);
  }

  private CheckReport checkData() {
    return check(CheckOptions.DEFAULT.withReadData(new ReadData.All()));
  }

  private List<ObjectInfo> list(ObjectType type) {
    List<ObjectInfo> found = new ArrayList<>();
    store.list(type, found::add);
    found.sort(Comparator.comparing(info -> info.key().hash()));
    return found;
  }

  /// The pack of the blob with this content, or of the tree.
  private ObjectKey packOf(BlobType type, SnapshotId snapshot) {
    try (Repository repository = SampleRepository.open(store)) {
      BlobId tree = repository.loadSnapshot(snapshot).tree();
      BlobId id = tree;
      if (type == BlobType.DATA) {
        Node file = repository.loadTree(tree).nodes().getFirst();
        id =
            file.isFile()
                ? file.content().get(0)
                : repository.loadTree(file.subtree()).nodes().getFirst().content().get(0);
      }
      return new ObjectKey(
          ObjectType.PACK,
          repository
              .index()
              .find(new dev.holdfast.repository.format.BlobHandle(type, id))
              .pack()
              .hash());
    }
  }

  private void overwrite(ObjectKey key, byte[] content) {
    store.delete(key);
    store.put(key, ByteBuffer.wrap(content));
  }

  private void flip(ObjectKey key, int at) {
    byte[] content = store.get(key);
    content[at] ^= 1;
    overwrite(key, content);
  }

  private static CheckReport.Entry only(CheckReport report, Class<? extends Finding> type) {
    List<CheckReport.Entry> found =
        report.findings().stream().filter(entry -> type.isInstance(entry.finding())).toList();
    assertThat(found).as("%s", report.findings()).hasSize(1);
    return found.getFirst();
  }

  @Test
  void soundRepositoryHasNoFindings() {
    CheckReport report = checkData();
    assertThat(report.findings()).isEmpty();
    assertThat(report.isHealthy()).isTrue();
    assertThat(report.snapshots()).isEqualTo(2);
    assertThat(report.trees()).isEqualTo(3);
    assertThat(report.packsRead()).isEqualTo(report.packs()).isEqualTo(4);
    assertThat(check(CheckOptions.DEFAULT.withCountUnused(true)).unusedBlobs()).isZero();
  }

  @Test
  void missingPackNamesSnapshotsAndFiles() {
    store.delete(packOf(BlobType.DATA, first));
    CheckReport report = check();
    assertThat(report.isHealthy()).isFalse();
    Effect effect = only(report, Finding.PackMissing.class).effect();
    assertThat(effect.snapshots()).containsExactlyInAnyOrder(first, second);
    assertThat(effect.paths()).containsExactly("/shared/s");
    assertThat(effect.pathCount()).isEqualTo(2);
    assertThat(effect.complete()).isTrue();
  }

  @Test
  void missingPackOfOneSnapshotLeavesTheOtherSound() {
    store.delete(packOf(BlobType.DATA, second));
    Effect effect = only(check(), Finding.PackMissing.class).effect();
    assertThat(effect.snapshots()).containsExactly(second);
    assertThat(effect.paths()).containsExactly("/own");
  }

  @Test
  void missingTreePackNamesTheSnapshotAsWhole() {
    store.delete(packOf(BlobType.TREE, second));
    CheckReport report = check();
    assertThat(only(report, Finding.PackMissing.class).effect().snapshots())
        .containsExactly(second);
    assertThat(only(report, Finding.TreeDamaged.class).effect().paths()).containsExactly("/");
  }

  @Test
  void shortPackIsFoundWithoutReadingIt() {
    ObjectKey pack = packOf(BlobType.DATA, first);
    byte[] content = store.get(pack);
    overwrite(pack, Arrays.copyOf(content, 10));
    Effect effect = only(check(), Finding.PackLengthWrong.class).effect();
    assertThat(effect.paths()).containsExactly("/shared/s");
    overwrite(pack, Arrays.copyOf(content, content.length + 10));
    CheckReport report = checkData();
    assertThat(only(report, Finding.PackLengthWrong.class).effect()).isEqualTo(Effect.NONE);
    assertThat(only(report, Finding.PackDamaged.class).effect()).isEqualTo(Effect.NONE);
  }

  @Test
  void flippedBitInPackIsFoundByReadingData() {
    ObjectKey pack = packOf(BlobType.DATA, second);
    flip(pack, 20);
    assertThat(check().isHealthy()).isTrue();
    CheckReport.Entry entry = only(checkData(), Finding.PackDamaged.class);
    assertThat(((Finding.PackDamaged) entry.finding()).damagedBlobs()).isEqualTo(1);
    assertThat(entry.effect().snapshots()).containsExactly(second);
    assertThat(entry.effect().paths()).containsExactly("/own");
  }

  @Test
  void flippedBitInHeaderIsFoundAndAffectsNothing() {
    ObjectKey pack = packOf(BlobType.DATA, second);
    flip(pack, store.get(pack).length - 10);
    CheckReport.Entry entry = only(checkData(), Finding.PackDamaged.class);
    assertThat(entry.finding().message()).contains("header");
    assertThat(entry.effect()).isEqualTo(Effect.NONE);
  }

  @Test
  void damagedTreeIsFoundWithoutReadingData() {
    flip(packOf(BlobType.TREE, second), 20);
    CheckReport report = check();
    Effect effect = only(report, Finding.TreeDamaged.class).effect();
    assertThat(effect.snapshots()).containsExactly(second);
    assertThat(effect.paths()).containsExactly("/");
    assertThat(report.errors()).isEqualTo(1);
  }

  @Test
  void packsSwappedAreFoundByReadingData() {
    ObjectKey one = packOf(BlobType.DATA, first);
    ObjectKey two = packOf(BlobType.DATA, second);
    byte[] content = store.get(one);
    overwrite(one, store.get(two));
    overwrite(two, content);
    CheckReport report = checkData();
    assertThat(report.findings())
        .filteredOn(entry -> entry.finding() instanceof Finding.PackDamaged)
        .hasSize(2)
        .allSatisfy(entry -> assertThat(entry.effect().isNone()).isFalse());
  }

  @Test
  void damagedSnapshotIsNamedAndTheOthersAreChecked() {
    ObjectKey file = new ObjectKey(ObjectType.SNAPSHOT, first.hash());
    flip(file, 20);
    CheckReport report = check();
    CheckReport.Entry entry = only(report, Finding.FileDamaged.class);
    assertThat(entry.finding().thing()).isEqualTo(file.path());
    assertThat(entry.effect().snapshots()).containsExactly(first);
    assertThat(report.snapshots()).isEqualTo(1);
    assertThat(report.isHealthy()).isFalse();
  }

  @Test
  void damagedIndexIsFoundWithTheFilesThatCannotBeHadWithoutIt() {
    list(ObjectType.INDEX).forEach(info -> flip(info.key(), 20));
    CheckReport report = check();
    assertThat(report.isHealthy()).isFalse();
    assertThat(report.findings())
        .extracting(CheckReport.Entry::finding)
        .hasAtLeastOneElementOfType(Finding.FileDamaged.class)
        .hasAtLeastOneElementOfType(Finding.TreeDamaged.class)
        .hasAtLeastOneElementOfType(Finding.PackNotIndexed.class);
  }

  @Test
  void missingIndexOfOneSnapshotIsFoundAsMissingTrees() {
    store.delete(list(ObjectType.INDEX).getFirst().key());
    assertThat(check().isHealthy()).isFalse();
  }

  @Test
  void packsThatAreUnindexedOrIndexedTwiceAreHints() {
    byte[] stray = {1, 2, 3};
    store.put(new ObjectKey(ObjectType.PACK, new Hash(1, 2, 3, 4)), ByteBuffer.wrap(stray));
    try (Repository repository = SampleRepository.open(store)) {
      byte[] index = repository.files().load(list(ObjectType.INDEX).getFirst().key());
      repository.files().save(ObjectType.INDEX, index);
    }
    CheckReport report = checkData();
    assertThat(report.isHealthy()).as("%s", report.findings()).isTrue();
    only(report, Finding.PackNotIndexed.class);
    assertThat(report.findings())
        .extracting(CheckReport.Entry::finding)
        .hasAtLeastOneElementOfType(Finding.PackIndexedTwice.class);
  }

  @Test
  void indexesThatContradictEachOtherAreErrors() {
    try (Repository repository = SampleRepository.open(store)) {
      String index =
          new String(
              repository.files().load(list(ObjectType.INDEX).getFirst().key()),
              StandardCharsets.UTF_8);
      String other =
          index.replaceFirst("\"uncompressed_length\":(\\d+)", "\"uncompressed_length\":9$1");
      assertThat(other).isNotEqualTo(index);
      repository.files().save(ObjectType.INDEX, other.getBytes(StandardCharsets.UTF_8));
    }
    only(check(), Finding.PackIndexedDifferently.class);
  }

  @Test
  void unreadableKeysAndLocksAreHints() {
    store.put(new ObjectKey(ObjectType.KEY, new Hash(~0L, 0, 0, 0)), ByteBuffer.wrap(new byte[5]));
    store.put(new ObjectKey(ObjectType.LOCK, new Hash(7, 0, 0, 0)), ByteBuffer.wrap(new byte[5]));
    CheckReport report = check();
    assertThat(report.hints()).isEqualTo(2);
    assertThat(report.isHealthy()).isTrue();
  }

  @Test
  void entriesThatMakeNoSenseAreNamedWithTheirPaths() {
    SnapshotId bad;
    try (Repository repository = SampleRepository.open(store);
        RepositoryWriter writer = repository.writer(WriterOptions.DEFAULT)) {
      BlobId nowhere = new BlobId(new Hash(1, 2, 3, 4));
      BlobId tree =
          tree(
              writer,
              node("a/b", NodeType.FILE).content(BlobIds.EMPTY).build(),
              node("dir", NodeType.DIR).build(),
              node("file", NodeType.FILE).build(),
              node("lost", NodeType.FILE).content(BlobIds.of(nowhere, nowhere)).build(),
              node("odd", NodeType.IRREGULAR).build(),
              node("sub", NodeType.SYMLINK).linkTarget("x").subtree(nowhere).build());
      writer.flush();
      bad = save(repository, tree);
    }
    CheckReport report = check();
    assertThat(report.errors()).isEqualTo(6);
    for (CheckReport.Entry entry : report.findings()) {
      assertThat(entry.effect().snapshots()).as("%s", entry).containsExactly(bad);
    }
    assertThat(report.findings())
        .flatExtracting(entry -> entry.effect().paths())
        .containsExactlyInAnyOrder("/a/b", "/dir", "/file", "/lost", "/odd", "/sub");
  }

  @Test
  void treeThatIsUsedOverAndOverIsReadOnce() {
    try (Repository repository = SampleRepository.open(store);
        RepositoryWriter writer = repository.writer(WriterOptions.DEFAULT)) {
      BlobId tree = tree(writer, file(writer, "bottom", "b"));
      for (int i = 0; i < 60; i++) {
        Node left = node("left", NodeType.DIR).subtree(tree).build();
        tree = tree(writer, left, left.toBuilder().name("right").build());
      }
      writer.flush();
      save(repository, tree);
    }
    CheckReport report = check();
    assertThat(report.isHealthy()).isTrue();
    assertThat(report.trees()).isEqualTo(3 + 61);
  }

  @Test
  void effectsInTreesThatMultiplyAreBounded() {
    BlobId lost = new BlobId(new Hash(1, 2, 3, 4));
    try (Repository repository = SampleRepository.open(store);
        RepositoryWriter writer = repository.writer(WriterOptions.DEFAULT)) {
      BlobId tree = tree(writer, node("f", NodeType.FILE).content(BlobIds.of(lost)).build());
      for (int i = 0; i < 14; i++) {
        Node left = node("left", NodeType.DIR).subtree(tree).build();
        tree = tree(writer, left, left.toBuilder().name("right").build());
      }
      writer.flush();
      save(repository, tree);
    }
    Effect effect = only(check(), Finding.EntryDamaged.class).effect();
    assertThat(effect.pathCount()).isEqualTo(1 << 14);
    assertThat(effect.paths()).hasSize(Effect.MAX_PATHS);
  }

  @Test
  void damageAtAnyByteOfAnyPackIsFound() {
    for (ObjectInfo pack : list(ObjectType.PACK)) {
      byte[] content = store.get(pack.key());
      for (int at = 0; at < content.length; at += 13) {
        flip(pack.key(), at);
        assertThat(checkData().isHealthy()).as("%s at %d", pack.key(), at).isFalse();
        overwrite(pack.key(), content);
      }
    }
    assertThat(checkData().isHealthy()).isTrue();
  }
}
