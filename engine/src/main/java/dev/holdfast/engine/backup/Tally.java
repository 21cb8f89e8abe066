package dev.holdfast.engine.backup;

import dev.holdfast.engine.backup.BackupEvent.Change;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.SnapshotSummary;
import dev.holdfast.repository.write.SavedBlob;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/// Counts what a backup does. Thread-safe; exact when no worker is at work.
final class Tally {
  private final Map<Change, LongAdder> files = counters();
  private final Map<Change, LongAdder> directories = counters();
  private final LongAdder dataBlobs = new LongAdder();
  private final LongAdder treeBlobs = new LongAdder();
  private final LongAdder addedBytes = new LongAdder();
  private final LongAdder storedBytes = new LongAdder();
  private final LongAdder processedBytes = new LongAdder();
  private final LongAdder problems = new LongAdder();

  private static Map<Change, LongAdder> counters() {
    Map<Change, LongAdder> counters = new EnumMap<>(Change.class);
    for (Change change : Change.values()) {
      counters.put(change, new LongAdder());
    }
    return counters;
  }

  void file(Change change, long sizeBytes) {
    counter(files, change).increment();
    processedBytes.add(sizeBytes);
  }

  void directory(Change change) {
    counter(directories, change).increment();
  }

  void blob(BlobType type, SavedBlob blob, int lengthBytes) {
    if (blob.isNew()) {
      switch (type) {
        case DATA -> dataBlobs.increment();
        case TREE -> treeBlobs.increment();
      }
      addedBytes.add(lengthBytes);
      storedBytes.add(blob.storedBytes());
    }
  }

  void problem() {
    problems.increment();
  }

  long problems() {
    return problems.sum();
  }

  private static LongAdder counter(Map<Change, LongAdder> counters, Change change) {
    return Objects.requireNonNull(counters.get(change));
  }

  private static long count(Map<Change, LongAdder> counters, Change change) {
    return counter(counters, change).sum();
  }

  SnapshotSummary summary(OffsetDateTime start, OffsetDateTime end) {
    long processed = 0;
    for (Change change : Change.values()) {
      processed += count(files, change);
    }
    return new SnapshotSummary(
        start,
        end,
        count(files, Change.NEW),
        count(files, Change.CHANGED),
        count(files, Change.UNCHANGED),
        count(directories, Change.NEW),
        count(directories, Change.CHANGED),
        count(directories, Change.UNCHANGED),
        dataBlobs.sum(),
        treeBlobs.sum(),
        addedBytes.sum(),
        storedBytes.sum(),
        processed,
        processedBytes.sum());
  }
}
