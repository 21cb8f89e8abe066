package dev.holdfast.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.error.HoldfastException.Unsupported;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.IndexCodec;
import dev.holdfast.repository.format.IndexFile;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.format.PackedBlob;
import dev.holdfast.repository.format.SnapshotId;
import dev.holdfast.repository.index.BlobIndex;
import dev.holdfast.repository.index.BlobLocation;
import dev.holdfast.repository.maintenance.CheckOptions;
import dev.holdfast.repository.maintenance.CheckReport;
import dev.holdfast.repository.maintenance.Checker;
import dev.holdfast.repository.maintenance.ReadData;
import dev.holdfast.repository.store.MemoryStore;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import dev.holdfast.repository.write.WriterOptions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Index files that lie, and more files than anybody has.
class CraftedIndexTest {
  private static final List<byte[]> CONTENT = SampleRepository.blobs(5, 3, 2000);

  private final MemoryStore store = new MemoryStore();

  private SnapshotId backUp() {
    try (Repository repository = SampleRepository.init(store, 2)) {
      return SampleRepository.backUp(repository, CONTENT, WriterOptions.DEFAULT);
    }
  }

  /// Stores an index file in which every blob of every pack is as `change` makes it.
  private void addIndex(UnaryOperator<PackedBlob> change) {
    try (Repository repository = SampleRepository.open(store)) {
      List<IndexFile.Entry> entries = new ArrayList<>();
      BlobIndex index = repository.index();
      index.forEachPack(
          pack -> entries.add(entry(pack, index.blobsOf(pack).stream().map(change).toList())));
      repository.files().save(ObjectType.INDEX, IndexCodec.encode(new IndexFile(entries)));
    }
  }

  private static IndexFile.Entry entry(PackId pack, List<PackedBlob> blobs) {
    return new IndexFile.Entry(pack, blobs);
  }

  private List<ObjectKey> indexFiles() {
    List<ObjectKey> files = new ArrayList<>();
    store.list(ObjectType.INDEX, each -> files.add(each.key()));
    return files;
  }

  private void replaceIndex(UnaryOperator<PackedBlob> change) {
    List<ObjectKey> old = indexFiles();
    addIndex(change);
    old.forEach(store::delete);
  }

  private static PackedBlob withLengths(PackedBlob blob, int length, int uncompressed) {
    return new PackedBlob(blob.handle(), blob.offset(), length, uncompressed);
  }

  private static CheckReport check(Repository repository) {
    return new Checker(repository, new SecureRandom())
        .check(CheckOptions.DEFAULT.withReadData(new ReadData.All()), event -> {});
  }

  @Test
  void whereIndexFilesDifferOnLengthsTheOneThatIsRightIsFound() {
    SnapshotId snapshot = backUp();
    addIndex(blob -> withLengths(blob, blob.lengthBytes() - 1, blob.uncompressedLengthBytes()));

    try (Repository repository = SampleRepository.open(store)) {
      assertThat(SampleRepository.readBack(repository, snapshot))
          .isEqualTo(SampleRepository.join(CONTENT));
      assertThat(check(repository).errors()).isPositive();
    }
  }

  @Test
  void lengthsBeyondAllMemoryAreRefusedBeforeAnythingIsRead() {
    backUp();
    replaceIndex(blob -> withLengths(blob, Integer.MAX_VALUE, Integer.MAX_VALUE));

    try (Repository repository = SampleRepository.open(store)) {
      repository
          .index()
          .forEachPack(pack -> {
            PackedBlob blob = repository.index().blobsOf(pack).getFirst();
            BlobLocation location = repository.index().find(blob.handle());
            assertThatThrownBy(() -> repository.packs().readBlob(location.pack(), location.blob()))
                .isInstanceOf(Unsupported.class)
                .hasMessageContaining("2147483647 bytes");
          });
      assertThat(check(repository).errors()).isPositive();
    }
  }

  @Test
  void blobsThatLieOnEachOtherOrNowhereAreFound() {
    SnapshotId snapshot = backUp();
    replaceIndex(blob ->
        new PackedBlob(
            blob.handle(),
            blob.offset() / 2 + (blob.offset() > 1000 ? 4_000_000_000L : 0),
            blob.lengthBytes(),
            blob.uncompressedLengthBytes()));

    try (Repository repository = SampleRepository.open(store)) {
      assertThatThrownBy(() -> SampleRepository.readBack(repository, snapshot))
          .isInstanceOf(Corrupt.class);
      CheckReport report = check(repository);
      assertThat(report.errors()).isPositive();
      assertThat(report.findings())
          .anyMatch(found -> found.effect().snapshots().contains(snapshot));
    }
  }

  @Test
  void tenThousandFilesThatAreNoKeysDoNotKeepTheRepositoryClosedForLong() {
    backUp();
    byte[] junk = "{\"kdf\":\"scrypt\",\"N\":1073741824,\"r\":99}".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 10_000; i++) {
      Hash name = new Hash(i, i, i, i);
      store.put(new ObjectKey(ObjectType.KEY, name), ByteBuffer.wrap(junk));
    }

    assertThatThrownBy(() -> SampleRepository.open(store)).hasMessageContaining("20 keys");
  }
}
