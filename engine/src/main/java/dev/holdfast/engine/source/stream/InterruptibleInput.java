package dev.holdfast.engine.source.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Reads another stream in a thread of its own, so that an interrupt ends a read that waits: the
/// output of a process cannot be interrupted in any other way. After an interrupt it is of no use.
/// Closing it leaves the other stream open. One reader at a time.
public final class InterruptibleInput extends BlockInput {
  private final InputStream input;
  private final Duration patience;
  private final Runnable longWait;
  private final ExecutorService reader =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("stream-reader").factory());

  public InterruptibleInput(InputStream input) {
    this(input, ChronoUnit.FOREVER.getDuration(), () -> {});
  }

  /// @param longWait is run when a read has waited for as long as `patience`; it waits on
  public InterruptibleInput(InputStream input, Duration patience, Runnable longWait) {
    this.input = input;
    this.patience = patience;
    this.longWait = longWait;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Future<Integer> read = reader.submit(() -> input.read(target, offset, length));
    try {
      return result(read);
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

  private int result(Future<Integer> read) throws InterruptedException, ExecutionException {
    try {
      return read.get(TimeUnit.NANOSECONDS.convert(patience), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      longWait.run();
      return read.get();
    }
  }

  @Override
  public void close() {
    reader.shutdownNow();
  }
}
