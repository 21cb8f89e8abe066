package dev.holdfast.engine.backup;

import dev.holdfast.repository.format.BlobId;
import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.Hash;
import dev.holdfast.repository.write.SavedBlob;
import org.jspecify.annotations.Nullable;

/// The blobs of a file that is cut into several, which workers store in any order. Whoever ends it
/// last completes the file. Thread-safe.
final class PendingContent {
  private static final BlobId UNKNOWN = new BlobId(new Hash(0, 0, 0, 0));
  private static final int EXPECTED = 16;

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
  private final BlobIds.Builder ids = new BlobIds.Builder(EXPECTED);
  private int reserved;
  private int open = 1;
  private boolean failed;
  private long addedBytes;
  private long storedBytes;

  PendingContent(Completion completion) {
    this.completion = completion;
  }

  /// Takes the next `count` positions, to be ended by one [#saved] or [#failed].
  ///
  /// @return the first of them
  synchronized int reserve(int count) {
    int first = reserved;
    for (int i = 0; i < count; i++) {
      ids.add(UNKNOWN);
    }
    reserved = Math.addExact(reserved, count);
    open++;
    return first;
  }

  /// Ends a reservation with the blobs that were stored, one for each of its positions.
  ///
  /// @param lengthsBytes plain length of each blob
  void saved(int first, SavedBlob[] blobs, int[] lengthsBytes) {
    synchronized (this) {
      for (int i = 0; i < blobs.length; i++) {
        SavedBlob blob = blobs[i];
        ids.set(first + i, blob.id());
        if (blob.isNew()) {
          addedBytes += lengthsBytes[i];
          storedBytes += blob.storedBytes();
        }
      }
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

  /// No more positions will be reserved.
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
    completion.complete(failed ? null : ids.build(), addedBytes, storedBytes);
  }
}
