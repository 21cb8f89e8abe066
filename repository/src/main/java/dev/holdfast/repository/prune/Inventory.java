package dev.holdfast.repository.prune;

import dev.holdfast.repository.IndexLoader;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException.Corrupt;
import dev.holdfast.repository.error.HoldfastException.Locked;
import dev.holdfast.repository.format.IndexFile;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.format.PackedBlob;
import dev.holdfast.repository.index.BlobIndex;
import dev.holdfast.repository.index.IndexView;
import dev.holdfast.repository.parallel.ParallelLoading;
import dev.holdfast.repository.store.ObjectKey;
import dev.holdfast.repository.store.ObjectType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The index together with which file says what, so that later only the files that must change are
/// read again.
public final class Inventory {
  private static final int FIRST_RUNS = 1 << 10;
  private static final int UNKNOWN = -1;

  private final Repository repository;
  private final BlobIndex index = new BlobIndex();
  private final List<FileNote> files = new ArrayList<>();
  private final Map<ObjectKey, FileNote> byKey = new HashMap<>();

  // The number of the file that each run comes from.
  private int[] fileOfRun = new int[FIRST_RUNS];

  /// What is known of an index file.
  public static final class FileNote {
    private final ObjectKey key;
    private final int number;
    private int blobs;
    private boolean repeats;
    private boolean damaged;

    FileNote(ObjectKey key, int number) {
      this.key = key;
      this.number = number;
    }

    public ObjectKey key() {
      return key;
    }

    public int number() {
      return number;
    }

    /// How many blobs it names.
    public int blobs() {
      return blobs;
    }

    /// Whether it cannot be read.
    public boolean isDamaged() {
      return damaged;
    }

    /// Whether it says of some pack nothing but what another file says.
    public boolean repeats() {
      return repeats;
    }
  }

  public Inventory(Repository repository) {
    this.repository = repository;
    Arrays.fill(fileOfRun, UNKNOWN);
  }

  /// Loads the index files that were not loaded yet.
  ///
  /// @throws Locked if one that was loaded is gone, which only somebody else can have done who
  ///   removes things
  public void load(Runnable advanced) {
    load(
        advanced,
        (file, damage) -> {
          throw damage;
        });
  }

  /// The same, but goes on without the files that are damaged.
  ///
  /// @param damaged told of each of them, from several threads
  public void load(Runnable advanced, BiConsumer<ObjectKey, Corrupt> damaged) {
    List<ObjectKey> listed = repository.keys(ObjectType.INDEX);
    Set<ObjectKey> gone = new HashSet<>(byKey.keySet());
    List<FileNote> fresh = new ArrayList<>();
    for (ObjectKey key : listed) {
      if (!gone.remove(key)) {
        FileNote note = new FileNote(key, files.size());
        files.add(note);
        byKey.put(key, note);
        fresh.add(note);
      }
    }
    if (!gone.isEmpty()) {
      throw changed(gone.iterator().next());
    }
    ParallelLoading.forEach(
        fresh,
        repository.store().connections(),
        note -> {
          List<IndexFile.Entry> entries = new ArrayList<>();
          try {
            if (!IndexLoader.load(
                repository.files(),
                note.key,
                (pack, blobs) -> entries.add(new IndexFile.Entry(pack, blobs)))) {
              throw changed(note.key);
            }
          } catch (Corrupt e) {
            damaged.accept(note.key, e);
            note.damaged = true;
            entries.clear();
          }
          entries.forEach(entry -> add(note, entry.pack(), entry.blobs()));
          advanced.run();
        });
  }

  private static Locked changed(ObjectKey file) {
    return new Locked(
        file + " was removed by somebody else meanwhile",
        "nothing is lost; run the command again when nobody else prunes or repairs the repository");
  }

  private synchronized void add(FileNote file, PackId pack, List<PackedBlob> blobs) {
    file.blobs += blobs.size();
    int run = index.addPack(pack, blobs);
    if (run == IndexView.NONE) {
      file.repeats |= !adopt(file, pack);
      return;
    }
    setFile(run, file);
  }

  private void setFile(int run, FileNote file) {
    if (run >= fileOfRun.length) {
      int before = fileOfRun.length;
      fileOfRun = Arrays.copyOf(fileOfRun, Math.max(run + 1, 2 * before));
      Arrays.fill(fileOfRun, before, fileOfRun.length, UNKNOWN);
    }
    fileOfRun[run] = file.number;
  }

  /// Runs that a writer entered before its index file was seen come from that file.
  private boolean adopt(FileNote file, PackId pack) {
    IndexView view = index.view();
    boolean adopted = false;
    for (int run = view.firstRun(pack); run != IndexView.NONE; run = view.nextRun(run)) {
      if (fileOf(run) == null) {
        adopted = true;
        setFile(run, file);
      }
    }
    return adopted;
  }

  public BlobIndex index() {
    return index;
  }

  public List<FileNote> files() {
    return List.copyOf(files);
  }

  /// The file that a run comes from, or null if its file was not seen yet.
  public @Nullable FileNote fileOf(int run) {
    int number = run < fileOfRun.length ? fileOfRun[run] : UNKNOWN;
    return number == UNKNOWN ? null : files.get(number);
  }
}
