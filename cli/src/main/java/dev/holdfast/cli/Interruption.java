package dev.holdfast.cli;

import dev.holdfast.cli.setup.ExitCode;
import dev.holdfast.cli.setup.Failure;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.posix.Posix;
import dev.holdfast.repository.parallel.ThreadEnd;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Turns SIGINT and SIGTERM into an interrupt of the working thread, and waits until it has put
/// things in order: locks removed, temporary files gone. A second signal does not hurry it; the
/// grace period ends it.
final class Interruption {
  private static final Duration GRACE = Duration.ofSeconds(60);

  /// How long saying so may take: the worker may be at it, and keep others from it.
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private final Thread worker;
  private final Console console;
  private final Duration grace;
  private final CountDownLatch finished = new CountDownLatch(1);
  private final AtomicBoolean signalled = new AtomicBoolean();

  private Interruption(Thread worker, Console console, Duration grace) {
    this.worker = worker;
    this.console = console;
    this.grace = grace;
  }

  /// Watches for signals on behalf of the calling thread.
  static Interruption ofThisThread(Console console) {
    return ofThisThread(console, GRACE);
  }

  static Interruption ofThisThread(Console console, Duration grace) {
    Interruption interruption = new Interruption(Thread.currentThread(), console, grace);
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("interruption").unstarted(interruption::stop));
    return interruption;
  }

  /// Ends the process with `status`; an interrupted one ends with 130 whatever came of it.
  ///
  /// Everything is in order by then, and no hook has anything to do. Java's own way out would wait
  /// for 300 ms if a thread is in a call of the system, as the one that watches sockets always is.
  void finish(int status) {
    inOrder();
    if (signalled.get()) {
      return;
    }
    try {
      Posix.exit(status);
    } catch (IllegalStateException e) {
      // The call is looked up in a library; without a free descriptor that fails, like much before.
      Runtime.getRuntime().halt(status);
    }
  }

  /// There is nothing more to wait for.
  void inOrder() {
    finished.countDown();
  }

  private void stop() {
    if (finished.getCount() == 0) {
      return;
    }
    signalled.set(true);
    worker.interrupt();
    boolean orderly = false;
    try {
      orderly = finished.await(grace.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      // Nothing interrupts a shutdown hook; if something did, it wants the end.
    }
    if (!orderly) {
      ThreadEnd.await(Thread.ofPlatform().daemon().start(this::sayThatItIsOver), LAST_WORDS);
    }
    Runtime.getRuntime().halt(orderly ? ExitCode.INTERRUPTED : ExitCode.FAILED);
  }

  private void sayThatItIsOver() {
    new Failure(
            ExitCode.FAILED,
            "interrupted, and ended before everything was in order",
            "the next command clears away what was left")
        .print(console, false);
  }
}
