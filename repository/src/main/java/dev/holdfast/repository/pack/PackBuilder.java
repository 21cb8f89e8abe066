package dev.holdfast.repository.pack;

import dev.holdfast.repository.crypto.Hasher;
import dev.holdfast.repository.crypto.Sealer;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.PackHeader;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.format.PackedBlob;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Collects sealed blobs in memory and closes them with a header (format sheet, section 4). One
/// thread at a time.
public final class PackBuilder {
  /// Most blobs of one pack: bounds the header and what is remembered of a pack that is not
  /// published yet. Only blobs below 512 bytes get here before a pack of the usual size is full.
  public static final int MAX_BLOBS = 32_768;

  private static final int FIRST_BUFFER_BYTES = 1 << 20;

  private static final int CLOSING_BYTES = Sealer.OVERHEAD_BYTES + PackHeader.LENGTH_FIELD_BYTES;

  private final int targetBytes;
  private final List<PackedBlob> blobs = new ArrayList<>();
  private byte[] buffer;
  private int length;

  /// @param targetBytes length of the finished pack that is not exceeded, unless by a single blob
  /// @param buffer memory to use for it, of any length; it belongs to the pack from now on
  public PackBuilder(int targetBytes, byte[] buffer) {
    this.targetBytes = targetBytes;
    this.buffer = buffer;
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
    if (!fits(sealedBytes)) {
      throw new IllegalStateException("pack is full");
    }
    reserve(sealedBytes + closingBytes(blobs.size() + 1));
    System.arraycopy(sealed, offset, buffer, length, sealedBytes);
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
      append(
          blob.handle(),
          other.buffer,
          Math.toIntExact(blob.offset()),
          blob.lengthBytes(),
          blob.uncompressedLengthBytes());
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
    reserve(header.length + CLOSING_BYTES);
    int sealedBytes = sealer.seal(header, 0, header.length, buffer, length);
    int end = length + sealedBytes + PackHeader.LENGTH_FIELD_BYTES;
    ByteBuffer.wrap(buffer)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(length + sealedBytes, sealedBytes);
    verify(sealer, sealedBytes, end);
    PackId id = new PackId(new Hasher().hash(buffer, 0, end));
    return new FinishedPack(id, blobs, buffer, end);
  }

  private void verify(Sealer sealer, int sealedBytes, int end) {
    byte[] plain = new byte[sealedBytes - Sealer.OVERHEAD_BYTES];
    sealer.open(buffer, length, sealedBytes, plain, 0);
    if (!PackHeader.decode(plain, end).equals(blobs)) {
      throw new Corrupt("header of a new pack does not read back as it was written");
    }
  }

  private static int closingBytes(int blobCount) {
    return blobCount * PackHeader.COMPRESSED_ENTRY_BYTES + CLOSING_BYTES;
  }

  private void reserve(int bytes) {
    int needed = Math.addExact(length, bytes);
    if (needed > buffer.length) {
      int doubled = Math.min(Math.max(2 * buffer.length, FIRST_BUFFER_BYTES), targetBytes);
      buffer = Arrays.copyOf(buffer, Math.max(needed, doubled));
    }
  }
}
