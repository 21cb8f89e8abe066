package dev.holdfast.repository.maintenance;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.format.PackedBlob;
import dev.holdfast.repository.index.BlobLocation;
import dev.holdfast.repository.pack.BlobDecoder;
import dev.holdfast.repository.pack.PackReader;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/// Reads whole packs from start to end and checks every byte: the hash, the header against the
/// index, each blob. A pack may have 4 GiB: only a window of it is in memory. One thread only.
final class PackVerifier implements AutoCloseable {
  /// What is read at once; more only where a blob is longer.
  static final int WINDOW_BYTES = 4 << 20;

  /// Bounds a finding; the rest is counted.
  private static final int MAX_DETAILS = 5;

  /// Packs with larger blobs are read one at a time: there is memory for one of the largest blobs,
  /// not for two.
  private static final int LARGE_BYTES = 2 * WINDOW_BYTES;

  private static final Object ONE_LARGE = new Object();

  private final Repository repository;
  private final BlobSearch search;
  private final Findings findings;
  private final Damage damage;
  private final BlobDecoder decoder;
  private final PackStream stream;
  private byte[] plain = new byte[WINDOW_BYTES];

  PackVerifier(
      Repository repository,
      BlobSearch search,
      Findings findings,
      Damage damage,
      SecureRandom random) {
    this.repository = repository;
    this.search = search;
    this.findings = findings;
    this.damage = damage;
    decoder = new BlobDecoder(repository.key().masterKey(), random);
    stream = new PackStream(repository.store(), WINDOW_BYTES);
  }

  /// Checks a pack and reports what is wrong with it.
  void verify(ReadData.StoredPack pack) {
    List<PackedBlob> indexed = search.index().blobsOf(pack.id());
    Details details = new Details();
    List<PackedBlob> damaged;
    if (indexed.stream().anyMatch(PackVerifier::isLarge)) {
      synchronized (ONE_LARGE) {
        damaged = readBlobs(pack, indexed, details);
        plain = new byte[WINDOW_BYTES];
        stream.shrink();
      }
    } else {
      damaged = readBlobs(pack, indexed, details);
    }
    checkHeader(pack, indexed, details);
    if (details.isEmpty()) {
      return;
    }
    int finding =
        findings.add(new Finding.PackDamaged(pack.id(), damaged.size(), details.toList()));
    for (PackedBlob blob : damaged) {
      if (!search.isGoodElsewhere(new BlobLocation(pack.id(), blob))) {
        damage.blob(blob.handle(), finding);
      }
    }
  }

  private static boolean isLarge(PackedBlob blob) {
    return Math.max(BlobDecoder.plainLengthBytes(blob), blob.lengthBytes()) > LARGE_BYTES;
  }

  /// Reads the pack to its end, returning the blobs that are damaged.
  private List<PackedBlob> readBlobs(
      ReadData.StoredPack pack, List<PackedBlob> indexed, Details details) {
    List<PackedBlob> damaged = new ArrayList<>();
    try {
      stream.open(PackReader.key(pack.id()), pack.lengthBytes());
      for (PackedBlob blob : indexed) {
        try {
          checkBlob(pack.id(), blob);
        } catch (HoldfastException.Corrupt | HoldfastException.Unsupported e) {
          details.add(String.valueOf(e.getMessage()));
          damaged.add(blob);
        }
      }
      Hash hash = stream.finish();
      if (!hash.equals(pack.id().hash())) {
        details.add("its content has the hash " + hash.toShortHex());
      }
      return damaged;
    } catch (HoldfastException.Cancelled cancelled) {
      throw cancelled;
    } catch (HoldfastException unreadable) {
      details.add("it cannot be read: " + unreadable.getMessage());
      return indexed;
    }
  }

  private void checkBlob(PackId pack, PackedBlob blob) {
    int plainLength = BlobDecoder.checkLengths(pack, blob);
    int at = stream.seek(blob.offset(), blob.lengthBytes());
    if (plain.length < plainLength) {
      plain = new byte[plainLength];
    }
    decoder.decode(pack, blob, stream.window(), at, plain, 0);
  }

  private void checkHeader(ReadData.StoredPack pack, List<PackedBlob> indexed, Details details) {
    try {
      List<PackedBlob> own = repository.packs().readHeader(pack.id(), pack.lengthBytes());
      if (!own.equals(indexed)) {
        details.add(
            "its header names "
                + own.size()
                + " blobs that differ from the "
                + indexed.size()
                + " in the index");
      }
    } catch (HoldfastException.Cancelled cancelled) {
      throw cancelled;
    } catch (HoldfastException e) {
      details.add(String.valueOf(e.getMessage()));
    }
  }

  /// What is wrong with a pack, in a few words however much it is.
  private static final class Details {
    private final List<String> first = new ArrayList<>();
    private int more;

    void add(String detail) {
      if (first.size() < MAX_DETAILS) {
        first.add(detail);
      } else {
        more++;
      }
    }

    boolean isEmpty() {
      return first.isEmpty();
    }

    List<String> toList() {
      List<String> all = new ArrayList<>(first);
      if (more > 0) {
        all.add("and " + more + " more");
      }
      return all;
    }
  }

  @Override
  public void close() {
    decoder.close();
  }
}
