package dev.holdfast.repository.index;

import dev.holdfast.repository.format.BlobHandle;
import dev.holdfast.repository.format.PackId;
import dev.holdfast.repository.format.PackedBlob;
import java.util.function.IntPredicate;

/// A look at a [BlobIndex] by numbers, for what goes through ten million blobs at once: entries are
/// stored copies of blobs, runs are what one index file says of one pack. Several threads may look,
/// while nobody adds anything. Numbers stay valid when something is added.
public final class IndexView {
  /// No entry, or no run.
  public static final int NONE = -1;

  private final BlobEntries entries;
  private final PackRuns runs;
  private final BlobIndex index;

  IndexView(BlobIndex index, BlobEntries entries, PackRuns runs) {
    this.index = index;
    this.entries = entries;
    this.runs = runs;
  }

  /// Number of entries.
  public int entries() {
    return entries.size();
  }

  /// The entry that stands for all copies of the blob, or [#NONE].
  public int entryOf(BlobHandle blob) {
    return index.firstEntry(blob);
  }

  /// The entry that stands for all copies of the blob that `entry` is a copy of: the lowest.
  public int firstCopy(int entry) {
    return index.firstEntryOf(entry);
  }

  /// Whether some copy of the blob that `entry` is a copy of lies in a run that `run` accepts.
  public boolean hasCopyIn(int entry, IntPredicate run) {
    return index.hasCopyIn(entry, run);
  }

  public boolean isTree(int entry) {
    return entries.isTree(entry);
  }

  public boolean isCompressed(int entry) {
    return entries.isCompressed(entry);
  }

  /// Length of the sealed blob.
  public int lengthBytes(int entry) {
    return entries.lengthBytes(entry);
  }

  public PackedBlob blob(int entry) {
    return entries.blob(entry);
  }

  /// Number of runs.
  public int runs() {
    return runs.size();
  }

  /// The first run of the pack, or [#NONE].
  public int firstRun(PackId pack) {
    return runs.find(pack);
  }

  /// The first run of the pack that the run belongs to.
  public int firstRunOf(int run) {
    return runs.isFirst(run) ? run : runs.find(runs.pack(run));
  }

  /// Whether the run is the first of its pack.
  public boolean isFirstRun(int run) {
    return runs.isFirst(run);
  }

  /// The next run of the same pack, or [#NONE].
  public int nextRun(int run) {
    return runs.next(run);
  }

  public PackId pack(int run) {
    return runs.pack(run);
  }

  /// The first entry of the run.
  public int fromEntry(int run) {
    return runs.firstEntry(run);
  }

  /// The entry after the last of the run.
  public int toEntry(int run) {
    return runs.firstEntry(run) + runs.entries(run);
  }
}
