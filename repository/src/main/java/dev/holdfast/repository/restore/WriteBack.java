package dev.holdfast.repository.restore;

import dev.holdfast.posix.OpenFlag;
import dev.holdfast.posix.Posix;
import dev.holdfast.posix.PosixException;
import dev.holdfast.repository.parallel.ThreadEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/// Has the disk begin with what was written, in a thread of its own: the call waits while the queue
/// of the disk is full, and whoever decodes the next blobs should not. Only an acceleration: what
/// makes files durable is the sync at the end. Thread-safe.
final class WriteBack implements AutoCloseable {
  /// Files that may wait for the disk; more wait for a later call, or for the end.
  static final int MAX_WAITING = 16;

  // Descriptors of our own, as the file may be finished and closed meanwhile.
  private final BlockingQueue<Integer> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private @Nullable Thread thread;

  /// Starts writing what the open file holds, soon, unless too many others wait.
  void start(int fd) throws PosixException {
    if (waiting.remainingCapacity() == 0) {
      return;
    }
    int own = Posix.duplicate(fd);
    if (!waiting.offer(own)) {
      DirectoryHandles.closeQuietly(own);
      return;
    }
    startThread();
  }

  private synchronized void startThread() {
    if (thread == null) {
      thread = Thread.ofPlatform().daemon().name("write-back").start(this::work);
    }
  }

  private void work() {
    try {
      while (true) {
        begin(waiting.take());
      }
    } catch (InterruptedException e) {
      // The restore has ended.
      Thread.currentThread().interrupt();
    }
  }

  private static void begin(int fd) {
    try {
      Posix.syncFileRange(fd, 0, 0, OpenFlag.SYNC_FILE_RANGE_WRITE);
    } catch (PosixException e) {
      // The sync at the end meets the same and reports it.
    } finally {
      DirectoryHandles.closeQuietly(fd);
    }
  }

  /// Ends the thread and forgets who waits. Nothing may be started any more.
  @Override
  public synchronized void close() {
    Thread running = thread;
    if (running != null) {
      running.interrupt();
      ThreadEnd.await(running);
    }
    List<Integer> left = new ArrayList<>();
    waiting.drainTo(left);
    left.forEach(DirectoryHandles::closeQuietly);
  }
}
