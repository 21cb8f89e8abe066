package dev.holdfast.repository;

import dev.holdfast.repository.error.HoldfastException.Cancelled;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// Does something with many small files of a repository, a few at a time.
final class ParallelLoading {
  /// Threads, each with one file in memory: decrypting and parsing keeps two cores busy.
  static final int THREADS = 2;

  // Starting threads costs as much as reading a few files.
  private static final int MIN_PARALLEL = 4;

  private ParallelLoading() {}

  /// Calls `action` for each of `items`, in several threads and any order, and throws what the
  /// first failing call threw, after the others have ended.
  static <T> void forEach(List<T> items, Consumer<T> action) {
    if (items.size() < MIN_PARALLEL) {
      items.forEach(action);
      return;
    }
    AtomicInteger next = new AtomicInteger();
    Runnable worker =
        () -> {
          for (int i = next.getAndIncrement(); i < items.size(); i = next.getAndIncrement()) {
            action.accept(items.get(i));
          }
        };
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        running.add(threads.submit(worker));
      }
      await(running, threads, () -> next.set(items.size()));
    }
  }

  private static void await(List<Future<?>> running, ExecutorService threads, Runnable stop) {
    try {
      for (Future<?> one : running) {
        one.get();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
      throw new Cancelled("reading the repository was interrupted");
    } catch (ExecutionException e) {
      stop.run();
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }
}
