package dev.holdfast.repository.prune;

import dev.holdfast.repository.IndexLoader;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException.Locked;
import dev.holdfast.repository.format.IndexCodec;
import dev.holdfast.repository.format.IndexFile;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.format.PackedBlob;
import dev.holdfast.repository.index.IndexView;
import dev.holdfast.repository.parallel.ParallelLoading;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import dev.holdfast.repository.write.WriteGate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Puts new index files, which lack the packs that go, in place of those that name them, and merges
/// small files on the way: first all new ones, then the old ones go. Whoever reads the index
/// between finds everything that stays, at worst twice.
public final class IndexRewrite {
  /// Blobs of a full index file, as restic writes it.
  static final int FULL_BLOBS = 50_000;

  /// Files with fewer are merged when others have to be written anyway.
  private static final int SMALL_BLOBS = FULL_BLOBS / 2;

  /// So many small files are merged for their own sake: each costs a request when the index is
  /// read.
  private static final int MANY_FILES = 16;

  private final Repository repository;
  private final Inventory inventory;
  private final IndexView view;
  private final Predicate<PackId> isDropped;
  private final WriteGate gate;
  private List<IndexFile.Entry> pending = new ArrayList<>();
  private int pendingBlobs;

  /// @param inventory all index files
  /// @param isDropped whether the index is no longer to name a pack
  public IndexRewrite(
      Repository repository, Inventory inventory, Predicate<PackId> isDropped, WriteGate gate) {
    this.repository = repository;
    this.inventory = inventory;
    this.view = inventory.index().view();
    this.isDropped = isDropped;
    this.gate = gate;
  }

  /// Whether there are so many small files, or files that repeat others, that they should be merged
  /// even if no pack goes.
  static boolean isDue(Inventory inventory) {
    List<Inventory.FileNote> files = inventory.files();
    return files.stream().anyMatch(Inventory.FileNote::repeats)
        || files.stream().filter(file -> file.blobs() < SMALL_BLOBS).count() >= MANY_FILES;
  }

  /// Enters a pack anew. To be called before [#run].
  public void enter(PackId pack, List<PackedBlob> blobs) {
    write(addAndTakeIfFull(pack, blobs));
  }

  /// Writes the new files and deletes the old ones.
  ///
  /// @param observer called from several threads
  /// @param beforeDeletion told which files go, when all new ones are there
  public void run(Consumer<PruneEvent> observer, Consumer<ObjectKey> beforeDeletion) {
    List<Inventory.FileNote> old = outdated();
    observer.accept(new PruneEvent.Began(PruneEvent.Stage.REWRITE_INDEX, old.size()));
    ParallelLoading.forEach(
        old.stream().filter(file -> !file.isDamaged()).toList(),
        repository.store().connections(),
        file -> {
          boolean there =
              IndexLoader.load(
                  repository.files(), file.key(), (pack, blobs) -> add(file, pack, blobs));
          if (!there) {
            throw new Locked(
                file.key() + " was removed by somebody else meanwhile",
                "nothing is lost; run the command again");
          }
          observer.accept(new PruneEvent.Advanced());
        });
    write(take());
    old.forEach(file -> beforeDeletion.accept(file.key()));
    for (Inventory.FileNote file : old) {
      gate.check();
      repository.store().delete(file.key());
    }
  }

  private List<Inventory.FileNote> outdated() {
    BitSet numbers = new BitSet();
    for (int run = 0; run < view.runs(); run++) {
      if (isDropped.test(view.pack(run))) {
        Inventory.FileNote file = inventory.fileOf(run);
        if (file == null) {
          throw new IllegalStateException("pack " + view.pack(run) + " is in no index file");
        }
        numbers.set(file.number());
      }
    }
    List<Inventory.FileNote> files = inventory.files();
    files.stream()
        .filter(file -> file.repeats() || file.isDamaged())
        .forEach(file -> numbers.set(file.number()));
    if (!numbers.isEmpty() || isDue(inventory)) {
      files.stream()
          .filter(file -> file.blobs() < SMALL_BLOBS)
          .forEach(file -> numbers.set(file.number()));
    }
    return numbers.stream().mapToObj(files::get).toList();
  }

  private void add(Inventory.FileNote file, PackId pack, List<PackedBlob> blobs) {
    if (!isDropped.test(pack) && !blobs.isEmpty() && !isRepeated(file, pack)) {
      write(addAndTakeIfFull(pack, blobs));
    }
  }

  /// Whether another file says the same. Where files contradict each other, all of it is kept.
  private boolean isRepeated(Inventory.FileNote file, PackId pack) {
    int run = view.firstRun(pack);
    return view.nextRun(run) == IndexView.NONE && inventory.fileOf(run) != file;
  }

  private synchronized List<IndexFile.Entry> addAndTakeIfFull(PackId pack, List<PackedBlob> blobs) {
    pending.add(new IndexFile.Entry(pack, List.copyOf(blobs)));
    pendingBlobs += blobs.size();
    return pendingBlobs >= FULL_BLOBS ? take() : List.of();
  }

  private synchronized List<IndexFile.Entry> take() {
    List<IndexFile.Entry> taken = pending;
    pending = new ArrayList<>();
    pendingBlobs = 0;
    return taken;
  }

  private void write(List<IndexFile.Entry> packs) {
    if (!packs.isEmpty()) {
      gate.check();
      repository.files().save(ObjectType.INDEX, IndexCodec.encode(new IndexFile(packs)));
    }
  }
}
