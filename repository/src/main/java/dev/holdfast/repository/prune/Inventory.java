package dev.holdfast.repository.prune;

import dev.holdfast.repository.IndexLoader;
import dev.holdfast.repository.Repository;
import dev.holdfast.repository.error.HoldfastException.Locked;
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
import org.jspecify.annotations.Nullable;

/// The index together with which file says what, so that later only the files that must change are
/// read again.
final class Inventory {
  private static final int FIRST_RUNS = 1 << 10;
  private static final int UNKNOWN = -1;

  private final Repository repository;
  private final BlobIndex index = new BlobIndex();
  private final List<FileNote> files = new ArrayList<>();
  private final Map<ObjectKey, FileNote> byKey = new HashMap<>();

  // The number of the file that each run comes from.
  private int[] fileOfRun = new int[FIRST_RUNS];

  /// What is known of an index file.
  static final class FileNote {
    private final ObjectKey key;
    private final int number;
    private int blobs;
    private boolean repeats;

    FileNote(ObjectKey key, int number) {
      this.key = key;
      this.number = number;
    }

    ObjectKey key() {
      return key;
    }

    int number() {
      return number;
    }

    /// How many blobs it names.
    int blobs() {
      return blobs;
    }

    /// Whether it says of some pack nothing but what another file says.
    boolean repeats() {
      return repeats;
    }
  }

  Inventory(Repository repository) {
    this.repository = repository;
    Arrays.fill(fileOfRun, UNKNOWN);
  }

  /// Loads the index files that were not loaded yet.
  ///
  /// @throws Locked if one that was loaded is gone, which only somebody else can have done who
  ///   removes things
  void load(Runnable advanced) {
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
        note -> {
          if (!IndexLoader.load(
              repository.files(), note.key, (pack, blobs) -> add(note, pack, blobs))) {
            throw changed(note.key);
          }
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

  BlobIndex index() {
    return index;
  }

  List<FileNote> files() {
    return List.copyOf(files);
  }

  /// The file that a run comes from, or null if its file was not seen yet.
  @Nullable FileNote fileOf(int run) {
    int number = run < fileOfRun.length ? fileOfRun[run] : UNKNOWN;
    return number == UNKNOWN ? null : files.get(number);
  }
}
