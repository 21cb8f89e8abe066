package dev.holdfast.repository.maintenance;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.Tree;
import dev.holdfast.repository.format.TreeCodec;
import dev.holdfast.repository.index.BlobIndex;
import dev.holdfast.repository.index.BlobLocation;
import dev.holdfast.repository.pack.BlobDecoder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Reads blobs by whatever is left of the index, trying every copy. Thread-safe.
final class BlobSearch {
  /// Bounds memory, and what a report says of copies that are damaged.
  private static final int MAX_REPORTED = CheckReport.MAX_FINDINGS;

  private final Repository repository;
  private final BlobIndex index;
  private final Findings findings;
  private final Set<Finding> reported = new HashSet<>();

  BlobSearch(Repository repository, BlobIndex index, Findings findings) {
    this.repository = repository;
    this.index = index;
    this.findings = findings;
  }

  BlobIndex index() {
    return index;
  }

  /// Reads a tree, and reports copies that are damaged where another is good.
  ///
  /// @throws HoldfastException if there is no good copy
  Tree loadTree(BlobId id) {
    return TreeCodec.decode(load(new BlobHandle(BlobType.TREE, id)));
  }

  /// Length of a tree's plain bytes, or zero if it is in no index.
  int lengthOf(BlobId tree) {
    BlobLocation location = index.find(new BlobHandle(BlobType.TREE, tree));
    return location == null ? 0 : BlobDecoder.plainLengthBytes(location.blob());
  }

  private byte[] load(BlobHandle handle) {
    List<Finding> damagedCopies = new ArrayList<>();
    HoldfastException first = null;
    for (BlobLocation location : index.findAll(handle)) {
      try {
        byte[] plain = repository.packs().readBlob(location.pack(), location.blob());
        damagedCopies.forEach(this::report);
        return plain;
      } catch (HoldfastException.Cancelled cancelled) {
        throw cancelled;
      } catch (HoldfastException e) {
        first = first == null ? e : first;
        damagedCopies.add(
            new Finding.CopyDamaged(handle, location.pack(), String.valueOf(e.getMessage())));
      }
    }
    if (first != null) {
      throw first;
    }
    throw new HoldfastException.NotFound("it is in no index", "");
  }

  /// A tree is read again and again while effects are found; its damage is said once.
  private void report(Finding copy) {
    synchronized (reported) {
      if (reported.size() == MAX_REPORTED || !reported.add(copy)) {
        return;
      }
    }
    findings.add(copy);
  }

  /// Whether a blob that is damaged at one place can be read at another.
  boolean isGoodElsewhere(BlobLocation damaged) {
    for (BlobLocation location : index.findAll(damaged.blob().handle())) {
      if (!location.equals(damaged) && isGood(location)) {
        return true;
      }
    }
    return false;
  }

  private boolean isGood(BlobLocation location) {
    try {
      repository.packs().readBlob(location.pack(), location.blob());
      return true;
    } catch (HoldfastException.Cancelled cancelled) {
      throw cancelled;
    } catch (HoldfastException alsoDamaged) {
      return false;
    }
  }
}
