package dev.holdfast.repository.pack;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.format.PackedBlob;
import java.util.List;

/// Reads packs by ranges: headers and blobs (format sheet, section 4). Thread-safe.
@SuppressWarnings("DoNotCallSuggester")
public final class PackReader {
  /// What [#readBlobs] found at the place of each blob.
  public interface BlobVisitor {
    /// The blob's plain bytes, hash verified. The array is the visitor's to keep.
    void blob(PackedBlob blob, byte[] plain);

    /// The blob is damaged or cannot be read.
    void damaged(PackedBlob blob, HoldfastException cause);
  }

  /// The blobs that the pack itself says it holds, by ascending offset.
  ///
  /// @param packLengthBytes the pack's length in the store
  /// @throws HoldfastException.Corrupt if the header cannot be believed
  public List<PackedBlob> readHeader(PackId pack, long packLengthBytes) {
    throw new UnsupportedOperationException("not written yet: " + pack + packLengthBytes);
  }

  /// The plain bytes of one blob, authenticated, decompressed and compared with its id.
  ///
  /// @throws HoldfastException.Corrupt if it is damaged
  public byte[] readBlob(PackId pack, PackedBlob blob) {
    throw new UnsupportedOperationException("not written yet: " + pack + blob);
  }

  /// Reads `blobs`, which are in ascending order of offset, with as few requests as their gaps
  /// allow, and calls the visitor once for each, in order, in this thread.
  public void readBlobs(PackId pack, List<PackedBlob> blobs, BlobVisitor visitor) {
    throw new UnsupportedOperationException("not written yet: " + pack + blobs + visitor);
  }
}
