package dev.holdfast.repository;

import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.Tree;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The trees that were used last, within a bound of the memory they take. Thread-safe.
final class TreeCache {
  /// Bytes of all trees.
  static final int MAX_BYTES = 16 << 20;

  /// Bytes of one tree: a larger one would drive out all others.
  static final int MAX_TREE_BYTES = MAX_BYTES / 8;

  private record Entry(Tree tree, long bytes) {}

  private final LinkedHashMap<BlobId, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  synchronized @Nullable Tree get(BlobId id) {
    Entry entry = entries.get(id);
    return entry == null ? null : entry.tree();
  }

  synchronized void put(BlobId id, Tree tree) {
    long treeBytes = tree.weightBytes();
    if (treeBytes > MAX_TREE_BYTES || entries.containsKey(id)) {
      return;
    }
    entries.put(id, new Entry(tree, treeBytes));
    bytes += treeBytes;
    while (bytes > MAX_BYTES) {
      Map.Entry<BlobId, Entry> oldest = entries.firstEntry();
      bytes -= oldest.getValue().bytes();
      entries.remove(oldest.getKey());
    }
  }
}
