package dev.holdfast.engine.backup;

import dev.holdfast.engine.source.Cutting;
import java.util.Arrays;

/// Cuts content into extents of one size and stores them, a batch of neighbours at a time.
final class ExtentCutter {
  private final ExtentStorage storage;
  private final Cutting.Extents extents;

  ExtentCutter(ExtentStorage storage, Cutting.Extents extents) {
    this.storage = storage;
    this.extents = extents;
  }

  /// Stores all of the content. Parts of it may still be in work when this returns.
  void cut() {
    long length = storage.lengthBytes();
    int extentBytes = extents.extentBytes();
    int batchBytes = Math.max(1, ExtentStorage.BATCH_BYTES / extentBytes) * extentBytes;
    long position = Math.min(extents.headBytes(), length);
    if (position > 0) {
      storage.store(0, new int[] {(int) position}, true);
    }
    while (position < length && !storage.hasFailed()) {
      int size = (int) Math.min(batchBytes, length - position);
      int[] lengths = new int[Math.ceilDiv(size, extentBytes)];
      Arrays.fill(lengths, extentBytes);
      lengths[lengths.length - 1] = size - (lengths.length - 1) * extentBytes;
      storage.store(position, lengths, true);
      position += size;
    }
  }
}
