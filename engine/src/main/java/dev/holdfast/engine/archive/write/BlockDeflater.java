package dev.holdfast.engine.archive.write;

import dev.holdfast.repository.error.HoldfastException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.Deflater;

/// Compresses a stream with Deflate (RFC 1951) in several threads: block by block, each with the
/// end of the one before as its dictionary, joined at byte boundaries. The result is one ordinary
/// Deflate stream. One writer at a time; [#close] ends the threads and leaves the target open.
public final class BlockDeflater implements AutoCloseable {
  /// Long enough that what is lost at its start does not count, short enough to keep few of them.
  static final int BLOCK_BYTES = 512 * 1024;

  /// What Deflate looks back.
  private static final int DICTIONARY_BYTES = 32 * 1024;

  private static final int THREADS_MAX = 8;

  private final OutputStream target;
  private final int level;
  private final int waitingMax;
  private final ExecutorService workers;
  private final Deque<Future<Piece>> waiting = new ArrayDeque<>();
  private byte[] block = new byte[BLOCK_BYTES];
  private byte[] dictionary = new byte[0];
  private int filled;
  private long writtenBytes;

  /// What became of a block.
  private static final class Piece {
    private final byte[] bytes;
    private final int length;

    Piece(byte[] bytes, int length) {
      this.bytes = bytes;
      this.length = length;
    }
  }

  /// @param level of compression, 1 to 9
  public BlockDeflater(OutputStream target, int level) {
    this.target = target;
    this.level = level;
    int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, THREADS_MAX);
    waitingMax = threads + 1;
    workers =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("deflate-", 0).factory());
  }

  public void write(byte[] bytes, int offset, int length) throws IOException {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      int part = Math.min(end - at, BLOCK_BYTES - filled);
      System.arraycopy(bytes, at, block, filled, part);
      filled += part;
      at += part;
      if (filled == BLOCK_BYTES) {
        submit(false);
      }
    }
  }

  /// Ends the stream, and gives the length of all of it.
  public long finish() throws IOException {
    submit(true);
    while (!waiting.isEmpty()) {
      writeFirst();
    }
    return writtenBytes;
  }

  private void submit(boolean last) throws IOException {
    byte[] input = block;
    byte[] before = dictionary;
    int length = filled;
    waiting.add(workers.submit(() -> compress(input, length, before, last)));
    dictionary = Arrays.copyOfRange(input, Math.max(0, length - DICTIONARY_BYTES), length);
    block = last ? block : new byte[BLOCK_BYTES];
    filled = 0;
    if (waiting.size() > waitingMax) {
      writeFirst();
    }
  }

  private Piece compress(byte[] input, int length, byte[] before, boolean last) {
    try (Deflater deflater = new Deflater(level, true)) {
      deflater.setDictionary(before);
      deflater.setInput(input, 0, length);
      if (last) {
        deflater.finish();
      }
      byte[] output = new byte[length / 2 + 64];
      int at = 0;
      while (true) {
        at += deflater.deflate(output, at, output.length - at, Deflater.SYNC_FLUSH);
        if (last ? deflater.finished() : at < output.length) {
          return new Piece(output, at);
        }
        output = Arrays.copyOf(output, output.length * 2);
      }
    }
  }

  private void writeFirst() throws IOException {
    try {
      Piece piece = waiting.remove().get();
      target.write(piece.bytes, 0, piece.length);
      writtenBytes += piece.length;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException.Cancelled("interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    workers.shutdownNow();
  }
}
