package dev.holdfast.benchmarks;

import dev.holdfast.repository.InitOptions;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.crypto.Sealer;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.IndexCodec;
import dev.holdfast.repository.format.IndexFile;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.NodeType;
import dev.holdfast.repository.format.PackHeader;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.format.PackedBlob;
import dev.holdfast.repository.format.Snapshot;
import dev.holdfast.repository.format.Tree;
import dev.holdfast.repository.format.TreeCodec;
import dev.holdfast.repository.key.KeyringOptions;
import dev.holdfast.repository.store.LocalStore;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import dev.holdfast.repository.write.RepositoryWriter;
import dev.holdfast.repository.write.WriterOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A repository with true trees, snapshots and index files and with packs of data that are holes of
/// the right length: all that the planning of a prune looks at, in little space.
final class LargeRepository {
  private static final int BLOB_BYTES = 12_000;
  private static final int BLOBS_PER_PACK = 1_300;
  private static final int PACKS_PER_INDEX = 38;

  private final Path root;
  private final int snapshots;
  private final int blobsPerSnapshot;
  private final SplittableRandom random = new SplittableRandom(1);
  private List<IndexFile.Entry> pending = new ArrayList<>();

  /// @param blobsPerSnapshot new blobs of each; it refers to as many of the one before
  LargeRepository(Path root, int snapshots, int blobsPerSnapshot) {
    this.root = root;
    this.snapshots = snapshots;
    this.blobsPerSnapshot = blobsPerSnapshot;
  }

  /// Makes it. Each snapshot needs the new blobs of its turn and of the turn before; of each fourth
  /// turn the snapshot is left out, so that there are partly used and unused packs.
  void make(String password) throws IOException {
    LocalStore store = new LocalStore(root);
    InitOptions options = InitOptions.of(KeyringOptions.of("host", "user"));
    try (Repository repository =
            Repository.init(store, password.getBytes(StandardCharsets.UTF_8), options);
        RepositoryWriter writer = repository.writer(WriterOptions.DEFAULT)) {
      List<BlobId> before = List.of();
      List<Snapshot> made = new ArrayList<>();
      for (int turn = 0; made.size() < snapshots; turn++) {
        List<BlobId> fresh = store(repository, blobsPerSnapshot);
        List<BlobId> content = new ArrayList<>(before);
        content.addAll(fresh);
        before = turn % 4 == 3 ? List.of() : fresh;
        byte[] json = TreeCodec.encode(new Tree(List.of(file(turn, content))));
        BlobId tree = writer.save(BlobType.TREE, json, 0, json.length).id();
        if (turn % 4 != 3) {
          made.add(snapshot(turn, tree));
        }
      }
      writer.flush();
      index(repository);
      made.forEach(repository::saveSnapshot);
    }
  }

  private List<BlobId> store(Repository repository, int count) throws IOException {
    List<BlobId> ids = new ArrayList<>();
    while (ids.size() < count) {
      List<PackedBlob> blobs = new ArrayList<>();
      long offset = 0;
      for (int i = 0; i < BLOBS_PER_PACK && ids.size() < count; i++) {
        BlobId id = new BlobId(hash());
        int length = random.nextInt(BLOB_BYTES / 2, BLOB_BYTES * 3 / 2);
        blobs.add(new PackedBlob(new BlobHandle(BlobType.DATA, id), offset, length, 16_384));
        offset += length;
        ids.add(id);
      }
      PackId pack = new PackId(hash());
      Path file = root.resolve(new ObjectKey(ObjectType.PACK, pack.hash()).path());
      try (RandomAccessFile hole = new RandomAccessFile(file.toFile(), "rw")) {
        hole.setLength(
            offset
                + PackHeader.lengthBytes(blobs)
                + Sealer.OVERHEAD_BYTES
                + PackHeader.LENGTH_FIELD_BYTES);
      }
      pending.add(new IndexFile.Entry(pack, blobs));
      if (pending.size() == PACKS_PER_INDEX) {
        index(repository);
      }
    }
    return ids;
  }

  private void index(Repository repository) {
    if (!pending.isEmpty()) {
      repository.files().save(ObjectType.INDEX, IndexCodec.encode(new IndexFile(pending)));
      pending = new ArrayList<>();
    }
  }

  private Hash hash() {
    return new Hash(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  private static Node file(int number, List<BlobId> ids) {
    OffsetDateTime time = OffsetDateTime.parse("2026-03-01T10:00:00Z").plusSeconds(number);
    return Node.builder("file", NodeType.FILE)
        .mode(0644)
        .modificationTime(time)
        .accessTime(time)
        .changeTime(time)
        .sizeBytes(16_384L * ids.size())
        .links(1)
        .content(BlobIds.of(ids.toArray(new BlobId[0])))
        .build();
  }

  private static Snapshot snapshot(int number, BlobId tree) {
    return new Snapshot(
        OffsetDateTime.parse("2026-03-01T10:00:00Z").plusMinutes(number),
        null,
        tree,
        List.of("/file"),
        "host",
        "user",
        0,
        0,
        List.of(),
        List.of(),
        null,
        "",
        null);
  }

  /// How large its files are on disk, index and trees.
  long indexBytes() throws IOException {
    return Folders.bytes(root.resolve("index"));
  }

  void delete() throws IOException {
    if (Files.exists(root)) {
      Folders.delete(root);
    }
  }
}
