package dev.holdfast.engine.backup;

import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.NodeType;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// The extents of a file in the parent snapshot, whoever cut it: their ids from its node, their
/// lengths from the index, and no data. Four bytes for each beside the ids.
final class PreviousExtents {
  /// Longer ones are cut anew whatever they are: nobody's chunks are longer than 8 MiB.
  static final int MAX_EXTENT_BYTES = 8 << 20;

  private final BlobIds ids;
  private final int[] lengths;

  private PreviousExtents(BlobIds ids, int[] lengths) {
    this.ids = ids;
    this.lengths = lengths;
  }

  /// The extents of a node.
  ///
  /// @param plainLength length of a blob, or a negative number if the index does not have it
  /// @return null if they are of no use: the index does not have all of them, or they do not make
  ///   up the file
  static @Nullable PreviousExtents of(@Nullable Node node, ToLongFunction<BlobId> plainLength) {
    BlobIds ids = node == null ? null : node.content();
    if (node == null || ids == null || node.type() != NodeType.FILE) {
      return null;
    }
    int[] lengths = new int[ids.size()];
    long total = 0;
    for (int i = 0; i < lengths.length; i++) {
      long length = plainLength.applyAsLong(ids.get(i));
      if (length <= 0 || length > MAX_EXTENT_BYTES) {
        return null;
      }
      lengths[i] = (int) length;
      total += length;
    }
    return total == node.sizeBytes() ? new PreviousExtents(ids, lengths) : null;
  }

  int count() {
    return lengths.length;
  }

  int lengthBytes(int extent) {
    return lengths[extent];
  }

  BlobIds ids(int from, int to) {
    return ids.slice(from, to);
  }

  BlobId id(int extent) {
    return ids.get(extent);
  }
}
