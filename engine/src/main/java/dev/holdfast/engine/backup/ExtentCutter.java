package dev.holdfast.engine.backup;

import dev.holdfast.engine.source.Content;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.write.SavedBlob;
import java.io.IOException;

/// Cuts content into extents of one size and stores them, a batch of neighbours at a time, which
/// other workers help with.
final class ExtentCutter {
  /// What is read at once: enough that the cost of a system call and of a hand-over do not count.
  static final int BATCH_BYTES = 1024 * 1024;

  private final BackupRun run;
  private final Content content;
  private final int extentBytes;
  private final PendingContent pending;
  private final OnFailure onFailure;

  /// Is told why the content could not be read, by any thread and more than once perhaps.
  interface OnFailure {
    void failed(IOException reason);
  }

  ExtentCutter(
      BackupRun run, Content content, int extentBytes, PendingContent pending, OnFailure failure) {
    this.run = run;
    this.content = content;
    this.extentBytes = extentBytes;
    this.pending = pending;
    this.onFailure = failure;
  }

  /// Stores all of the content. Parts of it may still be in work when this returns; `pending` is
  /// told of each, and is for the caller to end.
  void cut() {
    int batchBytes = Math.max(1, BATCH_BYTES / extentBytes) * extentBytes;
    long length = content.lengthBytes();
    for (long position = 0; position < length; position += batchBytes) {
      if (pending.hasFailed()) {
        return;
      }
      run.checkNotCancelled();
      int size = (int) Math.min(batchBytes, length - position);
      int count = Math.ceilDiv(size, extentBytes);
      Batch batch = new Batch(position, size, count, pending.reserve(count));
      if (!run.workers().offer(batch)) {
        batch.run();
      }
    }
  }

  private final class Batch implements Workers.Job {
    private final long position;
    private final int sizeBytes;
    private final int count;
    private final int first;

    Batch(long position, int sizeBytes, int count, int first) {
      this.position = position;
      this.sizeBytes = sizeBytes;
      this.count = count;
      this.first = first;
    }

    @Override
    public void run() {
      byte[] buffer = run.batchBuffer(Math.max(BATCH_BYTES, extentBytes));
      try {
        content.read(position, buffer, 0, sizeBytes);
      } catch (IOException e) {
        onFailure.failed(e);
        pending.failed();
        return;
      }
      SavedBlob[] saved = new SavedBlob[count];
      for (int i = 0; i < count; i++) {
        saved[i] = run.save(BlobType.DATA, buffer, i * extentBytes, lengthOf(i));
      }
      run.bytesDone(sizeBytes);
      pending.saved(first, saved, count, extentBytes, lengthOf(count - 1));
    }

    private int lengthOf(int extent) {
      return Math.min(extentBytes, sizeBytes - extent * extentBytes);
    }
  }
}
