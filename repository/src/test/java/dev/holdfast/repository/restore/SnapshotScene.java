package dev.holdfast.repository.restore;

import dev.holdfast.posix.Posix;
import dev.holdfast.repository.InitOptions;
import dev.holdfast.repository.OpenOptions;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.crypto.ScryptParameters;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.FileMode;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.NodeBuilder;
import dev.holdfast.repository.format.NodeType;
import dev.holdfast.repository.format.Tree;
import dev.holdfast.repository.format.TreeCodec;
import dev.holdfast.repository.key.KeyringOptions;
import dev.holdfast.repository.store.MemoryStore;
import dev.holdfast.repository.store.ObjectStore;
import dev.holdfast.repository.write.RepositoryWriter;
import dev.holdfast.repository.write.WriterOptions;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/// A repository in memory and an easy way to put trees into it, good ones and bad ones.
final class SnapshotScene implements AutoCloseable {
  static final OffsetDateTime TIME = OffsetDateTime.parse("2024-05-06T07:08:09.123456789Z");
  private static final byte[] PASSWORD = "secret".getBytes(StandardCharsets.UTF_8);

  /// Keys that open fast.
  static final InitOptions OPTIONS =
      InitOptions.of(new KeyringOptions("host", "user", new ScryptParameters(1024, 8, 1), false));

  private final ObjectStore store;
  private final Repository writing;
  private final RepositoryWriter writer;
  private final long uid = Posix.geteuid();
  private final long gid = Posix.getgid();

  SnapshotScene() {
    this(new MemoryStore());
  }

  SnapshotScene(ObjectStore store) {
    this.store = store;
    store.create();
    writing = Repository.init(store, PASSWORD, OPTIONS);
    writer = writing.writer(WriterOptions.DEFAULT);
  }

  ObjectStore store() {
    return store;
  }

  BlobId blob(byte[] content) {
    return writer.save(BlobType.DATA, content, 0, content.length).id();
  }

  BlobId blob(String content) {
    return blob(content.getBytes(StandardCharsets.UTF_8));
  }

  BlobId tree(Node... nodes) {
    return tree(List.of(nodes));
  }

  BlobId tree(List<Node> nodes) {
    byte[] json = TreeCodec.encode(new Tree(nodes));
    return writer.save(BlobType.TREE, json, 0, json.length).id();
  }

  NodeBuilder node(String name, NodeType type, int mode) {
    return Node.builder(name, type)
        .mode(FileMode.of(type, mode))
        .modificationTime(TIME)
        .accessTime(TIME)
        .changeTime(TIME)
        .uid(uid)
        .gid(gid);
  }

  NodeBuilder fileOf(String name, BlobId... blobs) {
    return node(name, NodeType.FILE, 0644).links(1).content(BlobIds.of(blobs));
  }

  /// A file of the given parts, one blob each.
  Node file(String name, String... parts) {
    List<BlobId> blobs = new ArrayList<>();
    long size = 0;
    for (String part : parts) {
      blobs.add(blob(part));
      size += part.length();
    }
    return fileOf(name, blobs.toArray(BlobId[]::new)).sizeBytes(size).build();
  }

  Node directory(String name, Node... nodes) {
    return node(name, NodeType.DIR, 0755).subtree(tree(nodes)).build();
  }

  Node symlink(String name, String target) {
    return node(name, NodeType.SYMLINK, 0777).links(1).linkTarget(target).build();
  }

  /// The repository as a reader opens it, after everything was flushed.
  Repository open() {
    writer.flush();
    return Repository.open(store, PASSWORD, OpenOptions.DEFAULT);
  }

  @Override
  public void close() {
    writer.close();
    writing.close();
  }
}
