package dev.holdfast.repository.parallel;

import dev.holdfast.repository.error.HoldfastException.Cancelled;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// Does something with many small files of a repository, a few at a time.
public final class ParallelLoading {
  /// Threads, each with one file in memory: decrypting and parsing keeps two cores busy.
  static final int THREADS = 2;

  /// More hardly shorten the wait for a store that is far away.
  static final int MAX_THREADS = 16;

  // Starting threads costs as much as reading a few files.
  private static final int MIN_PARALLEL = 4;

  private ParallelLoading() {}

  /// Calls `action` for each of `items`, in several threads and any order, and throws what the
  /// first failing call threw, after the others have ended.
  ///
  /// @param connections how many files the store delivers at once
  public static <T> void forEach(List<T> items, int connections, Consumer<T> action) {
    AtomicInteger next = new AtomicInteger();
    Workers.run(
        connections <= THREADS && items.size() < MIN_PARALLEL
            ? 1
            : Math.clamp(items.size(), 1, Math.clamp(connections, THREADS, MAX_THREADS)),
        () -> {
          for (int i = next.getAndIncrement(); i < items.size(); i = next.getAndIncrement()) {
            if (Thread.interrupted()) {
              throw new Cancelled("reading the repository was interrupted");
            }
            action.accept(items.get(i));
          }
        });
  }
}
