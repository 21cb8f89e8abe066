package dev.holdfast.engine.source.postgres;

import dev.holdfast.engine.source.stream.BlockInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Reads another stream ahead, in a thread of its own, so that the program that writes it does not
/// wait while its bytes are worked on, and so that an interrupt ends a read that waits. One reader
/// at a time. Closing it leaves the other stream open; the thread ends when that ends.
final class ReadAhead extends BlockInput {
  /// What is handed over at once.
  private static final int BLOCK_BYTES = 512 * 1024;

  /// Blocks that are full and wait.
  private static final int BLOCKS = 2;

  /// A pipe holds as much; and larger reads make the JVM allocate outside its heap each time.
  private static final int READ_BYTES = 64 * 1024;

  private final InputStream input;
  private final BlockingQueue<Block> full = new ArrayBlockingQueue<>(BLOCKS);
  private final BlockingQueue<byte[]> free = new ArrayBlockingQueue<>(BLOCKS + 2);
  private final Silence silence;
  private final String place;
  private final Thread reader;
  private volatile long lastRead = System.nanoTime();
  private @Nullable Block current;
  private int at;
  private boolean ended;

  /// What was read, and why no more was.
  private static final class Block {
    private final byte[] array;
    private final int length;
    private final boolean last;
    private final @Nullable IOException failure;

    Block(byte[] array, int length, boolean last, @Nullable IOException failure) {
      this.array = array;
      this.length = length;
      this.last = last;
      this.failure = failure;
    }
  }

  /// @param name of the thread
  /// @param silence told when nothing comes for long
  /// @param place who writes the other stream, for that
  ReadAhead(InputStream input, String name, Silence silence, String place) {
    this.input = input;
    this.silence = silence;
    this.place = place;
    this.reader = Thread.ofPlatform().daemon().name(name).start(this::readAll);
  }

  private void readAll() {
    try {
      boolean more = true;
      while (more) {
        byte[] array = free.poll();
        Block block = fill(array == null ? new byte[BLOCK_BYTES] : array);
        more = !block.last;
        full.put(block);
      }
    } catch (InterruptedException _) {
      // Nobody wants the rest.
    }
  }

  private Block fill(byte[] array) {
    int filled = 0;
    try {
      while (filled < array.length) {
        int read = input.read(array, filled, Math.min(READ_BYTES, array.length - filled));
        if (read < 0) {
          return new Block(array, filled, true, null);
        }
        filled += read;
        lastRead = System.nanoTime();
      }
      return new Block(array, filled, false, null);
    } catch (IOException e) {
      return new Block(array, filled, true, e);
    }
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Block block = unread();
    if (block == null) {
      return -1;
    }
    int count = Math.min(length, block.length - at);
    System.arraycopy(block.array, at, target, offset, count);
    at += count;
    return count;
  }

  /// A block with bytes in it that were not taken yet, or null at the end.
  private @Nullable Block unread() throws IOException {
    while (!ended) {
      Block block = current;
      if (block != null && at < block.length) {
        return block;
      }
      if (block != null && block.last) {
        ended = true;
        if (block.failure != null) {
          throw block.failure;
        }
        return null;
      }
      if (block != null) {
        boolean _ = free.offer(block.array);
      }
      try {
        current = next();
        at = 0;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted");
      }
    }
    return null;
  }

  private Block next() throws InterruptedException {
    long limit = silence.limit().toNanos();
    long quiet = 0;
    while (quiet < limit) {
      Block block = full.poll(limit - quiet, TimeUnit.NANOSECONDS);
      if (block != null) {
        return block;
      }
      quiet = System.nanoTime() - lastRead;
    }
    silence.tell(place);
    return full.take();
  }

  @Override
  public void close() {
    reader.interrupt();
  }
}
