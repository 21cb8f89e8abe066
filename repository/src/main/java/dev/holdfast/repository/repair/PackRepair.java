package dev.holdfast.repository.repair;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.error.HoldfastException.NotFound;
import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.format.PackedBlob;
import dev.holdfast.repository.index.BlobLocation;
import dev.holdfast.repository.pack.PackReader;
import dev.holdfast.repository.prune.IndexRewrite;
import dev.holdfast.repository.prune.Inventory;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.write.RepositoryWriter;
import dev.holdfast.repository.write.WriterOptions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Saves from damaged packs every blob that can be read into new packs, and then takes the damaged
/// packs out of the index and the store, as restic's `repair packs`. A copy of each damaged pack is
/// kept. The caller holds the exclusive lock. One thread at a time.
public final class PackRepair {
  private final Repository repository;
  private final WriterOptions writing;
  private final Inventory inventory;
  private final List<Salvage> plans = new ArrayList<>();

  /// What is to become of a pack.
  ///
  /// @param readable how many of its blobs are copied into a new pack
  /// @param elsewhere how many cannot be read here but in another pack
  /// @param lost blobs that cannot be read anywhere
  public record Salvage(PackId pack, int readable, int elsewhere, List<BlobHandle> lost) {
    public Salvage {
      lost = List.copyOf(lost);
    }

    /// The plan in words.
    public String line() {
      return "pack %s: save %d blobs, %d are good elsewhere, %d are lost"
          .formatted(pack, readable, elsewhere, lost.size());
    }
  }

  /// @param writing how new packs are written; its gate watches the lock
  public PackRepair(Repository repository, WriterOptions writing) {
    this.repository = repository;
    this.writing = writing;
    inventory = new Inventory(repository);
  }

  /// Reads the packs and says what can be saved. Changes nothing.
  ///
  /// @throws NotFound if there is no such pack, neither in the store nor in the index
  public List<Salvage> plan(List<PackId> packs) {
    inventory.load(() -> {});
    repository.useIndex(inventory.index());
    plans.clear();
    Set<PackId> all = new HashSet<>(packs);
    for (PackId pack : all) {
      plans.add(plan(pack, all));
    }
    return List.copyOf(plans);
  }

  private Salvage plan(PackId pack, Set<PackId> damaged) {
    List<PackedBlob> blobs = known(pack);
    if (blobs.isEmpty() && !repository.store().exists(PackReader.key(pack))) {
      throw new NotFound(
          "there is no pack " + pack + ", and the index names none",
          "'holdfast check --read-data' names the damaged packs");
    }
    Reading reading = new Reading();
    repository.packs().readBlobs(pack, blobs, reading);
    int elsewhere = 0;
    List<BlobHandle> lost = new ArrayList<>();
    for (PackedBlob blob : reading.damaged) {
      if (reading.good.contains(blob.handle())) {
        continue;
      }
      if (isGoodElsewhere(blob.handle(), damaged)) {
        elsewhere++;
      } else {
        lost.add(blob.handle());
      }
    }
    return new Salvage(pack, reading.good.size(), elsewhere, lost);
  }

  /// What the index and, as far as it can be read, the pack itself say that it holds.
  private List<PackedBlob> known(PackId pack) {
    Map<PackedBlob, Boolean> blobs = new LinkedHashMap<>();
    inventory.index().blobsOf(pack).forEach(blob -> blobs.put(blob, true));
    try {
      long length = repository.store().length(PackReader.key(pack));
      repository.packs().readHeader(pack, length).forEach(blob -> blobs.put(blob, true));
    } catch (Corrupt | NotFound e) {
      // Then the index has to do.
    }
    return blobs.keySet().stream().sorted(Comparator.comparingLong(PackedBlob::offset)).toList();
  }

  private boolean isGoodElsewhere(BlobHandle blob, Set<PackId> damaged) {
    for (BlobLocation location : inventory.index().findAll(blob)) {
      if (!damaged.contains(location.pack())) {
        try {
          repository.packs().readBlob(location.pack(), location.blob());
          return true;
        } catch (Cancelled e) {
          throw e;
        } catch (HoldfastException alsoDamaged) {
          // Perhaps a further one.
        }
      }
    }
    return false;
  }

  private static final class Reading implements PackReader.BlobVisitor {
    private final Set<BlobHandle> good = new HashSet<>();
    private final List<PackedBlob> damaged = new ArrayList<>();

    @Override
    public void blob(PackedBlob blob, byte[] plain, int lengthBytes) {
      good.add(blob.handle());
    }

    @Override
    public void damaged(PackedBlob blob, HoldfastException cause) {
      if (cause instanceof Cancelled) {
        throw cause;
      }
      damaged.add(blob);
    }
  }

  /// Does what was planned: keeps copies, saves the blobs, changes the index, deletes the packs.
  ///
  /// @throws HoldfastException if a pack cannot be kept; nothing was changed then
  public void execute(Keepsake keepsake) {
    Set<PackId> packs = new HashSet<>();
    plans.forEach(plan -> packs.add(plan.pack()));
    packs.forEach(pack -> keepsake.keep(repository.store(), PackReader.key(pack)));
    try (RepositoryWriter writer = repository.writer(writing)) {
      packs.forEach(pack -> save(pack, writer));
      writer.flush();
    }
    inventory.load(() -> {});
    new IndexRewrite(repository, inventory, packs::contains, writing.gate())
        .run(event -> {}, file -> keepsake.keep(repository.store(), file));
    for (PackId pack : packs) {
      writing.gate().check();
      ObjectKey key = PackReader.key(pack);
      repository.store().delete(key);
    }
    repository.useIndex(null);
  }

  private void save(PackId pack, RepositoryWriter writer) {
    Set<BlobHandle> saved = new HashSet<>();
    repository
        .packs()
        .readBlobs(
            pack,
            known(pack),
            new PackReader.BlobVisitor() {
              @Override
              public void blob(PackedBlob blob, byte[] plain, int lengthBytes) {
                if (saved.add(blob.handle())) {
                  writer.saveAgain(blob.handle(), plain, 0, lengthBytes);
                }
              }

              @Override
              public void damaged(PackedBlob blob, HoldfastException cause) {
                if (cause instanceof Cancelled) {
                  throw cause;
                }
              }
            });
  }
}
