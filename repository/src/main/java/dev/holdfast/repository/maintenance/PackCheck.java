package dev.holdfast.repository.maintenance;

import dev.holdfast.repository.crypto.Sealer;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.PackHeader;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.format.PackedBlob;
import dev.holdfast.repository.index.BlobIndex;
import dev.holdfast.repository.index.BlobLocation;
import dev.holdfast.repository.index.IdTable;
import dev.holdfast.repository.store.ObjectInfo;
import java.util.ArrayList;
import java.util.List;

/// Compares the packs in the store with those in the index. One thread only.
final class PackCheck {
  private static final long ABSENT = -1;

  private final BlobIndex index;
  private final Findings findings;
  private final Damage damage;

  /// Packs in the store, with their lengths.
  private final IdTable stored = new IdTable();

  PackCheck(BlobIndex index, Findings findings, Damage damage) {
    this.index = index;
    this.findings = findings;
    this.damage = damage;
  }

  /// Notes a pack of the listing.
  void found(ObjectInfo pack) {
    stored.put(pack.key().hash(), pack.lengthBytes());
  }

  /// Reports the differences.
  void check() {
    index.forEachPack(this::check);
    IdTable indexed = new IdTable();
    index.forEachPack(pack -> indexed.add(pack.hash()));
    stored.forEach((id, length) -> {
      if (!indexed.contains(id)) {
        findings.add(new Finding.PackNotIndexed(new PackId(id), length));
      }
    });
  }

  /// The packs that are both in the store and in the index.
  List<ReadData.StoredPack> readable() {
    List<ReadData.StoredPack> packs = new ArrayList<>();
    index.forEachPack(pack -> {
      long length = stored.get(pack.hash(), ABSENT);
      if (length != ABSENT) {
        packs.add(new ReadData.StoredPack(pack, length));
      }
    });
    return packs;
  }

  private void check(PackId pack) {
    List<PackedBlob> blobs = index.blobsOf(pack);
    long length = stored.get(pack.hash(), ABSENT);
    long expected = expectedLength(blobs);
    if (length == expected) {
      return;
    }
    int finding =
        findings.add(
            length == ABSENT
                ? new Finding.PackMissing(pack)
                : new Finding.PackLengthWrong(pack, length, expected));
    for (PackedBlob blob : blobs) {
      if (!isWithinReach(blob.handle())) {
        damage.blob(blob.handle(), finding);
      }
    }
  }

  /// Whether some copy of the blob lies within a pack of the store.
  boolean isWithinReach(BlobHandle handle) {
    for (BlobLocation location : index.findAll(handle)) {
      Hash pack = location.pack().hash();
      if (location.blob().endOffset() <= stored.get(pack, ABSENT)) {
        return true;
      }
    }
    return false;
  }

  private static long expectedLength(List<PackedBlob> blobs) {
    long length = Sealer.OVERHEAD_BYTES + PackHeader.LENGTH_FIELD_BYTES;
    for (PackedBlob blob : blobs) {
      length += blob.lengthBytes();
      length += blob.isCompressed() ? PackHeader.COMPRESSED_ENTRY_BYTES : PackHeader.ENTRY_BYTES;
    }
    return length;
  }
}
