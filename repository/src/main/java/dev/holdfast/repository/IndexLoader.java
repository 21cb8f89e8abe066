package dev.holdfast.repository;

import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.error.HoldfastException.NotFound;
import dev.holdfast.repository.format.IndexCodec;
import dev.holdfast.repository.format.IndexVisitor;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.format.PackedBlob;
import dev.holdfast.repository.index.BlobIndex;
import dev.holdfast.repository.pack.UnpackedFiles;
import dev.holdfast.repository.store.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads one index file into the index in memory, a pack at a time.
final class IndexLoader implements IndexVisitor {
  private final BlobIndex index;
  private final List<PackedBlob> blobs = new ArrayList<>();
  private @Nullable PackId current;

  private IndexLoader(BlobIndex index) {
    this.index = index;
  }

  static void load(UnpackedFiles files, ObjectKey file, BlobIndex index) {
    byte[] json;
    try {
      json = files.load(file);
    } catch (NotFound e) {
      // Replaced by somebody else since the listing; what is still needed is in a newer file.
      return;
    }
    IndexLoader loader = new IndexLoader(index);
    try {
      IndexCodec.decode(json, loader);
    } catch (Corrupt e) {
      throw new Corrupt(file + " is damaged: " + e.getMessage(), e);
    }
    loader.endPack();
  }

  @Override
  public void pack(PackId pack) {
    endPack();
    current = pack;
  }

  @Override
  public void blob(PackId pack, PackedBlob blob) {
    blobs.add(blob);
  }

  private void endPack() {
    if (current != null) {
      index.addPack(current, blobs);
    }
    blobs.clear();
  }
}
