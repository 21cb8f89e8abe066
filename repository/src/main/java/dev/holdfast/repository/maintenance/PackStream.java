package dev.holdfast.repository.maintenance;

import dev.holdfast.repository.crypto.Hasher;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectStore;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// A pack that goes by once, from start to end, through a window, and is hashed meanwhile. One
/// thread only; used for one pack after the other.
final class PackStream {
  private final ObjectStore store;
  private final int windowBytes;

  private Hasher hasher = new Hasher();

  private ObjectKey key = ObjectKey.CONFIG;
  private long lengthBytes;
  private byte[] window;
  private long windowStart;
  private int filled;

  PackStream(ObjectStore store, int windowBytes) {
    this.store = store;
    this.windowBytes = windowBytes;
    window = new byte[windowBytes];
  }

  /// Starts with another pack.
  void open(ObjectKey pack, long packLengthBytes) {
    key = pack;
    lengthBytes = packLengthBytes;
    windowStart = 0;
    filled = 0;
    hasher = new Hasher();
  }

  /// Gives back what a large blob took.
  void shrink() {
    window = new byte[windowBytes];
    filled = 0;
  }

  /// The bytes that the positions which [#seek] returns are in.
  byte[] window() {
    return window;
  }

  /// Where in the window `length` bytes from `offset` of the pack are.
  ///
  /// @throws Corrupt if they are not in the pack, or went by before
  int seek(long offset, int length) {
    if (offset + length > lengthBytes) {
      throw new Corrupt(
          "bytes " + offset + " to " + (offset + length) + " are beyond its end at " + lengthBytes);
    }
    if (offset < windowStart) {
      throw new Corrupt("bytes from " + offset + " belong to two blobs");
    }
    while (windowStart + filled < offset) {
      windowStart += filled;
      filled = 0;
      fill(Math.toIntExact(Math.min(windowBytes, lengthBytes - windowStart)));
    }
    int at = Math.toIntExact(offset - windowStart);
    if (at + length > filled) {
      moveToFront(at);
      if (window.length < length) {
        window = Arrays.copyOf(window, length);
      }
      long wanted = Math.min(window.length, lengthBytes - windowStart);
      fill(Math.toIntExact(wanted - filled));
      at = 0;
    }
    return at;
  }

  private void moveToFront(int at) {
    System.arraycopy(window, at, window, 0, filled - at);
    windowStart += at;
    filled -= at;
  }

  private void fill(int bytes) {
    if (bytes > 0) {
      store.read(key, windowStart + filled, ByteBuffer.wrap(window, filled, bytes));
      hasher.update(window, filled, bytes);
      filled += bytes;
    }
  }

  /// Reads the rest and returns the hash of the whole pack.
  Hash finish() {
    while (windowStart + filled < lengthBytes) {
      windowStart += filled;
      filled = 0;
      fill(Math.toIntExact(Math.min(windowBytes, lengthBytes - windowStart)));
    }
    return hasher.end();
  }
}
