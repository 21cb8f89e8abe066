package dev.holdfast.engine.rewrite;

import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.manifest.ManifestCodec;
import dev.holdfast.engine.manifest.ManifestFile;
import dev.holdfast.engine.manifest.ManifestOmission;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.Snapshot;
import dev.holdfast.repository.format.Tree;
import dev.holdfast.repository.format.TreeCodec;
import dev.holdfast.repository.rewrite.Counts;
import dev.holdfast.repository.rewrite.Omission;
import dev.holdfast.repository.rewrite.Rewritten;
import dev.holdfast.repository.rewrite.TreeRewriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Makes the trees of snapshots without some of their content, and keeps their manifests true. One
/// thread at a time.
final class Rewriting {
  /// The longest blob that a manifest is cut into, as long as restic's longest.
  private static final int MAX_BLOB_BYTES = 8 << 20;

  private static final String ROOT = "/";

  private final Repository repository;
  private final Omission omission;
  private final Predicate<String> tells;
  private final BlobSaving saving;
  private final TreeRewriter trees;

  /// Stores a blob, or only says what its id would be.
  interface BlobSaving {
    BlobId save(BlobType type, byte[] bytes, int offset, int length);
  }

  /// @param tells whether a sentence of a manifest tells of what is left out
  Rewriting(Repository repository, Omission omission, Predicate<String> tells, BlobSaving saving) {
    this.repository = repository;
    this.omission = omission;
    this.tells = tells;
    this.saving = saving;
    trees = new TreeRewriter(repository, omission, this::saveTree);
  }

  /// The tree of a snapshot without what is left out. The manifest is not counted among its files.
  Rewritten tree(Snapshot snapshot) {
    Optional<Manifest> manifest = ManifestFile.read(repository, snapshot);
    if (manifest.isEmpty()) {
      return trees.rewrite(snapshot.tree(), Set.of(ROOT), nodes -> nodes);
    }
    Set<String> folders = new HashSet<>(ManifestOmission.folders(manifest.get()));
    folders.add(ROOT);
    Rewritten whole =
        trees.rewrite(snapshot.tree(), folders, nodes -> withManifest(nodes, manifest.get()));
    long bytes = manifestBytes(snapshot);
    return omission.omits(Manifest.PATH) || omission.omits("/" + Manifest.DIRECTORY)
        ? whole
        : new Rewritten(whole.tree(), whole.counts().without(bytes));
  }

  private long manifestBytes(Snapshot snapshot) {
    return ManifestFile.node(repository, snapshot).map(Node::sizeBytes).orElse(0L);
  }

  private BlobId saveTree(byte[] json) {
    return saving.save(BlobType.TREE, json, 0, json.length);
  }

  private List<Node> withManifest(List<Node> root, Manifest manifest) {
    Set<String> emptied = trees.emptied();
    Predicate<String> goes = path -> omission.omits(path) || emptied.contains(path);
    Manifest rest = new ManifestOmission(manifest, goes, tells, leftOut(trees.counts())).rest();
    if (rest.equals(manifest)) {
      return root;
    }
    boolean nothingElse = root.stream().allMatch(node -> node.name().equals(Manifest.DIRECTORY));
    if (nothingElse && rest.sources().isEmpty() && omission.dropsEmptied()) {
      return List.of();
    }
    return root.stream()
        .map(node -> node.name().equals(Manifest.DIRECTORY) ? directory(node, rest) : node)
        .toList();
  }

  private static ManifestOmission.LeftOut leftOut(Map<String, Counts> counts) {
    return new ManifestOmission.LeftOut() {
      @Override
      public long files(String folder) {
        return counts.getOrDefault(folder, Counts.NONE).omittedFiles();
      }

      @Override
      public long bytes(String folder) {
        return counts.getOrDefault(folder, Counts.NONE).omittedBytes();
      }
    };
  }

  private Node directory(Node directory, Manifest manifest) {
    BlobId subtree = directory.subtree();
    if (subtree == null) {
      return directory;
    }
    byte[] json = ManifestCodec.encode(manifest);
    List<Node> nodes = new ArrayList<>();
    for (Node node : repository.loadTree(subtree).nodes()) {
      boolean isManifest = node.isFile() && node.name().equals(Manifest.FILE);
      nodes.add(
          isManifest
              ? node.toBuilder().content(saveContent(json)).sizeBytes(json.length).build()
              : node);
    }
    BlobId saved = saveTree(TreeCodec.encode(new Tree(nodes)));
    return directory.toBuilder().subtree(saved).build();
  }

  private BlobIds saveContent(byte[] bytes) {
    BlobIds.Builder ids = new BlobIds.Builder(1);
    for (int at = 0; at < bytes.length; at += MAX_BLOB_BYTES) {
      ids.add(saving.save(BlobType.DATA, bytes, at, Math.min(MAX_BLOB_BYTES, bytes.length - at)));
    }
    return ids.build();
  }
}
