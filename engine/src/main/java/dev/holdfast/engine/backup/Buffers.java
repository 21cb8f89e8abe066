package dev.holdfast.engine.backup;

import java.util.ArrayDeque;
import java.util.Deque;

/// Buffers of one size that are used again. Their number is bounded by who uses them: each worker
/// fills one and may hold the next, and one goes with each part that waits. Thread-safe.
final class Buffers {
  private final int sizeBytes;
  private final int keptMax;
  private final Deque<byte[]> free = new ArrayDeque<>();

  /// @param keptMax how many unused ones are kept
  Buffers(int sizeBytes, int keptMax) {
    this.sizeBytes = sizeBytes;
    this.keptMax = keptMax;
  }

  byte[] take() {
    synchronized (this) {
      byte[] buffer = free.pollFirst();
      if (buffer != null) {
        return buffer;
      }
    }
    return new byte[sizeBytes];
  }

  synchronized void give(byte[] buffer) {
    if (free.size() < keptMax) {
      free.addFirst(buffer);
    }
  }
}
