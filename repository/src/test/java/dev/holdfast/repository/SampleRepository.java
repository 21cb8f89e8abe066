package dev.holdfast.repository;

import dev.holdfast.repository.crypto.ScryptParameters;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.NodeType;
import dev.holdfast.repository.format.Snapshot;
import dev.holdfast.repository.format.SnapshotId;
import dev.holdfast.repository.format.Tree;
import dev.holdfast.repository.format.TreeCodec;
import dev.holdfast.repository.key.KeyringOptions;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.write.RepositoryWriter;
import dev.holdfast.repository.write.WriterOptions;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Repositories for tests, with keys that cost nothing to open and content that a seed makes.
public final class SampleRepository {
  public static final String PASSWORD = "correct horse";

  private SampleRepository() {}

  public static byte[] password() {
    return PASSWORD.getBytes(StandardCharsets.UTF_8);
  }

  public static Repository init(ObjectStore store, int version) {
    KeyringOptions keys =
        new KeyringOptions("host", "user", new ScryptParameters(1024, 8, 1), false);
    return Repository.init(store, password(), InitOptions.of(keys).withVersion(version));
  }

  public static Repository open(ObjectStore store) {
    return Repository.open(store, password(), OpenOptions.DEFAULT);
  }

  /// Blobs of many lengths: text, zeros and noise.
  public static List<byte[]> blobs(long seed, int count, int maxBytes) {
    SplittableRandom random = new SplittableRandom(seed);
    List<byte[]> blobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] blob = new byte[random.nextInt(8, maxBytes)];
      switch (random.nextInt(3)) {
        case 0 -> random.nextBytes(blob);
        case 1 -> fillWithText(blob, random);
        default -> {}
      }
      // No two are the same.
      byte[] number = Long.toHexString((seed << 20) + i).getBytes(StandardCharsets.UTF_8);
      System.arraycopy(number, 0, blob, 0, Math.min(number.length, blob.length));
      blobs.add(blob);
    }
    return blobs;
  }

  private static void fillWithText(byte[] blob, SplittableRandom random) {
    for (int i = 0; i < blob.length; i++) {
      blob[i] = (byte) ('a' + random.nextInt(8));
    }
  }

  /// Stores the blobs as one file of one snapshot, everything flushed.
  public static SnapshotId backUp(
      Repository repository, List<byte[]> blobs, WriterOptions options) {
    BlobId tree;
    try (RepositoryWriter writer = repository.writer(options)) {
      List<BlobId> ids = new ArrayList<>();
      for (byte[] blob : blobs) {
        ids.add(writer.save(BlobType.DATA, blob, 0, blob.length).id());
      }
      byte[] json = TreeCodec.encode(new Tree(List.of(file(ids, length(blobs)))));
      tree = writer.save(BlobType.TREE, json, 0, json.length).id();
      writer.flush();
    }
    return repository.saveSnapshot(snapshot(tree), options.gate());
  }

  /// The content of the file that [#backUp] stored.
  public static byte[] readBack(Repository repository, SnapshotId snapshot) {
    Tree tree = repository.loadTree(repository.loadSnapshot(snapshot).tree());
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    tree.nodes()
        .getFirst()
        .content()
        .forEach(id -> content.writeBytes(repository.loadBlob(new BlobHandle(BlobType.DATA, id))));
    return content.toByteArray();
  }

  public static byte[] join(List<byte[]> blobs) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    blobs.forEach(content::writeBytes);
    return content.toByteArray();
  }

  public static Snapshot snapshot(BlobId tree) {
    return new Snapshot(
        OffsetDateTime.parse("2026-03-01T10:00:00Z"),
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

  private static Node file(List<BlobId> ids, long length) {
    OffsetDateTime time = OffsetDateTime.parse("2026-03-01T10:00:00Z");
    return Node.builder("file", NodeType.FILE)
        .mode(0644)
        .modificationTime(time)
        .accessTime(time)
        .changeTime(time)
        .sizeBytes(length)
        .links(1)
        .content(BlobIds.of(ids.toArray(new BlobId[0])))
        .build();
  }

  private static long length(List<byte[]> blobs) {
    return blobs.stream().mapToLong(blob -> blob.length).sum();
  }
}
