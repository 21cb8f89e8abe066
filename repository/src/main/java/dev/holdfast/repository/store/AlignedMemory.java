package dev.holdfast.repository.store;

import java.nio.ByteBuffer;

/// Memory outside of Java's heap that a file can be written from where it is, past the system's
/// cache of pages.
public final class AlignedMemory {
  /// Where it begins, and its length, are multiples of this, which is a multiple of the units of
  /// the disks there are.
  static final int UNIT_BYTES = 4096;

  private AlignedMemory() {}

  /// Memory of at least so many bytes.
  public static ByteBuffer of(int capacityBytes) {
    int bytes = Math.ceilDiv(capacityBytes, UNIT_BYTES) * UNIT_BYTES;
    return ByteBuffer.allocateDirect(bytes + UNIT_BYTES).alignedSlice(UNIT_BYTES).slice(0, bytes);
  }
}
