package dev.holdfast.repository.repair;

import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.format.IndexFile;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.format.PackedBlob;
import dev.holdfast.repository.index.IdTable;
import dev.holdfast.repository.index.IndexView;
import dev.holdfast.repository.parallel.ParallelLoading;
import dev.holdfast.repository.prune.IndexRewrite;
import dev.holdfast.repository.prune.Inventory;
import dev.holdfast.repository.prune.PackLengths;
import dev.holdfast.repository.store.ObjectInfo;
import dev.holdfast.repository.store.ObjectType;
import dev.holdfast.repository.write.WriteGate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes the index right by what the packs themselves say, as restic's `repair index`; but what it
/// says of a pack whose own header cannot be read is kept, since it is all there is to save the
/// pack's blobs by. The caller holds the exclusive lock. One thread at a time.
public final class IndexRepair {
  private static final int FORGOTTEN = 1;
  private static final int REREAD = 2;

  private final Repository repository;
  private final WriteGate gate;
  private final Inventory inventory;
  private final List<IndexFile.Entry> entries = Collections.synchronizedList(new ArrayList<>());
  private final IdTable dropped = new IdTable();
  private @Nullable IndexPlan plan;

  public IndexRepair(Repository repository, WriteGate gate) {
    this.repository = repository;
    this.gate = gate;
    inventory = new Inventory(repository);
  }

  /// Finds out what is to be done. Changes nothing.
  ///
  /// @param readAllPacks whether the header of every pack is read, not only of those that the index
  ///   does not name or has another length for
  public IndexPlan plan(boolean readAllPacks) {
    List<String> damaged = Collections.synchronizedList(new ArrayList<>());
    inventory.load(() -> {}, (file, reason) -> damaged.add(file.path()));
    IndexView view = inventory.index().view();
    PackLengths lengths = new PackLengths(view);
    Set<Integer> missing = new HashSet<>();
    for (int run = 0; run < view.runs(); run++) {
      if (view.isFirstRun(run)) {
        missing.add(run);
      }
    }
    List<ObjectInfo> suspects = new ArrayList<>();
    repository
        .store()
        .list(
            ObjectType.PACK,
            pack -> {
              int run = view.firstRun(new PackId(pack.key().hash()));
              missing.remove(run);
              if (readAllPacks || run == IndexView.NONE || lengths.of(run) != pack.lengthBytes()) {
                suspects.add(pack);
              }
            });
    missing.forEach(run -> dropped.put(view.pack(run).hash(), FORGOTTEN));
    IndexPlan made = read(view, suspects, damaged, missing);
    plan = made;
    return made;
  }

  private IndexPlan read(
      IndexView view, List<ObjectInfo> suspects, List<String> damaged, Set<Integer> missing) {
    List<PackId> added = Collections.synchronizedList(new ArrayList<>());
    List<PackId> reread = Collections.synchronizedList(new ArrayList<>());
    List<PackId> unreadable = Collections.synchronizedList(new ArrayList<>());
    ParallelLoading.forEach(
        suspects,
        repository.store().connections(),
        pack -> {
          PackId id = new PackId(pack.key().hash());
          List<PackedBlob> blobs;
          try {
            blobs = repository.packs().readHeader(id, pack.lengthBytes());
          } catch (Cancelled e) {
            throw e;
          } catch (Corrupt e) {
            unreadable.add(id);
            return;
          }
          if (view.firstRun(id) == IndexView.NONE) {
            added.add(id);
          } else if (blobs.equals(inventory.index().blobsOf(id))) {
            return;
          } else {
            reread.add(id);
          }
          entries.add(new IndexFile.Entry(id, blobs));
        });
    reread.forEach(pack -> dropped.put(pack.hash(), REREAD));
    boolean merges = inventory.files().stream().anyMatch(Inventory.FileNote::repeats);
    List<PackId> forgotten = missing.stream().map(view::pack).toList();
    return new IndexPlan(damaged, added, reread, forgotten, unreadable, merges);
  }

  /// Does what was planned: all new index files are there before an old one goes.
  ///
  /// @throws HoldfastException if a file cannot be kept or written; the index is as good as before
  public void execute(Keepsake keepsake) {
    IndexPlan planned = plan;
    if (planned == null) {
      throw new IllegalStateException("nothing was planned");
    }
    if (planned.isEmpty()) {
      return;
    }
    IndexRewrite rewrite =
        new IndexRewrite(repository, inventory, pack -> dropped.contains(pack.hash()), gate);
    for (IndexFile.Entry entry : entries) {
      if (!entry.blobs().isEmpty()) {
        rewrite.enter(entry.pack(), entry.blobs());
      }
    }
    rewrite.run(event -> {}, file -> keepsake.keep(repository.store(), file));
    repository.useIndex(null);
  }
}
