package dev.holdfast.repository.parallel;

import dev.holdfast.repository.error.HoldfastException;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/// Runs the same work in several threads and waits for all of them. The first failure stops the
/// others and is thrown; an interrupt of the waiting thread stops all.
public final class Workers {
  private static final ThreadFactory THREADS =
      Thread.ofPlatform().daemon().name("worker-", 0).factory();

  private Workers() {}

  /// Runs `work` in `count` threads, which share it out among themselves, and returns when all have
  /// ended. With one, it runs in the calling thread.
  ///
  /// @throws HoldfastException.Cancelled if the calling thread is interrupted
  public static void run(int count, Runnable work) {
    if (count == 1) {
      work.run();
      return;
    }
    ExecutorService pool = Executors.newFixedThreadPool(count, THREADS);
    try {
      CompletionService<Boolean> running = new ExecutorCompletionService<>(pool);
      for (int i = 0; i < count; i++) {
        running.submit(work, true);
      }
      for (int i = 0; i < count; i++) {
        running.take().get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException.Cancelled("the work was interrupted");
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    } finally {
      pool.shutdownNow();
      // Nobody may be at work any more when the caller goes on.
      pool.close();
    }
  }

  private static IllegalStateException rethrown(@Nullable Throwable failure) {
    switch (failure) {
      case RuntimeException unchecked -> throw unchecked;
      case Error error -> throw error;
      case null, default -> throw new IllegalStateException(failure);
    }
  }
}
