package dev.holdfast.engine.backup;

import dev.holdfast.engine.source.Content;
import dev.holdfast.engine.source.Cutting;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.write.SavedBlob;
import java.io.IOException;
import java.util.Arrays;

/// Cuts content into extents and stores them, a batch of neighbours at a time, which other workers
/// help with.
final class ExtentCutter {
  /// What is read at once: enough that the cost of a system call and of a hand-over do not count.
  static final int BATCH_BYTES = 1024 * 1024;

  private final BackupRun run;
  private final Content content;
  private final Cutting.Extents extents;
  private final PendingContent pending;
  private final OnFailure onFailure;

  /// Is told why the content could not be read, by any thread and more than once perhaps.
  interface OnFailure {
    void failed(IOException reason);
  }

  ExtentCutter(
      BackupRun run,
      Content content,
      Cutting.Extents extents,
      PendingContent pending,
      OnFailure failure) {
    this.run = run;
    this.content = content;
    this.extents = extents;
    this.pending = pending;
    this.onFailure = failure;
  }

  /// Stores all of the content. Parts of it may still be in work when this returns; `pending` is
  /// told of each, and is for the caller to end.
  void cut() {
    long length = content.lengthBytes();
    int extentBytes = extents.extentBytes();
    int batchBytes = Math.max(1, BATCH_BYTES / extentBytes) * extentBytes;
    long position = Math.min(extents.headBytes(), length);
    if (position > 0) {
      store(0, new int[] {(int) position});
    }
    while (position < length && !pending.hasFailed()) {
      int size = (int) Math.min(batchBytes, length - position);
      int[] lengths = new int[Math.ceilDiv(size, extentBytes)];
      Arrays.fill(lengths, extentBytes);
      lengths[lengths.length - 1] = size - (lengths.length - 1) * extentBytes;
      store(position, lengths);
      position += size;
    }
  }

  private void store(long position, int[] lengths) {
    run.checkNotCancelled();
    Batch batch = new Batch(position, lengths, pending.reserve(lengths.length));
    if (!run.workers().offer(batch)) {
      batch.run();
    }
  }

  /// Neighbouring extents.
  private final class Batch implements Workers.Job {
    private final long position;
    private final int[] lengths;
    private final int first;

    Batch(long position, int[] lengths, int first) {
      this.position = position;
      this.lengths = lengths;
      this.first = first;
    }

    @Override
    public void run() {
      int sizeBytes = Arrays.stream(lengths).sum();
      byte[] buffer = run.batchBuffer(Math.max(BATCH_BYTES, sizeBytes));
      try {
        content.read(position, buffer, 0, sizeBytes);
      } catch (IOException e) {
        onFailure.failed(e);
        pending.failed();
        return;
      }
      SavedBlob[] saved = new SavedBlob[lengths.length];
      int offset = 0;
      for (int i = 0; i < lengths.length; i++) {
        saved[i] = run.save(BlobType.DATA, buffer, offset, lengths[i]);
        offset += lengths[i];
      }
      run.bytesDone(sizeBytes);
      pending.saved(first, saved, lengths);
    }
  }
}
