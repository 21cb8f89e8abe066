package dev.holdfast.repository.restore;

import dev.holdfast.repository.restore.RestoreEvent.Action;
import dev.holdfast.repository.restore.RestoreFinding.Severity;
import java.util.function.Consumer;

/// Passes events on, one at a time, and keeps the count. Thread-safe.
final class Reporter {
  private final Consumer<RestoreEvent> observer;

  private long items;
  private long unchanged;
  private long deleted;
  private long bytes;
  private long unchangedBytes;
  private long verifiedFiles;
  private long errors;
  private long warnings;
  private long ownersNotSet;

  Reporter(Consumer<RestoreEvent> observer) {
    this.observer = observer;
  }

  synchronized void planned(long moreItems, long moreBytes) {
    observer.accept(new RestoreEvent.Planned(moreItems, moreBytes));
  }

  synchronized void written(long more) {
    observer.accept(new RestoreEvent.Written(more));
  }

  synchronized void done(String path, Action action, long sizeBytes) {
    switch (action) {
      case RESTORED, UPDATED -> {
        items++;
        bytes += sizeBytes;
      }
      case UNCHANGED -> {
        unchanged++;
        unchangedBytes += sizeBytes;
      }
      case DELETED -> deleted++;
    }
    observer.accept(new RestoreEvent.Done(path, action, sizeBytes));
  }

  synchronized void verified(String path, long sizeBytes) {
    verifiedFiles++;
    observer.accept(new RestoreEvent.Verified(path, sizeBytes));
  }

  synchronized void error(String path, String message) {
    errors++;
    observer.accept(new RestoreEvent.Found(new RestoreFinding(Severity.ERROR, path, message)));
  }

  synchronized void warning(String path, String message) {
    warnings++;
    observer.accept(new RestoreEvent.Found(new RestoreFinding(Severity.WARNING, path, message)));
  }

  synchronized void ownerNotSet() {
    ownersNotSet++;
  }

  synchronized RestoreResult result() {
    return new RestoreResult(
        items,
        unchanged,
        deleted,
        bytes,
        unchangedBytes,
        verifiedFiles,
        errors,
        warnings,
        ownersNotSet);
  }
}
