package dev.holdfast.repository.format;

/// Where a blob lies in its pack (format sheet, sections 4 and 6).
///
/// @param offset of the sealed blob from the start of the pack, in bytes, below 2^32
/// @param lengthBytes length of the sealed blob
/// @param uncompressedLengthBytes length of the plain blob if it is stored compressed; zero if it
///   is stored uncompressed, the plain length then being `lengthBytes` less the seal's overhead
public record PackedBlob(
    BlobHandle handle, long offset, int lengthBytes, int uncompressedLengthBytes) {
  /// First offset that is too large: packs are smaller than 4 GiB.
  public static final long OFFSET_LIMIT = 1L << 32;

  public PackedBlob {
    if (offset < 0 || lengthBytes < 0 || offset + lengthBytes >= OFFSET_LIMIT) {
      throw new IllegalArgumentException("offset " + offset + ", length " + lengthBytes);
    }
    if (uncompressedLengthBytes < 0) {
      throw new IllegalArgumentException("uncompressed length " + uncompressedLengthBytes);
    }
  }

  public boolean isCompressed() {
    return uncompressedLengthBytes != 0;
  }

  /// Offset of the first byte after the sealed blob.
  public long endOffset() {
    return offset + lengthBytes;
  }
}
