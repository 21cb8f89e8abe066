package dev.holdfast.repository;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import dev.holdfast.repository.crypto.Sealer;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.Snapshot;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.store.ObjectType;
import dev.holdfast.repository.write.RepositoryWriter;
import dev.holdfast.repository.write.WriterOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.OffsetDateTime;
import java.util.List;

/// Makes what only somebody who knows the password can make: trees and snapshots that are small in
/// the store and would be endless, or very large, in memory. The host name of each snapshot says
/// what it is.
final class HostileRepository implements AutoCloseable {
  private static final int LEVELS = 30_000;

  private final Repository repository;
  private final RepositoryWriter writer;

  HostileRepository(ObjectStore store) {
    store.create();
    repository = SampleRepository.init(store, 2);
    writer = repository.writer(WriterOptions.DEFAULT);
  }

  /// Directories in directories, deeper than any path.
  void addDeepTree() {
    BlobId tree = tree("");
    for (int i = 0; i < LEVELS; i++) {
      tree = tree(directory("d", tree));
    }
    save("deep", tree);
  }

  /// Thirty directories, each of which is ten times in the one above: 10^30 paths.
  void addManyPathsToOneTree() {
    BlobId tree = tree("");
    for (int level = 0; level < 30; level++) {
      StringBuilder nodes = new StringBuilder();
      for (int i = 0; i < 10; i++) {
        nodes.append(i == 0 ? "" : ",").append(directory("e" + i, tree));
      }
      tree = tree(nodes.toString());
    }
    save("laughs", tree);
  }

  /// One directory of two million entries.
  void addTreeOfSmallNodes(String name, int megabytes) {
    StringBuilder nodes = new StringBuilder(megabytes << 20);
    for (int i = 0; nodes.length() < megabytes << 20; i++) {
      nodes.append(i == 0 ? "" : ",").append("{\"name\":\"").append(Integer.toString(i, 36));
      nodes.append("\",\"type\":\"fifo\"}");
    }
    save(name, tree(nodes.toString()));
  }

  /// One entry with millions of attributes that say nothing.
  void addTreeOfAttributes() {
    save(
        "attributes",
        tree(
            "{\"name\":\"a\",\"type\":\"fifo\",\"extended_attributes\":[{}"
                + ",{}".repeat(8 << 20)
                + "]}"));
  }

  /// Directories in directories, each with a megabyte of other entries.
  void addTallTree() {
    StringBuilder others = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      others.append(",{\"name\":\"z").append(i).append("\",\"type\":\"socket\"}");
    }
    BlobId tree = tree("");
    for (int level = 0; level < 60; level++) {
      tree = tree(directory("d" + level, tree) + others);
    }
    save("tall", tree);
  }

  /// A snapshot file that becomes a gigabyte, or 256 MiB and says so.
  ObjectKey addBombAsSnapshot(boolean withSize) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(2);
    if (withSize) {
      out.writeBytes(Zstd.compress(new byte[256 << 20]));
      return put(ObjectType.SNAPSHOT, out.toByteArray());
    }
    try (ZstdOutputStream frame = new ZstdOutputStream(out)) {
      byte[] blanks = " ".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < 1024; i++) {
        frame.write(blanks);
      }
    }
    return put(ObjectType.SNAPSHOT, out.toByteArray());
  }

  /// A snapshot file of twenty megabytes with a path of no characters for every three of them.
  ObjectKey addSnapshotOfPaths() {
    String json =
        "{\"time\":\"2026-01-02T03:04:05Z\",\"tree\":\""
            + "0".repeat(64)
            + "\",\"paths\":[\"\""
            + ",\"\"".repeat(7 << 20)
            + "]}";
    return put(ObjectType.SNAPSHOT, json.getBytes(StandardCharsets.UTF_8));
  }

  private ObjectKey put(ObjectType type, byte[] content) {
    try (Sealer sealer = new Sealer(repository.key().masterKey(), new SecureRandom())) {
      byte[] sealed = sealer.seal(content);
      Hash hash = Hash.read(MessageDigest.getInstance("SHA-256").digest(sealed), 0);
      ObjectKey key = new ObjectKey(type, hash);
      repository.store().put(key, ByteBuffer.wrap(sealed));
      return key;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String directory(String name, BlobId tree) {
    return "{\"name\":\"" + name + "\",\"type\":\"dir\",\"subtree\":\"" + tree + "\"}";
  }

  private BlobId tree(String nodes) {
    byte[] json = ("{\"nodes\":[" + nodes + "]}\n").getBytes(StandardCharsets.UTF_8);
    return writer.save(BlobType.TREE, json, 0, json.length).id();
  }

  private void save(String name, BlobId tree) {
    writer.flush();
    repository.saveSnapshot(
        new Snapshot(
            OffsetDateTime.parse("2026-03-01T10:00:00Z"),
            null,
            tree,
            List.of("/"),
            name,
            "user",
            0,
            0,
            List.of(),
            List.of(),
            null,
            "",
            null));
  }

  @Override
  public void close() {
    writer.close();
    repository.close();
  }
}
