package dev.holdfast.engine.backup;

import dev.holdfast.repository.chunk.ChunkSizes;
import dev.holdfast.repository.chunk.GearCutter;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.write.SavedBlob;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// Cuts the rows of a dump into small chunks and stores them, a batch of neighbours at a time,
/// which other workers help with. For one stream.
final class RowCutter {
  /// Chunks that are handed over together, in bytes: so many that a hand-over does not count.
  private static final int BATCH_BYTES = 1024 * 1024;

  /// Unused buffers that are kept: what two workers have in use at most.
  private static final int KEPT_BUFFERS = 6;

  private final BackupRun run;
  private final GearCutter cutter;
  private final Buffers buffers;
  private final int[] ends;

  RowCutter(BackupRun run, ChunkSizes sizes) {
    this.run = run;
    this.cutter = new GearCutter(run.chunkerPolynomial(), sizes);
    // A chunk that began before the end of a batch fits in.
    int bufferBytes = BATCH_BYTES + sizes.maxBytes();
    this.buffers = new Buffers(bufferBytes, KEPT_BUFFERS);
    this.ends = new int[bufferBytes / sizes.minBytes() + 1];
  }

  /// Cuts and stores everything. Parts of it may still be in work when this returns; `content` is
  /// told of each, and is for the caller to end.
  ///
  /// @return the length of all of it
  long cut(InputStream input, PendingContent content) throws IOException {
    byte[] buffer = buffers.take();
    int filled = 0;
    int scanned = 0;
    int count = 0;
    long total = 0;
    while (true) {
      int read = input.read(buffer, filled, buffer.length - filled);
      run.checkNotCancelled();
      if (read <= 0) {
        break;
      }
      filled += read;
      total += read;
      for (int end = find(buffer, scanned, filled); end >= 0; end = find(buffer, end, filled)) {
        ends[count++] = end;
      }
      scanned = filled;
      int cutBytes = count == 0 ? 0 : ends[count - 1];
      if (cutBytes >= BATCH_BYTES) {
        byte[] next = buffers.take();
        System.arraycopy(buffer, cutBytes, next, 0, filled - cutBytes);
        save(buffer, Arrays.copyOf(ends, count), content);
        buffer = next;
        filled -= cutBytes;
        scanned = filled;
        count = 0;
      }
    }
    if (filled > 0) {
      if (count == 0 || ends[count - 1] < filled) {
        ends[count++] = filled;
      }
      save(buffer, Arrays.copyOf(ends, count), content);
    }
    return total;
  }

  private int find(byte[] buffer, int from, int to) {
    return cutter.next(buffer, from, to - from);
  }

  /// Stores the chunks of a batch, in another thread if one is free.
  private void save(byte[] buffer, int[] chunkEnds, PendingContent content) {
    Batch batch = new Batch(buffer, chunkEnds, content, content.reserve());
    if (!run.workers().offer(batch)) {
      batch.run();
    }
  }

  /// Neighbouring chunks and the buffer they are in, which is given back when they are stored.
  private final class Batch implements Workers.Job {
    private final byte[] buffer;
    private final int[] chunkEnds;
    private final PendingContent content;
    private final int part;

    Batch(byte[] buffer, int[] chunkEnds, PendingContent content, int part) {
      this.buffer = buffer;
      this.chunkEnds = chunkEnds;
      this.content = content;
      this.part = part;
    }

    @Override
    public void run() {
      SavedBlob[] saved = new SavedBlob[chunkEnds.length];
      int[] lengths = new int[chunkEnds.length];
      int start = 0;
      for (int i = 0; i < chunkEnds.length; i++) {
        lengths[i] = chunkEnds[i] - start;
        saved[i] = run.save(BlobType.DATA, buffer, start, lengths[i]);
        start = chunkEnds[i];
      }
      buffers.give(buffer);
      run.bytesDone(start);
      content.saved(part, saved, lengths);
    }
  }
}
