package dev.holdfast.engine.backup;

import dev.holdfast.engine.backup.BackupEvent.Change;
import dev.holdfast.engine.backup.BackupEvent.ItemKind;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.format.Node;
import dev.holdfast.repository.format.Tree;
import dev.holdfast.repository.format.TreeCodec;
import dev.holdfast.repository.write.SavedBlob;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Stores directories as soon as everything in them is. Thread-safe.
final class DirectoryStoring {
  private final BackupRun run;

  DirectoryStoring(BackupRun run) {
    this.run = run;
  }

  /// Puts an entry, or nothing, into its place, and stores the directory if it is complete.
  void fill(PendingDirectory directory, int place, @Nullable Node node) {
    if (directory.fill(place, node)) {
      store(directory);
    }
  }

  /// Everything of a directory was found.
  void seal(PendingDirectory directory) {
    if (directory.seal() && !run.workers().offer(() -> store(directory))) {
      store(directory);
    }
  }

  /// Stores a complete directory, and every directory above that is complete with it.
  private void store(PendingDirectory complete) {
    PendingDirectory directory = complete;
    while (true) {
      byte[] json = TreeCodec.encode(new Tree(directory.takeEntries()));
      SavedBlob saved = run.save(BlobType.TREE, json, 0, json.length);
      directory.stored(saved.id());
      PendingDirectory parent = directory.parent();
      if (parent == null) {
        return;
      }
      Node node = directory.node().subtree(saved.id()).build();
      done(directory, node, saved, json.length);
      if (!parent.fill(directory.place(), node)) {
        return;
      }
      directory = parent;
    }
  }

  private void done(PendingDirectory directory, Node node, SavedBlob saved, int lengthBytes) {
    Change change = BackupRun.changeOf(directory.previousNode(), node);
    run.tally().directory(change);
    run.event(
        new BackupEvent.ItemDone(
            directory.path() + "/",
            ItemKind.DIRECTORY,
            change,
            0,
            saved.isNew() ? lengthBytes : 0,
            saved.storedBytes(),
            Duration.ofNanos(System.nanoTime() - directory.startNanos())));
  }
}
