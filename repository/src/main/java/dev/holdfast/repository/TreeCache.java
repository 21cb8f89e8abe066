package dev.holdfast.repository;

import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.Tree;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The trees that were used last, within a bound of their encoded size. Thread-safe.
final class TreeCache {
  /// Encoded bytes of all trees; decoded they take about twice as much.
  static final int MAX_BYTES = 8 << 20;

  /// Encoded bytes of one tree: a larger one would drive out all others.
  static final int MAX_TREE_BYTES = MAX_BYTES / 8;

  private record Entry(Tree tree, int bytes) {}

  private final LinkedHashMap<BlobId, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private int bytes;

  synchronized @Nullable Tree get(BlobId id) {
    Entry entry = entries.get(id);
    return entry == null ? null : entry.tree();
  }

  synchronized void put(BlobId id, Tree tree, int encodedBytes) {
    if (encodedBytes > MAX_TREE_BYTES || entries.containsKey(id)) {
      return;
    }
    entries.put(id, new Entry(tree, encodedBytes));
    bytes += encodedBytes;
    while (bytes > MAX_BYTES) {
      Map.Entry<BlobId, Entry> oldest = entries.firstEntry();
      bytes -= oldest.getValue().bytes();
      entries.remove(oldest.getKey());
    }
  }
}
