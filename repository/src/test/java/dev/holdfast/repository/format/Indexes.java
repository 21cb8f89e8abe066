package dev.holdfast.repository.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Index files as a whole, which only tests hold in memory so.
final class Indexes {
  private Indexes() {}

  static IndexFile decode(byte[] json) {
    Map<PackId, List<PackedBlob>> packs = new LinkedHashMap<>();
    IndexCodec.decode(
        json, (pack, blob) -> packs.computeIfAbsent(pack, id -> new ArrayList<>()).add(blob));
    List<IndexFile.Entry> entries = new ArrayList<>();
    packs.forEach((pack, blobs) -> entries.add(new IndexFile.Entry(pack, blobs)));
    return new IndexFile(entries);
  }
}
