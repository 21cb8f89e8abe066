package dev.holdfast.repository.pack;

import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.format.PackedBlob;
import java.nio.ByteBuffer;
import java.util.List;

/// A pack that is ready to be published. Its memory is free for another once it is.
public final class FinishedPack {
  private final PackId id;
  private final List<PackedBlob> blobs;
  private final ByteBuffer content;
  private final ByteBuffer memory;

  FinishedPack(PackId id, List<PackedBlob> blobs, ByteBuffer content, ByteBuffer memory) {
    this.id = id;
    this.blobs = List.copyOf(blobs);
    this.content = content;
    this.memory = memory;
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
    return content.duplicate();
  }

  public int lengthBytes() {
    return content.remaining();
  }

  /// The memory that the pack lies in, to be used again when it is published.
  public ByteBuffer memory() {
    return memory;
  }
}
