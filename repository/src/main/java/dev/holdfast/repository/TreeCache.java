package dev.holdfast.repository;

import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.Tree;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The trees that were used last, within a bound of the memory they take. Large ones are apart, so
/// that they do not drive out all others: whoever looks up each of some thousand files in a folder
/// asks for that folder, and for those it is in, each time. Thread-safe.
final class TreeCache {
  /// Bytes of all trees that are not large.
  static final int MAX_BYTES = 16 << 20;

  /// Bytes of a tree that is not large.
  static final int MAX_TREE_BYTES = MAX_BYTES / 8;

  /// Bytes of all large trees: a folder with some 80,000 files.
  static final int MAX_LARGE_BYTES = 48 << 20;

  private final Share usual = new Share(MAX_BYTES);
  private final Share large = new Share(MAX_LARGE_BYTES);

  synchronized @Nullable Tree get(BlobId id) {
    Tree tree = usual.get(id);
    return tree == null ? large.get(id) : tree;
  }

  synchronized void put(BlobId id, Tree tree) {
    long bytes = tree.weightBytes();
    (bytes > MAX_TREE_BYTES ? large : usual).put(id, tree, bytes);
  }

  private record Entry(Tree tree, long bytes) {}

  /// Some of the memory, and the trees that share it.
  private static final class Share {
    private final LinkedHashMap<BlobId, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private final long maxBytes;
    private long bytes;

    Share(long maxBytes) {
      this.maxBytes = maxBytes;
    }

    @Nullable Tree get(BlobId id) {
      Entry entry = entries.get(id);
      return entry == null ? null : entry.tree();
    }

    void put(BlobId id, Tree tree, long treeBytes) {
      if (treeBytes > maxBytes || entries.containsKey(id)) {
        return;
      }
      entries.put(id, new Entry(tree, treeBytes));
      bytes += treeBytes;
      while (bytes > maxBytes) {
        Map.Entry<BlobId, Entry> oldest = entries.firstEntry();
        bytes -= oldest.getValue().bytes();
        entries.remove(oldest.getKey());
      }
    }
  }
}
