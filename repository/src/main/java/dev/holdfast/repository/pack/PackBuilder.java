package dev.holdfast.repository.pack;

import dev.holdfast.repository.crypto.Hasher;
import dev.holdfast.repository.crypto.Sealer;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.PackHeader;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.format.PackedBlob;
import dev.holdfast.repository.store.AlignedMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// Collects sealed blobs in memory outside Java's heap, which could not hold a few of the largest
/// packs, and closes them with a header (format sheet, section 4). One thread at a time.
public final class PackBuilder {
  /// Most blobs of one pack: bounds the header and what is remembered of a pack that is not
  /// published yet. Only blobs below 512 bytes get here before a pack of the usual size is full.
  public static final int MAX_BLOBS = 32_768;

  private static final int FIRST_MEMORY_BYTES = 1 << 20;

  /// What is too small is left to the collector, so it grows in few steps.
  private static final int GROWTH = 4;

  private static final int CLOSING_BYTES = Sealer.OVERHEAD_BYTES + PackHeader.LENGTH_FIELD_BYTES;

  private final int targetBytes;
  private final List<PackedBlob> blobs = new ArrayList<>();
  private ByteBuffer memory;
  private int length;

  /// @param targetBytes length of the finished pack that is not exceeded, unless by a single blob
  public PackBuilder(int targetBytes) {
    this(targetBytes, ByteBuffer.allocateDirect(0));
  }

  /// @param memory to use for it, of any length; it belongs to the pack from now on
  public PackBuilder(int targetBytes, ByteBuffer memory) {
    this.targetBytes = targetBytes;
    this.memory = memory;
  }

  /// Whether another blob of this sealed length may be appended.
  public boolean fits(int sealedBytes) {
    return blobs.isEmpty()
        || (blobs.size() < MAX_BLOBS
            && (long) length + sealedBytes + closingBytes(blobs.size() + 1) <= targetBytes);
  }

  /// Appends a blob's sealed bytes.
  ///
  /// @param uncompressedBytes its plain length if it is compressed, else zero
  public void append(
      BlobHandle handle, byte[] sealed, int offset, int sealedBytes, int uncompressedBytes) {
    place(handle, sealedBytes, uncompressedBytes);
    memory.put(length - sealedBytes, sealed, offset, sealedBytes);
  }

  /// Makes room for a blob's bytes, the last ones of what is there then.
  private void place(BlobHandle handle, int sealedBytes, int uncompressedBytes) {
    if (!fits(sealedBytes)) {
      throw new IllegalStateException("pack is full");
    }
    reserve(sealedBytes + closingBytes(blobs.size() + 1));
    blobs.add(new PackedBlob(handle, length, sealedBytes, uncompressedBytes));
    length += sealedBytes;
  }

  /// Whether all blobs of `other` fit in here too.
  public boolean fits(PackBuilder other) {
    return blobs.size() + other.blobs.size() <= MAX_BLOBS
        && (long) length + other.length + closingBytes(blobs.size() + other.blobs.size())
            <= targetBytes;
  }

  /// Appends all blobs of `other`, which is of no use afterwards.
  public void appendAll(PackBuilder other) {
    for (PackedBlob blob : other.blobs) {
      place(blob.handle(), blob.lengthBytes(), blob.uncompressedLengthBytes());
      memory.put(
          length - blob.lengthBytes(),
          other.memory,
          Math.toIntExact(blob.offset()),
          blob.lengthBytes());
    }
  }

  public int blobCount() {
    return blobs.size();
  }

  /// Seals the header, names the pack and reads the header back. Nothing may be appended
  /// afterwards.
  ///
  /// @throws Corrupt if what was written does not read back
  public FinishedPack finish(Sealer sealer) {
    byte[] header = PackHeader.encode(blobs);
    byte[] sealed = new byte[header.length + Sealer.OVERHEAD_BYTES];
    sealer.seal(header, 0, header.length, sealed, 0);
    reserve(header.length + CLOSING_BYTES);
    memory.put(length, sealed);
    int end = length + sealed.length + PackHeader.LENGTH_FIELD_BYTES;
    memory.order(ByteOrder.LITTLE_ENDIAN).putInt(length + sealed.length, sealed.length);
    verify(sealer, sealed.length, end);
    ByteBuffer content = memory.slice(0, end);
    return new FinishedPack(new PackId(Hasher.of(content)), blobs, content, memory);
  }

  private void verify(Sealer sealer, int sealedBytes, int end) {
    byte[] sealed = new byte[sealedBytes];
    memory.get(length, sealed);
    byte[] plain = new byte[sealedBytes - Sealer.OVERHEAD_BYTES];
    sealer.open(sealed, 0, sealedBytes, plain, 0);
    if (!PackHeader.decode(plain, end).equals(blobs)) {
      throw new Corrupt("header of a new pack does not read back as it was written");
    }
  }

  private static int closingBytes(int blobCount) {
    return blobCount * PackHeader.COMPRESSED_ENTRY_BYTES + CLOSING_BYTES;
  }

  private void reserve(int bytes) {
    int needed = Math.addExact(length, bytes);
    if (needed > memory.capacity()) {
      long larger = Math.max((long) GROWTH * memory.capacity(), FIRST_MEMORY_BYTES);
      int capacity = Math.max(needed, Math.toIntExact(Math.min(larger, targetBytes)));
      memory = AlignedMemory.of(capacity).put(0, memory, 0, length);
    }
  }
}
