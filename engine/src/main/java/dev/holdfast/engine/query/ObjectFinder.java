package dev.holdfast.engine.query;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.format.PackedBlob;
import dev.holdfast.repository.index.BlobLocation;
import dev.holdfast.repository.store.ObjectType;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Finds out which files of snapshots use given blobs, trees or packs.
public final class ObjectFinder {
  private static final int SHORT_DIGITS = 8;

  private final Repository repository;
  private final Set<String> blobs = new TreeSet<>();
  private final Set<String> trees = new TreeSet<>();

  public ObjectFinder(Repository repository) {
    this.repository = repository;
  }

  /// A use of a blob or tree.
  ///
  /// @param kind `blob` or `tree`
  /// @param parentTree the tree that names the file; empty for a tree
  public record Use(
      String kind, String id, String path, Optional<String> parentTree, SnapshotView snapshot) {}

  /// Looks for data blobs, by whole ids or their first eight digits.
  public void addBlobs(List<String> ids) {
    blobs.addAll(ids);
  }

  /// Looks for trees, in the same way.
  public void addTrees(List<String> ids) {
    trees.addAll(ids);
  }

  /// Looks for everything in a pack, by the start of its id.
  public void addPack(String prefix) {
    PackId pack = new PackId(ObjectPrefix.find(repository.store(), ObjectType.PACK, prefix).hash());
    repository
        .index()
        .blobsOf(pack)
        .forEach(blob -> {
          String id = blob.handle().id().toString();
          switch (blob.handle().type()) {
            case DATA -> blobs.add(id);
            case TREE -> trees.add(id);
          }
        });
    if (blobs.isEmpty() && trees.isEmpty()) {
      throw new HoldfastException.NotFound("no index names pack " + pack, "");
    }
  }

  /// Calls `each` for every use in a snapshot.
  public void find(SnapshotView snapshot, Consumer<Use> each) {
    BlobId root = new Walker(repository).treeAt(new SnapshotPath(snapshot, "/"));
    tree(root, "/", snapshot, each);
    walk(root, "/", snapshot, each);
  }

  private void tree(BlobId id, String path, SnapshotView snapshot, Consumer<Use> each) {
    if (isWanted(trees, id)) {
      each.accept(new Use("tree", id.toString(), path, Optional.empty(), snapshot));
    }
  }

  private void walk(BlobId tree, String directory, SnapshotView snapshot, Consumer<Use> each) {
    for (Node node : repository.loadTree(tree).nodes()) {
      String path = Paths.child(directory, node.name());
      BlobId subtree = node.subtree();
      if (node.isDirectory() && subtree != null) {
        tree(subtree, path, snapshot, each);
        walk(subtree, path, snapshot, each);
      }
      if (node.isFile() && node.content() != null && !blobs.isEmpty()) {
        node.content()
            .forEach(id -> {
              if (isWanted(blobs, id)) {
                each.accept(
                    new Use("blob", id.toString(), path, Optional.of(tree.toString()), snapshot));
              }
            });
      }
    }
  }

  private static Place place(BlobLocation location) {
    PackedBlob blob = location.blob();
    return new Place(
        location.pack().toString(),
        "<Blob (%s) %s, offset %d, length %d, uncompressed length %d>"
            .formatted(
                blob.handle().type().jsonName(),
                blob.handle().id().hash().toShortHex(),
                blob.offset(),
                blob.lengthBytes(),
                blob.uncompressedLengthBytes()));
  }

  private static boolean isWanted(Set<String> ids, BlobId id) {
    String hex = id.toString();
    return ids.contains(hex) || ids.contains(hex.substring(0, SHORT_DIGITS));
  }

  /// Where a blob lies in its pack.
  ///
  /// @param pack id of the pack
  /// @param description of the blob, in restic's form
  public record Place(String pack, String description) {}

  /// The pack that a blob or tree lies in, by its whole id.
  ///
  /// @param kind `blob` or `tree`
  public Optional<Place> placeOf(String kind, String id) {
    BlobType type = kind.equals("tree") ? BlobType.TREE : BlobType.DATA;
    return Hash.parse(id)
        .map(hash -> new BlobHandle(type, new BlobId(hash)))
        .flatMap(handle -> Optional.ofNullable(repository.index().find(handle)))
        .map(ObjectFinder::place);
  }
}
