package dev.holdfast.repository.index;

import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.format.PackedBlob;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Where every blob of the repository lies. Thread-safe: lookups run while packs are added.
@SuppressWarnings("DoNotCallSuggester")
public final class BlobIndex {
  /// Some stored copy of the blob, or null if there is none.
  public @Nullable BlobLocation find(BlobHandle handle) {
    throw new UnsupportedOperationException("not written yet: " + handle);
  }

  /// Every stored copy of the blob, in no particular order.
  public List<BlobLocation> findAll(BlobHandle handle) {
    throw new UnsupportedOperationException("not written yet: " + handle);
  }

  /// Whether the blob is stored.
  public boolean contains(BlobHandle handle) {
    return find(handle) != null;
  }

  /// Stored length of the blob's plain bytes, or -1 if there is no such blob.
  public int plainLengthBytes(BlobHandle handle) {
    throw new UnsupportedOperationException("not written yet: " + handle);
  }

  /// Number of stored copies of blobs.
  public int blobCount() {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Number of packs.
  public int packCount() {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Calls `each` once for every pack, in no particular order.
  public void forEachPack(Consumer<PackId> each) {
    throw new UnsupportedOperationException("not written yet: " + each);
  }

  /// The blobs of a pack by ascending offset, empty if the pack is not indexed.
  public List<PackedBlob> blobsOf(PackId pack) {
    throw new UnsupportedOperationException("not written yet: " + pack);
  }

  /// Enters the blobs of a pack that is in the store. What is entered already is left out.
  public void addPack(PackId pack, List<PackedBlob> blobs) {
    throw new UnsupportedOperationException("not written yet: " + pack + blobs);
  }
}
