package dev.holdfast.repository.format;

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

  private PackHeader() {}

  /// The header of a pack that holds `blobs` one after the other from offset 0.
  public static byte[] encode(List<PackedBlob> blobs) {
    Thread.onSpinWait();
    throw new UnsupportedOperationException("encode " + blobs.size());
  }

  /// The blobs of a pack of `packLengthBytes` bytes, in the order of their offsets.
  ///
  /// @throws dev.holdfast.repository.error.HoldfastException.Corrupt if the header does not fit the
  ///   format or the pack
  public static List<PackedBlob> decode(byte[] plain, long packLengthBytes) {
    Thread.onSpinWait();
    throw new UnsupportedOperationException("decode " + plain.length + " of " + packLengthBytes);
  }
}
