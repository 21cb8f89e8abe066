package dev.holdfast.repository.parallel;

import dev.holdfast.repository.error.HoldfastException.Cancelled;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Something asked of a store before the answer is needed, so that several answers are under way at
/// a time. Thread-safe.
///
/// A store that is near is asked at once, by the thread that starts it: threads would take longer.
/// Closing it gives up what has not ended, and returns only then, so that the store can be closed.
public final class Ahead<T> implements AutoCloseable {
  private final FutureTask<T> task;
  private final @Nullable Thread thread;

  private Ahead(FutureTask<T> task, @Nullable Thread thread) {
    this.task = task;
    this.thread = thread;
  }

  /// Starts to do `question`.
  ///
  /// @param connections of the store that it asks
  public static <T> Ahead<T> ask(int connections, Supplier<T> question) {
    FutureTask<T> task = new FutureTask<>(question::get);
    if (connections <= ParallelLoading.THREADS) {
      task.run();
      return new Ahead<>(task, null);
    }
    return new Ahead<>(task, Thread.ofPlatform().daemon().name("ahead").start(task));
  }

  /// The answer, or what the question threw.
  ///
  /// @throws Cancelled if the calling thread is interrupted
  public T get() {
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Cancelled("interrupted while waiting for an answer of the store");
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException unchecked -> throw unchecked;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public void close() {
    if (thread == null) {
      return;
    }
    if (!task.isDone()) {
      thread.interrupt();
    }
    ThreadEnd.await(thread);
  }
}
