package dev.holdfast.engine.backup;

import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.write.SavedBlob;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The blobs of a file that is cut into several, which workers store in any order. Whoever ends it
/// last completes the file. Thread-safe.
final class PendingContent {
  /// Is told once, when everything is stored or the file was given up.
  interface Completion {
    /// Everything is stored, or nothing more will be.
    ///
    /// @param ids the file's blobs, or null if it was given up
    /// @param addedBytes plain bytes of new blobs
    /// @param storedBytes what those take in the repository
    void complete(@Nullable BlobIds ids, long addedBytes, long storedBytes);
  }

  private final Completion completion;
  private final List<BlobIds> parts = new ArrayList<>();
  private int open = 1;
  private boolean failed;
  private long addedBytes;
  private long storedBytes;

  PendingContent(Completion completion) {
    this.completion = completion;
  }

  /// Takes the place of the next part, to be ended by one [#saved] or [#failed].
  synchronized int reserve() {
    parts.add(BlobIds.EMPTY);
    open++;
    return parts.size() - 1;
  }

  /// Adds blobs that the repository has already as the next part.
  synchronized void kept(BlobIds blobs) {
    parts.add(blobs);
  }

  /// Ends a reservation with the blobs that were stored, any number of them.
  ///
  /// @param lengthsBytes plain length of each blob
  void saved(int part, SavedBlob[] blobs, int[] lengthsBytes) {
    BlobIds.Builder ids = new BlobIds.Builder(blobs.length);
    long added = 0;
    long stored = 0;
    for (int i = 0; i < blobs.length; i++) {
      SavedBlob blob = blobs[i];
      ids.add(blob.id());
      if (blob.isNew()) {
        added += lengthsBytes[i];
        stored += blob.storedBytes();
      }
    }
    synchronized (this) {
      parts.set(part, ids.build());
      addedBytes += added;
      storedBytes += stored;
    }
    close();
  }

  /// Ends a reservation, or the content as a whole, without success.
  void failed() {
    synchronized (this) {
      failed = true;
    }
    close();
  }

  synchronized boolean hasFailed() {
    return failed;
  }

  /// No more parts will be reserved.
  void end() {
    close();
  }

  private void close() {
    synchronized (this) {
      open--;
      if (open > 0) {
        return;
      }
    }
    completion.complete(failed ? null : BlobIds.concat(parts), addedBytes, storedBytes);
  }
}
