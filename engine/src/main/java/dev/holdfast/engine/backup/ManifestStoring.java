package dev.holdfast.engine.backup;

import dev.holdfast.engine.manifest.Manifest;
import dev.holdfast.engine.manifest.ManifestCodec;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.Tree;
import dev.holdfast.repository.format.TreeCodec;
import dev.holdfast.repository.write.SavedBlob;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Stores the manifest, and finds out whether a snapshot differs from its parent in anything else.
final class ManifestStoring {
  private final BackupRun run;

  ManifestStoring(BackupRun run) {
    this.run = run;
  }

  /// The entries of a root but the manifest's.
  static List<Node> besidesManifest(List<Node> root) {
    return root.stream().filter(node -> !node.name().equals(Manifest.DIRECTORY)).toList();
  }

  /// Refuses a snapshot in which something else lies where the manifest goes.
  static void refuseOther(List<Node> root) {
    if (root.stream().anyMatch(node -> node.name().equals(Manifest.DIRECTORY))) {
      throw new HoldfastException.Rejected(
          "'/" + Manifest.DIRECTORY + "' of the snapshot is where its manifest lies",
          "exclude the folder of that name");
    }
  }

  /// Stores the manifest, which is not counted among the files.
  ///
  /// @return its directory in the root
  Node store(Manifest manifest) {
    byte[] json = ManifestCodec.encode(manifest);
    Node file =
        MadeUpNodes.file(run, Manifest.FILE).content(cut(json)).sizeBytes(json.length).build();
    byte[] tree = TreeCodec.encode(new Tree(List.of(file)));
    SavedBlob saved = run.save(BlobType.TREE, tree, 0, tree.length);
    return MadeUpNodes.directory(run, Manifest.DIRECTORY).subtree(saved.id()).build();
  }

  private BlobIds cut(byte[] json) {
    AtomicReference<@Nullable BlobIds> stored = new AtomicReference<>();
    PendingContent pending = new PendingContent((ids, _, _) -> stored.set(ids));
    try {
      new ContentCutter(run).cut(new byte[0], 0, new ByteArrayInputStream(json)::read, pending);
    } catch (IOException e) {
      throw new IllegalStateException("memory can be read", e);
    }
    pending.end();
    run.workers().join();
    BlobIds ids = stored.get();
    if (ids == null) {
      throw new IllegalStateException("the manifest was not stored");
    }
    return ids;
  }
}
