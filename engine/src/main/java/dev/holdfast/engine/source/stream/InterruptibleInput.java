package dev.holdfast.engine.source.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Reads another stream in a thread of its own, so that an interrupt ends a read that waits: the
/// output of a process cannot be interrupted in any other way. After an interrupt it is of no use.
/// Closing it leaves the other stream open. One reader at a time.
public final class InterruptibleInput extends BlockInput {
  private final InputStream input;
  private final ExecutorService reader =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("stream-reader").factory());

  public InterruptibleInput(InputStream input) {
    this.input = input;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Future<Integer> read = reader.submit(() -> input.read(target, offset, length));
    try {
      return read.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    reader.shutdownNow();
  }
}
