package dev.holdfast.repository;

import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.error.HoldfastException.NotFound;
import dev.holdfast.repository.format.IndexCodec;
import dev.holdfast.repository.format.IndexVisitor;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.format.PackedBlob;
import dev.holdfast.repository.pack.UnpackedFiles;
import dev.holdfast.repository.store.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Reads one index file, a pack at a time.
public final class IndexLoader implements IndexVisitor {
  private final BiConsumer<PackId, List<PackedBlob>> each;
  private final List<PackedBlob> blobs = new ArrayList<>();
  private @Nullable PackId current;

  private IndexLoader(BiConsumer<PackId, List<PackedBlob>> each) {
    this.each = each;
  }

  /// Calls `each` with every pack that the file names and its blobs, a list that is used again.
  ///
  /// @return whether the file is there: it may have been replaced since the listing, and what is
  ///   still needed is in a newer file then
  /// @throws Corrupt if it is damaged; a part of it may have been told
  public static boolean load(
      UnpackedFiles files, ObjectKey file, BiConsumer<PackId, List<PackedBlob>> each) {
    byte[] json;
    try {
      json = files.load(file);
    } catch (NotFound e) {
      return false;
    }
    IndexLoader loader = new IndexLoader(each);
    try {
      IndexCodec.decode(json, loader);
    } catch (Corrupt e) {
      throw new Corrupt(file + " is damaged: " + e.getMessage(), e);
    }
    loader.endPack();
    return true;
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
      each.accept(current, blobs);
    }
    blobs.clear();
  }
}
