package dev.holdfast.engine.backup;

import dev.holdfast.repository.chunk.RabinCutter;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.write.SavedBlob;
import java.io.IOException;

/// Cuts bytes where they say so and stores the chunks, which other workers help with. One thread at
/// a time.
final class ContentCutter {
  /// What is read at once: a chunk's end is found at most this much too late, and what lies behind
  /// it is copied.
  private static final int READ_BYTES = 256 * 1024;

  private final BackupRun run;
  private final RabinCutter cutter;

  /// Bytes to cut.
  interface Input {
    /// Reads some bytes, at most `length`.
    ///
    /// @return how many, 0 or less at the end
    int read(byte[] target, int offset, int length) throws IOException;
  }

  ContentCutter(BackupRun run) {
    this.run = run;
    this.cutter = new RabinCutter(run.chunkerPolynomial());
  }

  /// Cuts and stores everything, `headBytes` of `head` first.
  ///
  /// @return the length of all of it
  long cut(byte[] head, int headBytes, Input input, PendingContent content) throws IOException {
    cutter.reset();
    byte[] buffer = run.chunkBuffers().take();
    System.arraycopy(head, 0, buffer, 0, headBytes);
    int filled = headBytes;
    int scanned = 0;
    long total = headBytes;
    while (true) {
      int end = cutter.next(buffer, scanned, filled - scanned);
      if (end >= 0) {
        byte[] next = run.chunkBuffers().take();
        System.arraycopy(buffer, end, next, 0, filled - end);
        save(buffer, end, content);
        buffer = next;
        filled -= end;
        scanned = 0;
        continue;
      }
      scanned = filled;
      int read = input.read(buffer, filled, Math.min(READ_BYTES, buffer.length - filled));
      if (read <= 0) {
        break;
      }
      filled += read;
      total += read;
      run.checkNotCancelled();
    }
    if (filled > 0) {
      save(buffer, filled, content);
    } else {
      run.chunkBuffers().give(buffer);
    }
    return total;
  }

  /// Stores a chunk, in another thread if one is free; the buffer is given back afterwards.
  private void save(byte[] buffer, int lengthBytes, PendingContent content) {
    ChunkJob job = new ChunkJob(run, buffer, lengthBytes, content, content.reserve());
    if (!run.workers().offer(job)) {
      job.run();
    }
  }

  private static final class ChunkJob implements Workers.Job {
    private final BackupRun run;
    private final byte[] buffer;
    private final int lengthBytes;
    private final PendingContent content;
    private final int part;

    ChunkJob(BackupRun run, byte[] buffer, int lengthBytes, PendingContent content, int part) {
      this.run = run;
      this.buffer = buffer;
      this.lengthBytes = lengthBytes;
      this.content = content;
      this.part = part;
    }

    @Override
    public void run() {
      SavedBlob saved = run.save(BlobType.DATA, buffer, 0, lengthBytes);
      run.chunkBuffers().give(buffer);
      run.bytesDone(lengthBytes);
      content.saved(part, new SavedBlob[] {saved}, new int[] {lengthBytes});
    }
  }
}
