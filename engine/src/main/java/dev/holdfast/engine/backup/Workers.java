package dev.holdfast.engine.backup;

import dev.holdfast.repository.error.HoldfastException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// A few threads that read, cut, hash, compress and encrypt. There are two kinds of jobs: *files*,
/// which the walking thread submits and waits for when too many are queued; and *parts* of a big
/// file, which the worker that reads it offers to the others and does itself when they are busy. A
/// worker therefore never waits for another, and one huge file keeps all of them busy.
///
/// The first failure ends everything: queued jobs are discarded, running ones interrupted, and
/// [#submit] and [#join] throw it. Thread-safe.
final class Workers implements AutoCloseable {
  /// Files that may wait: enough to hide the time a directory takes to be listed. Each holds its
  /// directory open.
  static final int QUEUED_FILES_MAX = 256;

  private static final long CLOSE_PATIENCE_MILLIS = 5_000;

  /// Something to do.
  interface Job {
    void run();

    /// Called instead of [#run] when the job will not be done.
    default void discard() {}
  }

  private final Queue<Job> files = new ArrayDeque<>();
  private final Queue<Job> parts = new ArrayDeque<>();
  private final List<Thread> threads = new ArrayList<>();
  private final int queuedPartsMax;
  private int unfinished;
  private boolean closed;
  private @Nullable Throwable failure;

  Workers(int threadCount) {
    // As many parts waiting as in work: a worker that is done finds the next one at once.
    queuedPartsMax = threadCount;
    for (int i = 0; i < threadCount; i++) {
      threads.add(Thread.ofPlatform().name("backup-" + i).daemon().start(this::work));
    }
  }

  /// Queues a file, waiting while [#QUEUED_FILES_MAX] are queued. On failure the job is discarded.
  ///
  /// @throws HoldfastException.Cancelled if this thread is interrupted
  void submit(Job file) {
    boolean queued = false;
    try {
      synchronized (this) {
        while (files.size() >= QUEUED_FILES_MAX && failure == null) {
          wait();
        }
        if (failure == null) {
          files.add(file);
          unfinished++;
          queued = true;
          notifyAll();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException.Cancelled("interrupted");
    } finally {
      if (!queued) {
        file.discard();
      }
    }
    throwFailure();
  }

  /// Queues a part if a worker will be free for it soon.
  ///
  /// @return false if not: the caller is to do it
  synchronized boolean offer(Job part) {
    if (closed || failure != null || parts.size() >= queuedPartsMax) {
      return false;
    }
    parts.add(part);
    unfinished++;
    notifyAll();
    return true;
  }

  /// Waits until everything queued is done. Nothing is to be submitted meanwhile but by workers.
  void join() {
    try {
      synchronized (this) {
        while (unfinished > 0 && failure == null) {
          wait();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException.Cancelled("interrupted");
    }
    throwFailure();
  }

  private synchronized void throwFailure() {
    switch (failure) {
      case null -> {}
      case Error error -> throw error;
      case RuntimeException e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }

  private void work() {
    while (true) {
      Job job = next();
      if (job == null) {
        return;
      }
      try {
        job.run();
      } catch (RuntimeException | Error e) {
        fail(e);
      } finally {
        finished();
      }
    }
  }

  private synchronized @Nullable Job next() {
    while (!closed && failure == null) {
      Job job = parts.isEmpty() ? files.poll() : parts.poll();
      if (job != null) {
        notifyAll();
        return job;
      }
      try {
        wait();
      } catch (InterruptedException e) {
        // Only closing interrupts a worker that waits.
        return null;
      }
    }
    return null;
  }

  private synchronized void finished() {
    unfinished--;
    if (unfinished == 0) {
      notifyAll();
    }
  }

  private void fail(Throwable e) {
    synchronized (this) {
      if (failure == null) {
        failure = e;
      }
      notifyAll();
    }
    threads.forEach(Thread::interrupt);
  }

  /// Stops the threads and discards what is queued. What a worker does at this moment is
  /// interrupted and waited for, unless the file system does not let go of it.
  @Override
  public void close() {
    List<Job> discarded = new ArrayList<>();
    synchronized (this) {
      closed = true;
      discarded.addAll(files);
      discarded.addAll(parts);
      files.clear();
      parts.clear();
      notifyAll();
    }
    discarded.forEach(Job::discard);
    boolean interrupted = Thread.interrupted();
    for (Thread thread : threads) {
      thread.interrupt();
    }
    try {
      for (Thread thread : threads) {
        thread.join(CLOSE_PATIENCE_MILLIS);
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
