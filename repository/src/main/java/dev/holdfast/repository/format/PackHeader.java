package dev.holdfast.repository.format;

import dev.holdfast.repository.error.HoldfastException.Corrupt;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// The plain bytes of a pack's header (format sheet, section 4). In the file the header is sealed
/// and followed by [#LENGTH_FIELD_BYTES] bytes with the sealed length, little-endian.
public final class PackHeader {
  /// Length of the field that closes a pack.
  public static final int LENGTH_FIELD_BYTES = Integer.BYTES;

  /// Length of the entry of an uncompressed blob.
  public static final int ENTRY_BYTES = 1 + Integer.BYTES + Hash.BYTES;

  /// Length of the entry of a compressed blob.
  public static final int COMPRESSED_ENTRY_BYTES = ENTRY_BYTES + Integer.BYTES;

  /// Longest sealed header that restic reads.
  public static final int MAX_SEALED_BYTES = 16 * 1024 * 1024;

  /// Most blobs in one pack, whether compressed or not.
  public static final int MAX_ENTRIES = MAX_SEALED_BYTES / COMPRESSED_ENTRY_BYTES - 1;

  /// Bit of the type byte that tells a tree.
  private static final int TREE = 1;

  /// Bit of the type byte that tells a compressed blob.
  private static final int COMPRESSED = 2;

  private PackHeader() {}

  /// Length of the header of `blobs`, in bytes.
  public static int lengthBytes(List<PackedBlob> blobs) {
    int length = 0;
    for (PackedBlob blob : blobs) {
      length += blob.isCompressed() ? COMPRESSED_ENTRY_BYTES : ENTRY_BYTES;
    }
    return length;
  }

  /// The header of a pack that holds `blobs` one after the other from offset 0.
  ///
  /// @throws IllegalArgumentException if they do not lie so, or are more than [#MAX_ENTRIES]
  public static byte[] encode(List<PackedBlob> blobs) {
    if (blobs.size() > MAX_ENTRIES) {
      throw new IllegalArgumentException(blobs.size() + " blobs in one pack");
    }
    ByteBuffer out = ByteBuffer.allocate(lengthBytes(blobs)).order(ByteOrder.LITTLE_ENDIAN);
    long offset = 0;
    for (PackedBlob blob : blobs) {
      if (blob.offset() != offset) {
        throw new IllegalArgumentException("a gap before offset " + blob.offset());
      }
      offset = blob.endOffset();
      int tree = blob.handle().type() == BlobType.TREE ? TREE : 0;
      out.put((byte) (tree | (blob.isCompressed() ? COMPRESSED : 0)));
      out.putInt(blob.lengthBytes());
      if (blob.isCompressed()) {
        out.putInt(blob.uncompressedLengthBytes());
      }
      out.put(blob.handle().id().hash().toBytes());
    }
    return out.array();
  }

  /// The blobs of a pack of `packLengthBytes` bytes, in the order of their offsets.
  ///
  /// @throws Corrupt if the header does not fit the format or the pack
  public static List<PackedBlob> decode(byte[] plain, long packLengthBytes) {
    ByteBuffer in = ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN);
    List<PackedBlob> blobs = new ArrayList<>(plain.length / ENTRY_BYTES);
    // The sealed header and its length come after the blobs, whatever sealing adds.
    long limit =
        Math.min(packLengthBytes - plain.length - LENGTH_FIELD_BYTES, PackedBlob.OFFSET_LIMIT - 1);
    long offset = 0;
    while (in.hasRemaining()) {
      PackedBlob blob = entry(in, offset, limit);
      blobs.add(blob);
      offset = blob.endOffset();
    }
    return blobs;
  }

  private static PackedBlob entry(ByteBuffer in, long offset, long limit) {
    int kind = Byte.toUnsignedInt(in.get());
    if (kind > (TREE | COMPRESSED)) {
      throw new Corrupt("pack header: field 'type' is " + kind);
    }
    boolean compressed = (kind & COMPRESSED) != 0;
    if (in.remaining() < (compressed ? COMPRESSED_ENTRY_BYTES : ENTRY_BYTES) - 1) {
      throw new Corrupt("pack header: last entry is cut off");
    }
    int length = length("length", in.getInt());
    int uncompressed = compressed ? length("uncompressed length", in.getInt()) : 0;
    if (offset + length > limit) {
      throw new Corrupt("pack header: blobs are longer than the pack");
    }
    byte[] id = new byte[Hash.BYTES];
    in.get(id);
    BlobType type = (kind & TREE) != 0 ? BlobType.TREE : BlobType.DATA;
    BlobHandle handle = new BlobHandle(type, new BlobId(Hash.read(id, 0)));
    return new PackedBlob(handle, offset, length, uncompressed);
  }

  private static int length(String field, int value) {
    if (value <= 0) {
      throw new Corrupt("pack header: field '" + field + "' is " + Integer.toUnsignedString(value));
    }
    return value;
  }
}
