package dev.holdfast.engine.backup;

import dev.holdfast.engine.source.Content;
import dev.holdfast.repository.format.BlobIds;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.write.SavedBlob;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads the extents of one file and stores them, with the help of other workers. Parts may still
/// be in work when a method returns; the pending content is told of each, and is for its owner to
/// end.
final class ExtentStorage {
  /// What is read at once: enough that the cost of a system call and of a hand-over do not count.
  static final int BATCH_BYTES = 1024 * 1024;

  private final BackupRun run;
  private final Content content;
  private final PendingContent pending;
  private final OnFailure onFailure;

  /// Is told why the content could not be read, by any thread and more than once perhaps.
  interface OnFailure {
    void failed(IOException reason);
  }

  /// Says how a stretch that was read is to be cut.
  interface Cut {
    /// The lengths of the extents, `lengthBytes` together.
    int[] lengths(long position, byte[] bytes, int lengthBytes);
  }

  ExtentStorage(BackupRun run, Content content, PendingContent pending, OnFailure onFailure) {
    this.run = run;
    this.content = content;
    this.pending = pending;
    this.onFailure = onFailure;
  }

  BackupRun run() {
    return run;
  }

  PendingContent pending() {
    return pending;
  }

  long lengthBytes() {
    return content.lengthBytes();
  }

  boolean hasFailed() {
    return pending.hasFailed();
  }

  /// Stores the stretch from `position` in extents of the given lengths as the next part.
  ///
  /// @param isProgress whether nobody has counted these bytes as done
  void store(long position, int[] lengths, boolean isProgress) {
    long size = Arrays.stream(lengths).asLongStream().sum();
    store(position, Math.toIntExact(size), (_, _, _) -> lengths, isProgress);
  }

  /// Stores the stretch of `sizeBytes` from `position` as the next part, cut when it was read.
  void store(long position, int sizeBytes, Cut cut, boolean isProgress) {
    int part = pending.reserve();
    offer(() -> {
      byte[] buffer = read(position, sizeBytes);
      if (buffer == null) {
        pending.failed();
        return;
      }
      int[] lengths = cut.lengths(position, buffer, sizeBytes);
      SavedBlob[] saved = new SavedBlob[lengths.length];
      int offset = 0;
      for (int i = 0; i < lengths.length; i++) {
        saved[i] = run.save(BlobType.DATA, buffer, offset, lengths[i]);
        offset += lengths[i];
      }
      if (isProgress) {
        run.bytesDone(sizeBytes);
      }
      pending.saved(part, saved, lengths);
    });
  }

  /// Takes blobs that the repository has as the next part.
  void keep(BlobIds blobs) {
    pending.kept(blobs);
  }

  /// Has a job done, by another worker if one is free for it.
  void offer(Workers.Job job) {
    run.checkNotCancelled();
    if (!run.workers().offer(job)) {
      job.run();
    }
  }

  /// The bytes of a stretch, in this thread's buffer; or null, and the failure was told.
  byte @Nullable [] read(long position, int sizeBytes) {
    byte[] buffer = run.batchBuffer(Math.max(BATCH_BYTES, sizeBytes));
    try {
      content.read(position, buffer, 0, sizeBytes);
      return buffer;
    } catch (IOException e) {
      onFailure.failed(e);
      return null;
    }
  }
}
