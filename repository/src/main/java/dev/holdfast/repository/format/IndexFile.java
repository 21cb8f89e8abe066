package dev.holdfast.repository.format;

import java.util.List;

/// An index file: packs with all their blobs (format sheet, section 6).
public record IndexFile(List<Entry> packs) {
  public IndexFile {
    packs = List.copyOf(packs);
  }

  /// One pack with all its blobs.
  public record Entry(PackId pack, List<PackedBlob> blobs) {
    public Entry {
      blobs = List.copyOf(blobs);
    }
  }
}
