package dev.holdfast.repository.write;

import dev.holdfast.repository.crypto.Sealer;
import dev.holdfast.repository.error.HoldfastException.Cancelled;
import dev.holdfast.repository.format.BlobType;
import dev.holdfast.repository.pack.FinishedPack;
import dev.holdfast.repository.pack.PackBuilder;
import dev.holdfast.repository.pack.PackReader;
import dev.holdfast.repository.store.ObjectStore;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Finishes packs and puts them into the store in the background, a bounded number at a time, and
/// remembers the first failure for whoever asks next. Thread-safe.
final class PackPublisher {
  private final ObjectStore store;
  private final Supplier<Sealer> sealers;
  private final IndexWriter index;
  private final WriterOptions options;
  private final Semaphore publishes;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final Deque<ByteBuffer> freeMemory = new ArrayDeque<>();

  PackPublisher(
      ObjectStore store, Supplier<Sealer> sealers, IndexWriter index, WriterOptions options) {
    this.store = store;
    this.sealers = sealers;
    this.index = index;
    this.options = options;
    this.publishes = new Semaphore(options.concurrentPublishes());
  }

  /// An empty pack, in the memory of one that was published if there is any.
  PackBuilder newPack() {
    ByteBuffer memory;
    synchronized (freeMemory) {
      memory = freeMemory.pollLast();
    }
    return memory == null
        ? new PackBuilder(options.packSizeBytes())
        : new PackBuilder(options.packSizeBytes(), memory);
  }

  /// Publishes a pack in the background; waits while as many as allowed are on their way.
  void publish(PackBuilder pack) {
    acquire(1);
    boolean started = false;
    try {
      throwIfFailed();
      threads.execute(() -> run(pack));
      started = true;
    } finally {
      if (!started) {
        publishes.release();
      }
    }
  }

  /// Waits until nothing is on its way.
  void await() {
    acquire(options.concurrentPublishes());
    publishes.release(options.concurrentPublishes());
    throwIfFailed();
  }

  /// Notes a failure, unless there was one before, after which nothing more is written.
  void fail(Throwable cause) {
    failure.compareAndSet(null, cause);
  }

  /// Throws the first failure again, if there was one.
  void throwIfFailed() {
    switch (failure.get()) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }

  /// Interrupts what is on its way and waits until it has ended.
  void stop() {
    fail(new Cancelled("writing to the repository was stopped"));
    threads.shutdownNow();
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = threads.awaitTermination(1, TimeUnit.DAYS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(PackBuilder pack) {
    try {
      if (failure.get() == null) {
        put(pack);
      }
    } catch (Throwable e) {
      fail(e);
    } finally {
      publishes.release();
    }
  }

  private void put(PackBuilder pack) {
    FinishedPack finished;
    try (Sealer sealer = sealers.get()) {
      finished = pack.finish(sealer);
    }
    options.gate().checkUnseen();
    if (finished.blobs().getFirst().handle().type() == BlobType.TREE) {
      store.putAndKeep(PackReader.key(finished.id()), finished.content());
    } else {
      store.put(PackReader.key(finished.id()), finished.content());
    }
    index.published(finished);
    if (finished.memory().capacity() <= options.packSizeBytes()) {
      synchronized (freeMemory) {
        freeMemory.addLast(finished.memory());
      }
    }
  }

  private void acquire(int permits) {
    try {
      publishes.acquire(permits);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      Cancelled cancelled = new Cancelled("writing to the repository was interrupted");
      fail(cancelled);
      throw cancelled;
    }
  }
}
