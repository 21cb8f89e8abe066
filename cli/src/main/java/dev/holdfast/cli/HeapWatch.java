package dev.holdfast.cli;

import java.time.Duration;

/// Keeps Java's heap small although it may become large. The serial collector lets old objects pile
/// up to the bound of the heap before it looks at them, so that every backup would take what only a
/// folder of half a million entries needs; this has it look when there is more than usual. See
/// decision 27.
final class HeapWatch {
  /// What is in the heap of an ordinary command, garbage included.
  static final long USUAL_BYTES = 192L << 20;

  /// The fastest allocation that there is fills some tens of megabytes meanwhile.
  private static final Duration INTERVAL = Duration.ofMillis(20);

  private HeapWatch() {}

  /// Starts to watch, for as long as the process runs.
  static void start() {
    Thread _ = Thread.ofPlatform().daemon().name("heap-watch").start(HeapWatch::watch);
  }

  private static void watch() {
    long bound = USUAL_BYTES;
    try {
      while (true) {
        Thread.sleep(INTERVAL);
        if (usedBytes() > bound) {
          System.gc();
          bound = boundAfter(usedBytes());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody interrupts it
    }
  }

  /// How full the heap may become again after `aliveBytes` were found to be needed: collecting all
  /// of it costs the more the more is alive, and is to be worth it.
  static long boundAfter(long aliveBytes) {
    return Math.max(USUAL_BYTES, aliveBytes + aliveBytes / 2);
  }

  private static long usedBytes() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
