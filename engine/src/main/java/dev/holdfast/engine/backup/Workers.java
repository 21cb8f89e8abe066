package dev.holdfast.engine.backup;

import dev.holdfast.repository.error.HoldfastException;
import dev.holdfast.repository.parallel.ThreadEnd;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
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

  /// Files that a worker takes at once, as long as there are plenty: for small files the hand-over
  /// would otherwise cost as much as the work.
  private static final int TAKEN_FILES_MAX = 16;

  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

  /// Something to do.
  interface Job {
    void run();

    /// Called instead of [#run] when the job will not be done.
    default void discard() {}
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition jobsQueued = lock.newCondition();
  private final Condition spaceFreed = lock.newCondition();
  private final Condition allDone = lock.newCondition();
  private final Queue<Job> files = new ArrayDeque<>();
  private final Queue<Job> parts = new ArrayDeque<>();
  private final List<Thread> threads = new ArrayList<>();
  private final int queuedPartsMax;
  private int unfinished;
  private int idle;
  private boolean closed;
  private volatile boolean partsWait;
  private volatile @Nullable Throwable failure;

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
    lock.lock();
    try {
      while (files.size() >= QUEUED_FILES_MAX && failure == null) {
        spaceFreed.await();
      }
      if (failure == null) {
        queue(files, file);
        queued = true;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException.Cancelled("interrupted");
    } finally {
      lock.unlock();
      if (!queued) {
        file.discard();
      }
    }
    throwFailure();
  }

  /// Queues a part if a worker will be free for it soon.
  ///
  /// @return false if not: the caller is to do it
  boolean offer(Job part) {
    lock.lock();
    try {
      if (closed || failure != null || parts.size() >= queuedPartsMax) {
        return false;
      }
      queue(parts, part);
      partsWait = true;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void queue(Queue<Job> queue, Job job) {
    queue.add(job);
    unfinished++;
    if (idle > 0) {
      jobsQueued.signal();
    }
  }

  /// Waits until everything queued is done. Nothing is to be submitted meanwhile but by workers.
  void join() {
    lock.lock();
    try {
      while (unfinished > 0 && failure == null) {
        allDone.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException.Cancelled("interrupted");
    } finally {
      lock.unlock();
    }
    throwFailure();
  }

  private void throwFailure() {
    switch (failure) {
      case null -> {}
      case Error error -> throw error;
      case RuntimeException e -> throw e;
      case Throwable other -> throw new IllegalStateException(other);
    }
  }

  private void work() {
    Queue<Job> mine = new ArrayDeque<>();
    int done = 0;
    try {
      while (take(mine, done)) {
        done = mine.size();
        while (!mine.isEmpty()) {
          if (partsWait) {
            helpWithPart();
          }
          mine.remove().run();
        }
      }
    } catch (RuntimeException | Error e) {
      fail(e);
    } finally {
      mine.forEach(Job::discard);
    }
  }

  /// Does a part that waits, if there is one.
  boolean helpWithPart() {
    Job part;
    lock.lock();
    try {
      part = parts.poll();
      partsWait = !parts.isEmpty();
    } finally {
      lock.unlock();
    }
    if (part == null) {
      return false;
    }
    part.run();
    finished(1);
    return true;
  }

  /// Takes jobs, after those taken before are done, waiting for some.
  ///
  /// @return false if there will be none any more
  private boolean take(Queue<Job> taken, int done) {
    finished(done);
    lock.lock();
    try {
      while (!closed && failure == null) {
        if (!parts.isEmpty()) {
          taken.add(parts.remove());
          partsWait = !parts.isEmpty();
          return true;
        }
        if (!files.isEmpty()) {
          takeFiles(taken);
          return true;
        }
        idle++;
        try {
          jobsQueued.await();
        } finally {
          idle--;
        }
      }
    } catch (InterruptedException e) {
      // Only the end of everything interrupts a worker that waits.
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    return false;
  }

  /// Takes a share of what is queued, so that the last files are spread evenly.
  private void takeFiles(Queue<Job> taken) {
    int share = Math.clamp(files.size() / (2 * threads.size() + 1), 1, TAKEN_FILES_MAX);
    for (int i = 0; i < share; i++) {
      taken.add(files.remove());
    }
    if (files.size() <= QUEUED_FILES_MAX / 2) {
      // Not before, as waking the walk for every single file costs more than the file.
      spaceFreed.signalAll();
    }
  }

  private void finished(int count) {
    lock.lock();
    try {
      unfinished -= count;
      if (unfinished == 0) {
        allDone.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void fail(Throwable e) {
    lock.lock();
    try {
      if (failure == null) {
        failure = e;
      }
      spaceFreed.signalAll();
      allDone.signalAll();
    } finally {
      lock.unlock();
    }
    threads.forEach(Thread::interrupt);
  }

  /// Stops the threads and discards what is queued. What a worker does at this moment is
  /// interrupted and waited for, unless the file system does not let go of it.
  @Override
  public void close() {
    List<Job> discarded = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      discarded.addAll(files);
      discarded.addAll(parts);
      files.clear();
      parts.clear();
    } finally {
      lock.unlock();
    }
    discarded.forEach(Job::discard);
    threads.forEach(Thread::interrupt);
    threads.forEach(thread -> ThreadEnd.await(thread, CLOSE_PATIENCE));
  }
}
