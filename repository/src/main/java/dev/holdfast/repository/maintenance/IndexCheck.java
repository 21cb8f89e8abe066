package dev.holdfast.repository.maintenance;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.IndexCodec;
import dev.holdfast.repository.format.IndexVisitor;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.format.PackedBlob;
import dev.holdfast.repository.index.BlobIndex;
import dev.holdfast.repository.index.IdTable;
import dev.holdfast.repository.store.ObjectKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Loads what can be loaded of the index, and finds packs that it describes twice. One thread only.
final class IndexCheck {
  private final Repository repository;
  private final Findings findings;
  private final BlobIndex index = new BlobIndex();
  private final IdTable contents = new IdTable();
  private final IdTable reported = new IdTable();

  IndexCheck(Repository repository, Findings findings) {
    this.repository = repository;
    this.findings = findings;
  }

  /// The index without the files that are damaged.
  BlobIndex index() {
    return index;
  }

  void check(ObjectKey file) {
    try {
      PackCollector collector = new PackCollector();
      IndexCodec.decode(repository.files().load(file), collector);
      collector.endPack();
    } catch (HoldfastException.Cancelled cancelled) {
      throw cancelled;
    } catch (HoldfastException.NotFound replacedMeanwhile) {
      return;
    } catch (HoldfastException damage) {
      findings.add(
          new Finding.FileDamaged(file, Severity.ERROR, "cannot be read: " + damage.getMessage()));
    }
  }

  private void add(PackId pack, List<PackedBlob> blobs) {
    blobs.sort(Comparator.comparingLong(PackedBlob::offset));
    long content = fingerprint(blobs);
    long before = contents.get(pack.hash(), content);
    if (contents.contains(pack.hash())) {
      reportOnce(pack, before == content);
    } else {
      contents.put(pack.hash(), content);
      if (isMixed(blobs)) {
        findings.add(new Finding.PackMixed(pack));
      }
    }
    index.addPack(pack, blobs);
  }

  private void reportOnce(PackId pack, boolean same) {
    if (!same) {
      // The worse of the two is said even where the other was said before.
      boolean known = reported.get(pack.hash(), 0) == 2;
      reported.put(pack.hash(), 2);
      if (!known) {
        findings.add(new Finding.PackIndexedDifferently(pack));
      }
    } else if (reported.add(pack.hash())) {
      findings.add(new Finding.PackIndexedTwice(pack));
    }
  }

  private static long fingerprint(List<PackedBlob> blobs) {
    long sum = 1;
    for (PackedBlob blob : blobs) {
      sum = sum * 0x100000001B3L + blob.handle().id().hash().w0();
      sum = sum * 0x100000001B3L + (blob.handle().type() == BlobType.TREE ? 1 : 0);
      sum = sum * 0x100000001B3L + blob.offset();
      sum = sum * 0x100000001B3L + blob.lengthBytes();
      sum = sum * 0x100000001B3L + blob.uncompressedLengthBytes();
    }
    return sum;
  }

  private static boolean isMixed(List<PackedBlob> blobs) {
    BlobType first = blobs.isEmpty() ? BlobType.DATA : blobs.getFirst().handle().type();
    return blobs.stream().anyMatch(blob -> blob.handle().type() != first);
  }

  /// Gathers the blobs of a pack as the file tells them.
  private final class PackCollector implements IndexVisitor {
    private final List<PackedBlob> blobs = new ArrayList<>();
    private @Nullable PackId current;

    @Override
    public void pack(PackId pack) {
      endPack();
      current = pack;
    }

    @Override
    public void blob(PackId pack, PackedBlob blob) {
      blobs.add(blob);
    }

    void endPack() {
      if (current != null) {
        add(current, blobs);
      }
      blobs.clear();
    }
  }
}
