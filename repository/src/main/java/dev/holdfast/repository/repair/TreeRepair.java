package dev.holdfast.repository.repair;

import dev.holdfast.posix.OsString;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.error.HoldfastException.Unsupported;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.Tree;
import dev.holdfast.repository.format.TreeCodec;
import dev.holdfast.repository.index.BlobIndex;
import dev.holdfast.repository.index.BlobLocation;
import dev.holdfast.repository.index.IdTable;
import dev.holdfast.repository.pack.BlobDecoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Makes trees without what cannot be had, as restic's `repair snapshots`: content that no index
/// names is left out of files, directories that cannot be read become empty. One thread only.
final class TreeRepair {
  /// No path that a system takes is deeper.
  private static final int MAX_DEPTH = 2048;

  private final Repository repository;
  private final BlobIndex index;
  private final Function<byte[], BlobId> save;
  private final BiConsumer<String, String> changes;
  private final IdTable sound = new IdTable();
  private final Map<BlobId, BlobId> repaired = new HashMap<>();

  /// @param save stores a tree, or only says what its id would be
  /// @param changes told the path of each entry that changes, and how
  TreeRepair(
      Repository repository, Function<byte[], BlobId> save, BiConsumer<String, String> changes) {
    this.repository = repository;
    this.index = repository.index();
    this.save = save;
    this.changes = changes;
  }

  /// What is to be in place of the tree of a snapshot, itself if it is sound; empty if it cannot be
  /// read.
  Optional<BlobId> repairRoot(BlobId root) {
    Tree tree = load(root);
    if (tree == null) {
      changes.accept("/", "cannot be read");
      return Optional.empty();
    }
    return Optional.of(repair("", root, tree, 0));
  }

  private @Nullable Tree load(BlobId id) {
    try {
      return repository.loadTree(id);
    } catch (Cancelled e) {
      throw e;
    } catch (HoldfastException e) {
      return null;
    }
  }

  private BlobId repair(String path, BlobId id, Tree tree, int depth) {
    if (depth > MAX_DEPTH) {
      throw new Unsupported(
          "directories are nested too deeply at " + OsString.display(path),
          "leave the snapshot as it is");
    }
    if (Thread.interrupted()) {
      throw new Cancelled("the repair was interrupted");
    }
    List<Node> nodes = new ArrayList<>();
    boolean changed = false;
    for (Node node : tree.nodes()) {
      Node now = repair(path + "/" + node.name(), node, depth);
      changed |= !node.equals(now);
      if (now != null) {
        nodes.add(now);
      }
    }
    if (!changed) {
      sound.add(id.hash());
      return id;
    }
    BlobId better = save.apply(TreeCodec.encode(new Tree(nodes)));
    repaired.put(id, better);
    return better;
  }

  private @Nullable Node repair(String path, Node node, int depth) {
    return switch (node.type()) {
      case FILE -> repairFile(path, node);
      case DIR -> repairDirectory(path, node, depth);
      case IRREGULAR -> {
        changes.accept(path, "removed, its type cannot be restored");
        yield null;
      }
      case SYMLINK, DEVICE, CHAR_DEVICE, FIFO, SOCKET -> node;
    };
  }

  private Node repairDirectory(String path, Node node, int depth) {
    BlobId subtree = node.subtree();
    BlobId known = subtree == null ? null : repaired.get(subtree);
    if (subtree != null && sound.contains(subtree.hash())) {
      return node;
    }
    if (known != null) {
      changes.accept(path, "as in another place");
      return node.toBuilder().subtree(known).build();
    }
    Tree tree = subtree == null ? null : load(subtree);
    if (subtree == null || tree == null) {
      changes.accept(path, "replaced by an empty directory");
      return node.toBuilder().subtree(save.apply(TreeCodec.encode(new Tree(List.of())))).build();
    }
    BlobId better = repair(path, subtree, tree, depth + 1);
    return better.equals(subtree) ? node : node.toBuilder().subtree(better).build();
  }

  private Node repairFile(String path, Node node) {
    BlobIds content = node.content() == null ? BlobIds.EMPTY : node.content();
    BlobIds.Builder present = new BlobIds.Builder(content.size());
    long bytes = 0;
    int missing = 0;
    for (int i = 0; i < content.size(); i++) {
      BlobLocation location = index.find(new BlobHandle(BlobType.DATA, content.get(i)));
      if (location == null) {
        missing++;
      } else {
        present.add(content.get(i));
        bytes += BlobDecoder.plainLengthBytes(location.blob());
      }
    }
    if (missing == 0 && bytes == node.sizeBytes() && node.content() != null) {
      return node;
    }
    changes.accept(
        path,
        missing > 0
            ? "removed %d of %d blobs, which are missing".formatted(missing, content.size())
            : "corrected the size");
    return node.toBuilder().content(present.build()).sizeBytes(bytes).build();
  }
}
