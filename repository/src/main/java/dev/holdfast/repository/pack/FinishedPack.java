package dev.holdfast.repository.pack;

import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.format.PackedBlob;
import java.nio.ByteBuffer;
import java.util.List;

/// A pack that is ready to be published. Its memory is free for another once it is.
public final class FinishedPack {
  private final PackId id;
  private final List<PackedBlob> blobs;
  private final byte[] buffer;
  private final int lengthBytes;

  FinishedPack(PackId id, List<PackedBlob> blobs, byte[] buffer, int lengthBytes) {
    this.id = id;
    this.blobs = List.copyOf(blobs);
    this.buffer = buffer;
    this.lengthBytes = lengthBytes;
  }

  public PackId id() {
    return id;
  }

  /// By ascending offset.
  public List<PackedBlob> blobs() {
    return blobs;
  }

  /// The whole pack.
  public ByteBuffer content() {
    return ByteBuffer.wrap(buffer, 0, lengthBytes);
  }

  public int lengthBytes() {
    return lengthBytes;
  }

  /// The memory that the pack lies in, to be used again when it is published.
  public byte[] buffer() {
    return buffer;
  }
}
