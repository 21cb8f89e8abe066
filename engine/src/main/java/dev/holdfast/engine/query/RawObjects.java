package dev.holdfast.engine.query;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.SnapshotFilter;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.ConfigCodec;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// The repository's own objects, decrypted but otherwise as they are stored: for those who look
/// into the format.
public final class RawObjects {
  private final Repository repository;

  public RawObjects(Repository repository) {
    this.repository = repository;
  }

  public String configJson() {
    return text(ConfigCodec.encode(repository.config()));
  }

  public String masterKeyJson() {
    return text(repository.key().masterKey().toJson());
  }

  /// A snapshot's file.
  public String snapshotJson(String name) {
    return new Snapshots(repository).find(name, SnapshotFilter.ALL).snapshot().json();
  }

  /// An index or lock file, by the start of its id.
  public String unpackedJson(ObjectType type, String prefix) {
    return text(repository.files().load(find(type, prefix)));
  }

  /// A key file, which is not encrypted, by the start of its id.
  public String keyJson(String prefix) {
    return text(repository.store().get(find(ObjectType.KEY, prefix)));
  }

  /// A pack's bytes, as they are stored.
  public byte[] pack(String prefix) {
    return repository.store().get(find(ObjectType.PACK, prefix));
  }

  /// A blob of either type, by its whole id.
  public byte[] blob(String id) {
    BlobId blob =
        new BlobId(
            Hash.parse(id)
                .orElseThrow(() ->
                    new HoldfastException.Rejected(
                        "'" + id + "' is not a blob's id", "give all 64 digits of it")));
    for (BlobType type : BlobType.values()) {
      BlobHandle handle = new BlobHandle(type, blob);
      if (repository.index().contains(handle)) {
        return repository.loadBlob(handle);
      }
    }
    throw new HoldfastException.NotFound("the repository has no blob " + id, "");
  }

  /// The tree of a snapshot or of a directory in it.
  public byte[] tree(String name) {
    SnapshotPath at = new Snapshots(repository).find(name, SnapshotFilter.ALL);
    BlobId tree = new Walker(repository).treeAt(at);
    return repository.loadBlob(new BlobHandle(BlobType.TREE, tree));
  }

  /// The ids of all objects of a type, in ascending order.
  public List<String> ids(ObjectType type) {
    List<String> ids = new ArrayList<>();
    repository.store().list(type, info -> ids.add(info.key().hash().toHex()));
    Collections.sort(ids);
    return ids;
  }

  /// Calls `each` with type and id of every blob of the index.
  public void forEachBlob(Consumer<String> each) {
    repository
        .index()
        .forEachPack(pack ->
            repository
                .index()
                .blobsOf(pack)
                .forEach(blob ->
                    each.accept(blob.handle().type().jsonName() + " " + blob.handle().id())));
  }

  private ObjectKey find(ObjectType type, String prefix) {
    return ObjectPrefix.find(repository.store(), type, prefix);
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8).strip();
  }

  /// The type that a word of restic's `list` and `cat` means, such as `index` or `locks`.
  public static ObjectType type(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "pack", "packs" -> ObjectType.PACK;
      case "index" -> ObjectType.INDEX;
      case "snapshot", "snapshots" -> ObjectType.SNAPSHOT;
      case "key", "keys" -> ObjectType.KEY;
      case "lock", "locks" -> ObjectType.LOCK;
      default ->
          throw new HoldfastException.Rejected(
              "there are no objects called '" + word + "'",
              "the words are blobs, packs, index, snapshots, keys and locks");
    };
  }
}
